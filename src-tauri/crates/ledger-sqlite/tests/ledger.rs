//! The ledger's files: whose they are, and that nobody changes them unnoticed.

use holdfast_domain::Tab;
use holdfast_ledger::LedgerError;
use holdfast_ledger::prelude::*;
use holdfast_ledger_conformance::sample::authorised;
use holdfast_ledger_sqlite::SqliteLedger;

#[tokio::test]
async fn a_second_holdfast_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let _first = SqliteLedger::open(folder.path()).unwrap();
    assert!(matches!(
        SqliteLedger::open(folder.path()),
        Err(LedgerError::InUse)
    ));
}

#[tokio::test]
async fn files_that_are_not_ours_or_newer_are_refused_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    std::fs::write(
        &path,
        b"this was a shopping list, not a database, and it stays one",
    )
    .unwrap();
    assert!(matches!(
        SqliteLedger::open(folder.path()),
        Err(LedgerError::Damaged(_))
    ));
    assert!(std::fs::read(&path).unwrap().starts_with(b"this was"));

    let newer = tempfile::tempdir().unwrap();
    drop(SqliteLedger::open(newer.path()).unwrap());
    // The ledger's thread lets the file go a moment after its handle is dropped.
    let c = rusqlite::Connection::open(newer.path().join("ledger.db")).unwrap();
    c.pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(
        SqliteLedger::open(newer.path()),
        Err(LedgerError::Newer { found: 99, .. })
    ));
}

#[tokio::test]
async fn the_journal_can_be_neither_changed_nor_forged_unnoticed() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    authorised(&ledger).await;
    let c = rusqlite::Connection::open(folder.path().join("ledger.db")).unwrap();
    assert!(c.execute("UPDATE journal SET body = '{}'", []).is_err());
    assert!(c.execute("DELETE FROM journal", []).is_err());
    c.execute_batch(
        "DROP TRIGGER journal_no_update;
         UPDATE journal SET body = json_set(body, '$.amount', 1) WHERE seq = 2",
    )
    .unwrap();
    assert!(matches!(
        ledger.verify_journal().await,
        Err(LedgerError::Damaged(_))
    ));
}

#[test]
fn a_deposit_of_a_ledger_that_knew_no_arrival_is_read_and_written_as_it_was() {
    let written = concat!(
        r#"{"id":"0190b2a0-0000-7000-8000-000000000001","kind":"deposit","name":"Room 7","place":null,"#,
        r#""note":null,"email":null,"currency":"GBP","reference":"HF-ABCDEF","departs_on":"2026-11-27","#,
        r#""opened_at":"2026-11-24T12:00:00Z","opened_by":"Sam","closed_at":null}"#
    );
    let tab: Tab = serde_json::from_str(written).unwrap();
    assert_eq!((tab.arrives_on, tab.name.as_str()), (None, "Room 7"));
    assert_eq!(serde_json::to_string(&tab).unwrap(), written);
}
