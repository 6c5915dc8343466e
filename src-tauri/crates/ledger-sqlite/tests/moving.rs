//! Reading a whole ledger out of its file, and making a file of another one's rows.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod common;

use async_trait::async_trait;
use common::with_tabs;
use holdfast_ledger::LedgerError;
use holdfast_ledger::moving::{Moved, MovedRows, Source, TABLES, move_ledger};
use holdfast_ledger::prelude::*;
use holdfast_ledger_conformance::sample::{close_tab, note, now, tab};
use holdfast_ledger_sqlite::{NewFile, NotReadable, SqliteLedger, WholeFile};
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::path::Path;

async fn moved(from: &Path, to: &Path) -> Result<Moved, LedgerError> {
    let source = WholeFile::open(from).unwrap();
    move_ledger(Box::new(source), Box::new(NewFile::begin(to)?)).await
}

/// All files of a folder in which anything is, without the index of a log, which is made whenever it's read.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    let read = entries.filter(|entry| entry.path().is_file()).map(|entry| {
        let name = entry.file_name().into_string().unwrap();
        (name, std::fs::read(entry.path()).unwrap())
    });
    read.filter(|(name, bytes)| !name.ends_with("-shm") && !bytes.is_empty())
        .collect()
}

/// Every row of a ledger, as it is moved.
async fn rows(folder: &Path) -> Vec<MovedRows> {
    let mut source = WholeFile::open(folder).unwrap();
    let mut all = Vec::new();
    while let Some(rows) = source.next().await.unwrap() {
        all.push(rows);
    }
    all
}

#[tokio::test]
async fn a_file_of_a_files_rows_has_the_same_rows_and_stays_sound() {
    let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let to = to.path().join("not/there/yet");
    let ledger = with_tabs(from.path(), &["Amira", "Brandt", "Chen"]).await;
    let (kept, gone) = (tab("Dee"), tab("Eve"));
    for tab in [&kept, &gone] {
        ledger.add_tab(tab, note("opened")).await.unwrap();
    }
    close_tab(&ledger, gone.id, now()).await;
    ledger.forget(vec![gone.id], note("forgotten")).await.unwrap();
    ledger.set_beside("as it protects").await.unwrap();
    drop(ledger);
    let before = files(from.path());

    let count = moved(from.path(), &to).await.unwrap();
    assert_eq!((count.tabs, count.reports), (5, 0));
    assert_eq!(files(from.path()), before, "the file stays as it is");
    assert_eq!(rows(&to).await, rows(from.path()).await);

    let opened = SqliteLedger::open_or_restore(&to, now()).unwrap();
    assert_eq!(opened.restored, None, "it’s an ordinary ledger");
    let ledger = opened.ledger;
    assert_eq!(ledger.tab(kept.id).await.unwrap().name, "Dee");
    assert!(ledger.tab(gone.id).await.unwrap().is_forgotten);
    assert_eq!(ledger.beside().await.unwrap().as_deref(), Some("as it protects"));
    let entries = ledger.verify_journal().await.unwrap();
    assert_eq!(usize::try_from(entries).unwrap(), count.entries);
    let listed = std::fs::read_to_string(to.join("forgotten")).unwrap();
    assert_eq!(
        listed.trim(),
        gone.id.to_string(),
        "no older backup brings them back"
    );
}

/// Whoever was forgotten is known by their keys and by the list alone: a list of before would name others.
#[tokio::test]
async fn a_file_that_was_moved_twice_is_opened_as_quickly_as_any() {
    let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let ledger = with_tabs(from.path(), &[]).await;
    let gone = tab("Eve");
    ledger.add_tab(&gone, note("opened")).await.unwrap();
    close_tab(&ledger, gone.id, now()).await;
    ledger.forget(vec![gone.id], note("forgotten")).await.unwrap();
    drop(ledger);
    moved(from.path(), to.path()).await.unwrap();
    drop(SqliteLedger::open(to.path()).unwrap());
    let staged = SqliteLedger::open_staged(to.path(), now()).unwrap();
    assert!(staged.check_gate.is_some(), "nothing has to be put right first");
}

#[tokio::test]
async fn a_ledger_that_is_open_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let _open = with_tabs(folder.path(), &["Amira"]).await;
    let refused = WholeFile::open(folder.path());
    assert!(
        matches!(refused, Err(NotReadable::Refused(LedgerError::InUse))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_folder_without_a_ledger_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("live");
    let refused = WholeFile::open(&nowhere);
    assert!(matches!(refused, Err(NotReadable::Missing)), "{refused:?}");
    assert!(!nowhere.exists());
}

/// Which opening would have to put right first.
#[tokio::test]
async fn a_ledger_that_a_person_has_to_open_first_is_not_read_and_stays_as_it_is() {
    for (name, harm) in [
        ("an older format", as_format_10 as fn(&Path)),
        ("an older file", older),
        ("a guest who is listed as forgotten", listed_as_forgotten),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let ledger = with_tabs(folder.path(), &["Amira"]).await;
        ledger.back_up(now(), None).await.unwrap();
        ledger.add_tab(&tab("Brandt"), note("opened")).await.unwrap();
        drop(ledger);
        harm(folder.path());
        let before = files(folder.path());
        let refused = WholeFile::open(folder.path());
        assert!(
            matches!(refused, Err(NotReadable::OpenFirst(_))),
            "{name}: {refused:?}"
        );
        assert_eq!(files(folder.path()), before, "{name}");
    }
}

fn as_format_10(folder: &Path) {
    std::fs::remove_file(folder.join("ledger.mark")).unwrap();
    let path = folder.join("ledger.db");
    std::fs::remove_file(&path).unwrap();
    let c = Connection::open(&path).unwrap();
    c.execute_batch("PRAGMA journal_mode = WAL").unwrap();
    for sql in [
        include_str!("../src/migrations/0010_tables.sql"),
        include_str!("../src/migrations/0010_guards.sql"),
        "PRAGMA application_id = 0x486F6C64; PRAGMA user_version = 10",
    ] {
        c.execute_batch(sql).unwrap();
    }
}

fn older(folder: &Path) {
    let backups: Vec<_> = std::fs::read_dir(folder.join("backups")).unwrap().collect();
    let backup = backups[0].as_ref().unwrap().path();
    std::fs::copy(backup, folder.join("ledger.db")).unwrap();
}

fn listed_as_forgotten(folder: &Path) {
    std::fs::write(folder.join("forgotten"), format!("{}\n", tab("any").id)).unwrap();
}

#[tokio::test]
async fn a_damaged_ledger_is_not_read_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    drop(with_tabs(folder.path(), &["Amira"]).await);
    let c = Connection::open(folder.path().join("ledger.db")).unwrap();
    c.execute_batch("UPDATE tab SET opened_at = opened_at + 1")
        .unwrap();
    drop(c);
    let before = files(folder.path());
    let refused = WholeFile::open(folder.path());
    assert!(
        matches!(refused, Err(NotReadable::Refused(LedgerError::Damaged(_)))),
        "{refused:?}"
    );
    assert_eq!(files(folder.path()), before);
}

/// Of a file's rows only those of the first tables.
struct Cut(WholeFile, usize);

#[async_trait]
impl Source for Cut {
    async fn next(&mut self) -> Result<Option<MovedRows>, LedgerError> {
        let next = self.0.next().await?;
        match next {
            Some(rows) if !TABLES[..self.1].contains(&rows.table) => Err(LedgerError::Unreachable),
            next => Ok(next),
        }
    }

    async fn beside(&mut self) -> Result<Option<String>, LedgerError> {
        self.0.beside().await
    }
}

#[tokio::test]
async fn what_is_not_moved_to_its_end_leaves_no_ledger() {
    let from = tempfile::tempdir().unwrap();
    drop(with_tabs(from.path(), &["Amira"]).await);
    for tables in 0..TABLES.len() {
        let to = tempfile::tempdir().unwrap();
        let source = Cut(WholeFile::open(from.path()).unwrap(), tables);
        let done = move_ledger(Box::new(source), Box::new(NewFile::begin(to.path()).unwrap())).await;
        let names: Vec<String> = files(to.path()).into_keys().collect();
        match done {
            // Tables without rows at the end.
            Ok(_) => assert!(names.contains(&"ledger.db".to_owned()), "{tables}"),
            Err(error) => {
                assert!(matches!(error, LedgerError::Unreachable), "{error:?}");
                assert!(names.is_empty(), "{tables}: {names:?}");
                // So it can be tried again in the same folder.
                moved(from.path(), to.path()).await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn rows_that_do_not_hold_make_no_ledger() {
    struct Changed(WholeFile);
    #[async_trait]
    impl Source for Changed {
        async fn next(&mut self) -> Result<Option<MovedRows>, LedgerError> {
            let mut next = self.0.next().await?;
            if let Some(rows) = next.as_mut().filter(|rows| rows.table.name == "journal") {
                rows.rows.swap(0, 1);
                let (one, other) = rows.rows.split_at_mut(1);
                std::mem::swap(&mut one[0][0], &mut other[0][0]);
            }
            Ok(next)
        }
        async fn beside(&mut self) -> Result<Option<String>, LedgerError> {
            Ok(None)
        }
    }
    let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    drop(with_tabs(from.path(), &["Amira", "Brandt"]).await);
    let source = Changed(WholeFile::open(from.path()).unwrap());
    let refused = move_ledger(Box::new(source), Box::new(NewFile::begin(to.path()).unwrap())).await;
    assert!(matches!(refused, Err(LedgerError::Damaged(_))), "{refused:?}");
    assert!(!to.path().join("ledger.db").exists());
}

#[tokio::test]
async fn a_folder_that_has_or_had_a_ledger_takes_none() {
    let folder = tempfile::tempdir().unwrap();
    drop(with_tabs(folder.path(), &["Amira"]).await);
    let before = files(folder.path());
    let refused = NewFile::begin(folder.path());
    assert!(matches!(refused, Err(LedgerError::Known)), "{refused:?}");
    assert_eq!(files(folder.path()), before);
    std::fs::remove_file(folder.path().join("ledger.db")).unwrap();
    let refused = NewFile::begin(folder.path());
    assert!(
        matches!(refused, Err(LedgerError::Known)),
        "it was lost: {refused:?}"
    );
}

/// Tills have gone on since it was made: it comes back as a backup does.
#[tokio::test]
async fn a_file_that_is_a_copy_is_put_back_as_a_backup_by_its_path() {
    let (from, copy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    drop(with_tabs(from.path(), &["Amira"]).await);
    moved(from.path(), copy.path()).await.unwrap();
    let ledger = SqliteLedger::open(from.path()).unwrap();
    ledger.add_tab(&tab("Brandt"), note("opened")).await.unwrap();
    drop(ledger);
    let path = copy.path().join("ledger.db");
    let restored = SqliteLedger::restore(from.path(), path.to_str().unwrap(), now()).unwrap();
    let ledger = SqliteLedger::open(from.path()).unwrap();
    assert_eq!(ledger.tabs(true, 10).await.unwrap().len(), 1);
    assert_eq!(
        ledger.restored().await.unwrap(),
        Some(restored),
        "Dojo is asked about all of it"
    );
}
