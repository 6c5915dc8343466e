//! The ledger's files: whose they are, and that nobody changes them unnoticed.

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
    assert!(c.execute("UPDATE journal SET body = x'a0'", []).is_err());
    assert!(c.execute("DELETE FROM journal", []).is_err());
    c.execute_batch(
        "DROP TRIGGER journal_no_update;
         UPDATE journal SET personal = NULL WHERE seq = 2",
    )
    .unwrap();
    assert!(matches!(
        ledger.verify_journal().await,
        Err(LedgerError::Damaged(_))
    ));
}
