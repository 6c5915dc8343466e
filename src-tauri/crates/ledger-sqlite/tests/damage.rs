//! A ledger that is damaged, missing or older than it was, on real files.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod common;

use chrono::TimeDelta;
use common::with_tabs;
use holdfast_ledger::LedgerError;
use holdfast_ledger::prelude::*;
use holdfast_ledger_conformance::sample::{note, now, tab};
use holdfast_ledger_sqlite::SqliteLedger;
use std::path::Path;

async fn names(ledger: &SqliteLedger) -> Vec<String> {
    let mut names: Vec<_> = ledger.tabs(true, 100_000).await.unwrap();
    names.sort_by_key(|tab| tab.id);
    names.into_iter().map(|tab| tab.name).collect()
}

fn set_aside(folder: &Path, prefix: &str) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    entries
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with(prefix))
        .collect()
}

#[tokio::test]
async fn a_damaged_ledger_is_set_aside_whole_and_the_backup_that_knows_most_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = with_tabs(folder.path(), &["one"]).await;
    // The clock was a year ahead when this one was taken.
    ledger.back_up(now() + TimeDelta::days(365), None).await.unwrap();
    ledger.add_tab(&tab("two"), note("two")).await.unwrap();
    let best = ledger.back_up(now(), None).await.unwrap().backup;
    ledger.add_tab(&tab("three"), note("three")).await.unwrap();
    drop(ledger);
    let path = folder.path().join("ledger.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let half = bytes.len() / 2;
    bytes.truncate(half);
    std::fs::write(&path, &bytes).unwrap();

    assert!(matches!(
        SqliteLedger::open(folder.path()),
        Err(LedgerError::Damaged(_))
    ));
    assert_eq!(std::fs::read(&path).unwrap(), bytes, "refused untouched");

    let opened = SqliteLedger::open_or_restore(folder.path(), now()).unwrap();
    let restored = opened.restored.unwrap();
    assert_eq!(restored.backup.as_deref(), Some(best.name.as_str()));
    assert_eq!(names(&opened.ledger).await, ["one", "two"]);
    let aside = set_aside(folder.path(), "damaged-");
    assert_eq!(std::fs::read(aside[0].join("ledger.db")).unwrap(), bytes);
    drop(opened.ledger);

    let again = SqliteLedger::open_or_restore(folder.path(), now()).unwrap();
    assert_eq!(again.restored, None, "it happened once");
    assert_eq!(
        again.ledger.restored().await.unwrap(),
        Some(restored),
        "and stays known"
    );
}

#[tokio::test]
async fn without_a_good_backup_nothing_is_begun_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    drop(with_tabs(folder.path(), &["one"]).await);
    let path = folder.path().join("ledger.db");
    for bytes in [Vec::new(), b"garbage".repeat(2_000)] {
        std::fs::write(&path, &bytes).unwrap();
        let refused = SqliteLedger::open_or_restore(folder.path(), now());
        assert!(matches!(refused, Err(LedgerError::Damaged(_))));
        assert_eq!(std::fs::read(&path).unwrap(), bytes);
    }
    std::fs::remove_file(&path).unwrap();
    let refused = SqliteLedger::open_or_restore(folder.path(), now());
    assert!(
        matches!(refused, Err(LedgerError::Damaged(_))),
        "a lost file is no beginning"
    );
    assert!(set_aside(folder.path(), "damaged-").is_empty());
}

#[tokio::test]
async fn an_older_file_in_the_ledgers_place_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    drop(with_tabs(folder.path(), &["one"]).await);
    let older = std::fs::read(&path).unwrap();
    drop(with_tabs(folder.path(), &["two"]).await);
    std::fs::write(&path, &older).unwrap();
    let opened = SqliteLedger::open_or_restore(folder.path(), now()).unwrap();
    let restored = opened.restored.unwrap();
    assert_eq!((restored.backup, restored.set_aside), (None, None));
    assert_eq!(names(&opened.ledger).await, ["one"]);
    drop(opened.ledger);

    // With a backup that knows more, that one takes its place.
    let ledger = with_tabs(folder.path(), &["three"]).await;
    ledger.back_up(now(), None).await.unwrap();
    drop(ledger);
    std::fs::write(&path, &older).unwrap();
    let opened = SqliteLedger::open_or_restore(folder.path(), now()).unwrap();
    assert!(opened.restored.unwrap().backup.is_some());
    assert_eq!(names(&opened.ledger).await, ["one", "three"]);
}

#[tokio::test]
async fn a_person_may_put_an_older_backup_back() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = with_tabs(folder.path(), &["one"]).await;
    let old = ledger.back_up(now(), None).await.unwrap().backup;
    ledger.add_tab(&tab("two"), note("two")).await.unwrap();
    ledger.back_up(now() + TimeDelta::days(1), None).await.unwrap();
    assert_eq!(
        ledger.newer_than("ledger-x.db").await.unwrap_err().to_string(),
        LedgerError::NotFound.to_string()
    );
    let newer = ledger.newer_than(&old.name).await.unwrap();
    assert_eq!((newer.tabs, newer.operations, newer.lines), (1, 0, 0));
    assert!(matches!(
        SqliteLedger::restore(folder.path(), &old.name, now()),
        Err(LedgerError::InUse)
    ));
    drop(ledger);
    // The backup taken first must not push out the one that is put back, of the same day.
    SqliteLedger::restore(folder.path(), &old.name, now() + TimeDelta::minutes(1)).unwrap();
    let opened = SqliteLedger::open_or_restore(folder.path(), now()).unwrap();
    assert_eq!(opened.restored, None, "the older file is what was wanted");
    assert_eq!(names(&opened.ledger).await, ["one"]);
    assert!(opened.ledger.restored().await.unwrap().is_some());
    assert_eq!(set_aside(folder.path(), "replaced-").len(), 1);
    assert_eq!(opened.ledger.backups().await.unwrap().len(), 2);
}

#[tokio::test]
async fn what_was_done_after_a_restore_counts_more_than_what_was_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = with_tabs(folder.path(), &["one"]).await;
    let old = ledger.back_up(now(), None).await.unwrap().backup;
    for name in ["two", "three", "four"] {
        ledger.add_tab(&tab(name), note(name)).await.unwrap();
    }
    drop(ledger);
    let tomorrow = now() + TimeDelta::days(1);
    SqliteLedger::restore(folder.path(), &old.name, tomorrow).unwrap();
    let ledger = with_tabs(folder.path(), &[]).await;
    let mut later = note("five");
    later.at = tomorrow + TimeDelta::hours(1);
    ledger.add_tab(&tab("five"), later).await.unwrap();
    ledger.back_up(tomorrow + TimeDelta::days(1), None).await.unwrap();
    drop(ledger);
    std::fs::write(folder.path().join("ledger.db"), b"").unwrap();
    let opened = SqliteLedger::open_or_restore(folder.path(), tomorrow).unwrap();
    assert_eq!(names(&opened.ledger).await, ["one", "five"]);
}
