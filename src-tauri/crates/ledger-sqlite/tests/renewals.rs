//! Renewals in the file: what ended stays, and a changed byte is noticed.

use holdfast_domain::{RenewalEnd, RenewalEnded};
use holdfast_ledger::prelude::*;
use holdfast_ledger_conformance::renewals::begin;
use holdfast_ledger_conformance::sample::{note, now, opened};
use holdfast_ledger_sqlite::SqliteLedger;

#[tokio::test]
async fn a_renewal_that_ended_can_be_neither_changed_nor_forged_unnoticed() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    let (_, old) = opened(&ledger, "Room 14").await;
    let first = begin(&ledger, &old).await.unwrap();
    let ended = RenewalEnded {
        at: now(),
        how: RenewalEnd::Done,
    };
    ledger
        .end_renewal(first.new, ended, vec![note("done")])
        .await
        .unwrap();
    drop(ledger);
    let c = rusqlite::Connection::open(folder.path().join("ledger.db")).unwrap();
    for refused in [
        "UPDATE renewal SET ended_at = NULL",
        "UPDATE renewal SET renews = hold",
        "DELETE FROM renewal",
    ] {
        assert!(c.execute(refused, []).is_err(), "{refused}");
    }
    c.execute("UPDATE renewal SET seal = zeroblob(32)", []).unwrap();
    drop(c);
    let damaged = SqliteLedger::open(folder.path()).unwrap_err();
    assert!(damaged.to_string().contains("a row of renewal"), "{damaged}");
}
