//! Movements and night reports in the file: what is written stays, and what came before keeps its seals.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use holdfast_domain::IntentStatus;
use holdfast_ledger::LedgerError;
use holdfast_ledger::prelude::*;
use holdfast_ledger_conformance::refunds::refunded;
use holdfast_ledger_conformance::sample::{note, opened, read, report, seen};
use holdfast_ledger_sqlite::SqliteLedger;

#[tokio::test]
async fn neither_can_be_changed_and_a_changed_byte_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    let (_, hold) = opened(&ledger, "Amira").await;
    read(&ledger, hold.id, seen(IntentStatus::Captured, &[4_000])).await;
    ledger.add_report(&report(1, 1, 3), note("made")).await.unwrap();
    drop(ledger);
    let c = rusqlite::Connection::open(folder.path().join("ledger.db")).unwrap();
    for sql in [
        "UPDATE movement SET amount = 1",
        "DELETE FROM movement",
        "UPDATE report SET last = 1",
        "UPDATE report SET seal = zeroblob(32)",
        "DELETE FROM report",
        "INSERT INTO movement SELECT 9, hold, currency, kind, paid, amount, service, tip, said, at, body, \
         seal FROM movement LIMIT 1",
    ] {
        assert!(c.execute(sql, []).is_err(), "{sql}");
    }
    forge(
        &c,
        "movement_no_update",
        "UPDATE movement SET amount = 1 WHERE seq = 3",
    );
    drop(c);
    let opened = SqliteLedger::open(folder.path());
    assert!(matches!(opened, Err(LedgerError::Damaged(_))), "{opened:?}");
}

/// With the guard put back, so that only the seal can tell.
fn forge(c: &rusqlite::Connection, guard: &str, sql: &str) {
    let text: String = c
        .query_row("SELECT sql FROM sqlite_schema WHERE name = ?1", [guard], |r| {
            r.get(0)
        })
        .unwrap();
    c.execute_batch(&format!("DROP TRIGGER {guard}; {sql}; {text};"))
        .unwrap();
}

#[tokio::test]
async fn what_is_said_of_a_refund_can_t_be_forged() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    refunded(&ledger).await;
    drop(ledger);
    let c = rusqlite::Connection::open(folder.path().join("ledger.db")).unwrap();
    forge(
        &c,
        "movement_no_update",
        "UPDATE movement SET said = amount WHERE kind = 3",
    );
    drop(c);
    let opened = SqliteLedger::open(folder.path());
    assert!(matches!(opened, Err(LedgerError::Damaged(_))), "{opened:?}");
}
