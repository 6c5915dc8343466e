//! A ledger's home: who opens it or restores a backup waits a moment for one that is just being closed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod common;

use common::with_tabs;
use holdfast_ledger::LedgerError;
use holdfast_ledger::prelude::*;
use holdfast_ledger_conformance::sample::now;
use holdfast_ledger_sqlite::{LedgerHome, Opening, SqliteLedger};
use std::time::Duration;

/// Closes it a while after it was called.
fn close_soon(ledger: SqliteLedger) {
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(300)).await;
        drop(ledger);
    });
}

#[tokio::test]
async fn a_ledger_that_is_being_closed_is_opened_a_moment_later() {
    let folder = tempfile::tempdir().unwrap();
    let home = LedgerHome::at(folder.path());
    close_soon(with_tabs(folder.path(), &["one"]).await);
    let opened = home.open(Opening::Staged, now()).await.unwrap();
    assert_eq!(opened.ledger.open_accounts(10).await.unwrap().len(), 1);
    close_soon(opened.ledger);
    let opened = home.open(Opening::Whole, now()).await.unwrap();
    assert!(opened.check_gate.is_none());
    assert_eq!(opened.ledger.open_accounts(10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn one_that_stays_open_is_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let home = LedgerHome::at(folder.path());
    let _open = with_tabs(folder.path(), &["one"]).await;
    let second = home.open(Opening::Staged, now()).await;
    assert!(matches!(second, Err(LedgerError::InUse)), "{second:?}");
}

#[tokio::test]
async fn a_backup_is_put_back_once_the_ledger_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    let home = LedgerHome::at(folder.path());
    let ledger = with_tabs(folder.path(), &["one"]).await;
    let backup = ledger.back_up(now(), None).await.unwrap().backup;
    drop(ledger);
    close_soon(with_tabs(folder.path(), &["two"]).await);
    let restored = home.restore(&backup.name, now()).await.unwrap();
    assert_eq!(restored.backup.as_ref(), Some(&backup.name));
    let names: Vec<String> = home
        .backups()
        .await
        .unwrap()
        .into_iter()
        .map(|b| b.name)
        .collect();
    assert!(names.contains(&backup.name), "{names:?}");
    let opened = home.open(Opening::AsItIs, now()).await.unwrap();
    assert_eq!(opened.ledger.tabs(true, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_damaged_ledger_is_left_as_it_is_where_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let home = LedgerHome::at(folder.path());
    let ledger = with_tabs(folder.path(), &["one"]).await;
    ledger.back_up(now(), None).await.unwrap();
    drop(ledger);
    let path = folder.path().join("ledger.db");
    std::fs::write(&path, b"garbage").unwrap();
    let refused = home.open(Opening::AsItIs, now()).await;
    assert!(matches!(refused, Err(LedgerError::Damaged(_))), "{refused:?}");
    assert_eq!(std::fs::read(&path).unwrap(), b"garbage");
    assert!(home.open(Opening::Whole, now()).await.unwrap().restored.is_some());
}
