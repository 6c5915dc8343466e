//! Movements and night reports in the file: what is written stays, and what came before keeps its seals.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use holdfast_domain::{IntentStatus, MovementKind};
use holdfast_ledger::prelude::*;
use holdfast_ledger::{Ledger, LedgerError};
use holdfast_ledger_conformance::refunds::{parts, refunded};
use holdfast_ledger_conformance::sample::{note, opened, read, report, said, seen};
use holdfast_ledger_sqlite::SqliteLedger;
use std::path::Path;

async fn all(ledger: &dyn Ledger) -> Vec<(i64, MovementKind, i64)> {
    let movements = ledger.movements(1, i64::MAX).await.unwrap();
    let told = movements.iter().map(|m| (m.seq, m.what.kind, m.what.amount));
    told.collect()
}

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
        "UPDATE report SET seal = ''",
        "DELETE FROM report",
        "INSERT INTO movement SELECT 9, hold, tab, kind, source, by, currency, amount, service, tip, at, \
         seal, said FROM movement LIMIT 1",
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
async fn a_ledger_from_before_gets_its_movements_when_it_opens() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    let (_, hold) = opened(&ledger, "Amira").await;
    read(&ledger, hold.id, seen(IntentStatus::Captured, &[4_000])).await;
    let before = all(&ledger).await;
    drop(ledger);
    back_to_the_format_before(folder.path());
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    assert_eq!(all(&ledger).await, before);
}

fn back_to_the_format_before(folder: &Path) {
    let c = rusqlite::Connection::open(folder.join("ledger.db")).unwrap();
    c.execute_batch(
        "DROP TABLE movement; DROP TABLE report; DROP TABLE finding; DROP TABLE seen; DROP TABLE renewal;
         DROP INDEX operation_odd; DROP INDEX operation_failed; DROP INDEX operation_asks;
         ALTER TABLE operation DROP COLUMN asks; PRAGMA user_version = 2;",
    )
    .unwrap();
}

/// From the newest format back: what each brought, taken away again.
const BROUGHT: [(i64, &str); 6] = [
    (
        8,
        "DROP INDEX operation_asks; ALTER TABLE operation DROP COLUMN asks",
    ),
    (7, "ALTER TABLE movement DROP COLUMN said"),
    (6, "DROP INDEX operation_failed"),
    (5, "DROP TABLE renewal"),
    (4, "DROP TABLE finding"),
    (3, "DROP TABLE seen; DROP INDEX operation_odd"),
];

#[tokio::test]
async fn refunds_from_before_are_not_said_and_their_seals_stay_good() {
    for (format, _) in BROUGHT {
        let folder = tempfile::tempdir().unwrap();
        let ledger = SqliteLedger::open(folder.path()).unwrap();
        let (hold, refund) = refunded(&ledger).await;
        let before = all(&ledger).await;
        drop(ledger);
        let c = rusqlite::Connection::open(folder.path().join("ledger.db")).unwrap();
        for (_, sql) in BROUGHT.iter().filter(|(since, _)| *since >= format) {
            c.execute_batch(sql).unwrap();
        }
        c.pragma_update(None, "user_version", format).unwrap();
        drop(c);

        let ledger = SqliteLedger::open(folder.path()).unwrap();
        assert_eq!(all(&ledger).await, before, "format {format}");
        assert_eq!(parts(&ledger).await, (3_000, 0, 0, 3_000));
        ledger
            .say_refund(hold.id, Some(refund), said(2_000, 0, 500), note("said"))
            .await
            .unwrap();
        assert_eq!(parts(&ledger).await, (3_000, 0, 500, 1_000));
        drop(ledger);
        // Whoever opens it next finds both kinds of seal good, and a forged one not.
        drop(SqliteLedger::open(folder.path()).unwrap());
        let c = rusqlite::Connection::open(folder.path().join("ledger.db")).unwrap();
        forge(
            &c,
            "movement_no_update",
            "UPDATE movement SET said = 0 WHERE said <> 0",
        );
        drop(c);
        let opened = SqliteLedger::open(folder.path());
        assert!(matches!(opened, Err(LedgerError::Damaged(_))), "{opened:?}");
    }
}

#[tokio::test]
async fn what_is_said_of_a_refund_from_before_can_t_be_forged() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    refunded(&ledger).await;
    drop(ledger);
    let c = rusqlite::Connection::open(folder.path().join("ledger.db")).unwrap();
    forge(
        &c,
        "movement_no_update",
        "UPDATE movement SET said = amount WHERE kind = 'refunded'",
    );
    drop(c);
    let opened = SqliteLedger::open(folder.path());
    assert!(matches!(opened, Err(LedgerError::Damaged(_))), "{opened:?}");
}
