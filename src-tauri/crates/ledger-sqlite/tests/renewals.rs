//! Renewals in the ledger: there with their hold or not at all, one at a time, ended once, and sealed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod common;

use common::{note, now, with_tabs};
use holdfast_domain::*;
use holdfast_ledger::LedgerError;
use holdfast_ledger::prelude::*;
use holdfast_ledger_sqlite::SqliteLedger;
use std::path::Path;
use uuid::Uuid;

fn hold(tab: TabId) -> Hold {
    Hold {
        id: HoldId(Uuid::now_v7()),
        tab,
        intent_id: None,
        reference: Uuid::now_v7().to_string(),
        mode: CaptureMode::Manual,
        currency: Currency::Gbp,
        asked: 10_000,
        expire_in: Some(600_000),
        expire_action: Some(DeadlineAction::Release),
        link: None,
        link_ends_at: None,
        opened_at: now(),
        created_at: None,
        seen: None,
        lapsed_at: None,
        said_elsewhere: None,
    }
}

fn create(hold: HoldId) -> Operation {
    Operation {
        id: OperationId(Uuid::now_v7()),
        hold,
        kind: OperationKind::Create,
        amount: 10_000,
        service: 0,
        tip: 0,
        baseline: Baseline::default(),
        requested_by: "Sam".into(),
        reason: None,
        at: now(),
        state: OperationState::Intended,
        dojo_id: None,
        detail: None,
        settled_at: None,
        seen_at: None,
        of: None,
        then_ask: 0,
    }
}

/// A ledger with a tab that has a hold.
async fn held(folder: &Path) -> (SqliteLedger, Hold) {
    let ledger = with_tabs(folder, &["Room 14"]).await;
    let tab = ledger.tabs(true, 1).await.unwrap().remove(0);
    let hold = hold(tab.id);
    ledger
        .add_hold(&hold, &create(hold.id), note("asked"))
        .await
        .unwrap();
    (ledger, hold)
}

fn renewal(old: &Hold, new: &Hold) -> Renewal {
    Renewal {
        new: new.id,
        old: old.id,
        tab: old.tab,
        decided_before: 1,
        by: "Sam".into(),
        at: now(),
        ended: None,
    }
}

async fn begun(ledger: &SqliteLedger, old: &Hold) -> Result<Renewal, LedgerError> {
    let new = hold(old.tab);
    let renewal = renewal(old, &new);
    let notes = vec![note("renewal begun"), note("asked")];
    ledger
        .begin_renewal(&renewal, &new, &create(new.id), notes)
        .await?;
    Ok(renewal)
}

const DONE: RenewalEnd = RenewalEnd::Done;

#[tokio::test]
async fn one_at_a_time_is_about_a_hold_and_what_is_refused_leaves_no_hold_behind() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, old) = held(folder.path()).await;
    let first = begun(&ledger, &old).await.unwrap();
    assert_eq!(
        ledger.open_renewals().await.unwrap(),
        std::slice::from_ref(&first)
    );
    // Neither the old hold nor the one that is to follow it can be renewed meanwhile.
    let new = ledger.hold(first.new).await.unwrap();
    for hold in [&old, &new] {
        assert!(matches!(begun(&ledger, hold).await, Err(LedgerError::Busy)));
    }
    assert_eq!(ledger.holds(old.tab).await.unwrap().len(), 2);
    let entries = ledger.verify_journal().await.unwrap();
    assert_eq!(entries, 4, "what was refused is in no journal");

    let ended = RenewalEnded { at: now(), how: DONE };
    ledger
        .end_renewal(first.new, ended, vec![note("done")])
        .await
        .unwrap();
    let again = ledger.end_renewal(first.new, ended, vec![note("done")]).await;
    assert!(matches!(again, Err(LedgerError::NotFound)), "{again:?}");
    assert!(ledger.open_renewals().await.unwrap().is_empty());
    let next = begun(&ledger, &new).await.unwrap();
    let kept = ledger.accounts(vec![old.tab]).await.unwrap().remove(0).renewals;
    let over = Renewal {
        ended: Some(ended),
        ..first
    };
    assert_eq!(kept, [over, next]);
}

#[tokio::test]
async fn they_outlive_a_restart_and_a_changed_byte_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, old) = held(folder.path()).await;
    let first = begun(&ledger, &old).await.unwrap();
    drop(ledger);
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    assert_eq!(
        ledger.open_renewals().await.unwrap(),
        std::slice::from_ref(&first)
    );
    let ended = RenewalEnded { at: now(), how: DONE };
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
    c.execute("UPDATE renewal SET seal = 'another'", []).unwrap();
    drop(c);
    let damaged = SqliteLedger::open(folder.path()).unwrap_err();
    assert!(damaged.to_string().contains("a row of renewal"), "{damaged}");
}
