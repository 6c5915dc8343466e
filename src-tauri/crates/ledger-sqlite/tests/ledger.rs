//! The ledger on real files: what it keeps, and what it will not do.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use chrono::{DateTime, TimeDelta, Utc};
use holdfast_domain::*;
use holdfast_ledger::prelude::*;
use holdfast_ledger::{Learnt, LedgerError, Note, Progress};
use holdfast_ledger_sqlite::SqliteLedger;
use uuid::Uuid;

const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

fn note(words: &str) -> Note {
    Note {
        at: NOW,
        by: "Sam".into(),
        tab: None,
        words: words.into(),
        amount: None,
        reference: None,
        raises: None,
    }
}

fn tab() -> Tab {
    Tab {
        id: TabId(Uuid::now_v7()),
        kind: Kind::Tab,
        name: "عميرة 🍸".into(),
        place: Some("Table 12".into()),
        note: None,
        email: None,
        currency: Currency::Gbp,
        reference: "HF-TEST".into(),
        arrives_on: None,
        departs_on: None,
        opened_at: NOW,
        opened_by: "Sam".into(),
        closed_at: None,
    }
}

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
        opened_at: NOW,
        created_at: None,
        seen: None,
        lapsed_at: None,
        said_elsewhere: None,
    }
}

fn operation(hold: HoldId, kind: OperationKind, amount: i64) -> Operation {
    Operation {
        id: OperationId(Uuid::now_v7()),
        hold,
        kind,
        amount,
        service: 0,
        tip: 0,
        baseline: Baseline::default(),
        requested_by: "Sam".into(),
        reason: None,
        at: NOW,
        state: OperationState::Intended,
        dojo_id: None,
        detail: None,
        settled_at: None,
        seen_at: None,
        of: None,
        then_ask: 0,
    }
}

fn authorised(total: i64, captured: &[i64]) -> Snapshot {
    Snapshot {
        status: IntentStatus::Authorized,
        amount: total,
        tip: 0,
        total,
        refunded: 0,
        captures: captured
            .iter()
            .enumerate()
            .map(|(i, amount)| Capture {
                id: format!("cp_{i}"),
                amount: *amount,
                tip: 0,
                status: CaptureStatus::Successful,
                at: None,
            })
            .collect(),
        card: None,
        auth_code: None,
        authorised_at: Some(NOW),
        authorised_by: None,
        declined: 0,
        seen_at: NOW,
    }
}

async fn done(ledger: &SqliteLedger, operation: &Operation, seen: Snapshot) {
    let progress = Progress {
        id: operation.id,
        state: OperationState::Succeeded,
        dojo_id: Some("x".into()),
        detail: None,
        settled_at: Some(NOW + TimeDelta::seconds(1)),
    };
    let learnt = Learnt {
        seen: Some(seen),
        ..Learnt::default()
    };
    ledger
        .record(operation.hold, learnt, Some(progress), vec![note("done")])
        .await
        .unwrap();
}

/// A ledger with one hold of 100.00, authorised.
async fn with_hold(folder: &std::path::Path) -> (SqliteLedger, Hold) {
    let ledger = SqliteLedger::open(folder).unwrap();
    let tab = tab();
    let hold = hold(tab.id);
    let create = operation(hold.id, OperationKind::Create, 10_000);
    ledger.add_tab(&tab, note("opened")).await.unwrap();
    ledger.add_hold(&hold, &create, note("asked for")).await.unwrap();
    done(&ledger, &create, authorised(10_000, &[])).await;
    (ledger, hold)
}

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, hold) = with_hold(folder.path()).await;
    drop(ledger);
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    let tabs = ledger.tabs(true, 10).await.unwrap();
    assert_eq!(tabs[0].name, "عميرة 🍸");
    let again = ledger.hold(hold.id).await.unwrap();
    assert_eq!((again.left(), again.captured()), (10_000, 0));
    let operations = ledger.operations(hold.id).await.unwrap();
    assert_eq!(operations[0].state, OperationState::Succeeded);
    assert_eq!(ledger.verify_journal().await.unwrap(), 3);
}

#[tokio::test]
async fn a_second_decision_waits_until_the_first_is_settled() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, hold) = with_hold(folder.path()).await;
    let first = operation(hold.id, OperationKind::Capture, 4_000);
    ledger.intend(&first, note("take")).await.unwrap();
    let second = operation(hold.id, OperationKind::Capture, 1_000);
    assert!(matches!(
        ledger.intend(&second, note("take")).await,
        Err(LedgerError::Busy)
    ));
    done(&ledger, &first, authorised(10_000, &[4_000])).await;
    ledger.intend(&second, note("take")).await.unwrap();
    assert!(
        matches!(ledger.intend(&first, note("take")).await, Err(LedgerError::Busy)),
        "the same decision"
    );
    assert_eq!(
        ledger.verify_journal().await.unwrap(),
        6,
        "a refused decision leaves no trace"
    );
}

#[tokio::test]
async fn nothing_takes_more_than_is_held_or_refunds_more_than_was_taken() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, hold) = with_hold(folder.path()).await;
    let first = operation(hold.id, OperationKind::Capture, 6_000);
    ledger.intend(&first, note("take")).await.unwrap();
    done(&ledger, &first, authorised(10_000, &[6_000])).await;
    let over = operation(hold.id, OperationKind::Capture, 4_001);
    assert!(matches!(
        ledger.intend(&over, note("take")).await,
        Err(LedgerError::TooMuch)
    ));
    let back = operation(hold.id, OperationKind::Refund, 6_001);
    assert!(matches!(
        ledger.intend(&back, note("refund")).await,
        Err(LedgerError::TooMuch)
    ));
    let back = operation(hold.id, OperationKind::Refund, 6_000);
    ledger.intend(&back, note("refund")).await.unwrap();
}

#[tokio::test]
async fn a_tip_counts_towards_what_is_held() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, hold) = with_hold(folder.path()).await;
    let take = |tip| Operation {
        tip,
        ..operation(hold.id, OperationKind::Capture, 9_000)
    };
    let refused = ledger.intend(&take(1_001), note("take")).await;
    assert!(matches!(refused, Err(LedgerError::TooMuch)));
    ledger.intend(&take(1_000), note("take")).await.unwrap();
}

#[tokio::test]
async fn what_is_pending_counts_towards_what_is_held() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, hold) = with_hold(folder.path()).await;
    let first = operation(hold.id, OperationKind::Capture, 6_000);
    ledger.intend(&first, note("take")).await.unwrap();
    // Another till's capture, which Dojo has yet to decide.
    let mut seen = authorised(10_000, &[6_000, 3_000]);
    seen.captures[1].status = CaptureStatus::Created;
    done(&ledger, &first, seen).await;
    let over = operation(hold.id, OperationKind::Capture, 1_001);
    let refused = ledger.intend(&over, note("take")).await;
    assert!(matches!(refused, Err(LedgerError::TooMuch)));
    let all = operation(hold.id, OperationKind::Capture, 1_000);
    ledger.intend(&all, note("take")).await.unwrap();
}

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
    let (ledger, _) = with_hold(folder.path()).await;
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

#[tokio::test]
async fn decisions_stay_in_the_order_in_which_they_were_made_when_the_clock_is_set_back() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, hold) = with_hold(folder.path()).await;
    let mut made = Vec::new();
    for millis in [2_000_000_000_000_u64, 1_900_000_000_000, 1_950_000_000_000] {
        let id = uuid::Builder::from_unix_timestamp_millis(millis, &[7; 10]).into_uuid();
        let receipt = Operation {
            id: OperationId(id),
            ..operation(hold.id, OperationKind::Receipt, 0)
        };
        ledger.intend(&receipt, note("asked")).await.unwrap();
        done(&ledger, &receipt, authorised(10_000, &[])).await;
        made.push(receipt.id);
    }
    let all = ledger.operations(hold.id).await.unwrap();
    let told: Vec<OperationId> = all.iter().map(|o| o.id).collect();
    assert!(told.ends_with(&made), "{told:?} instead of {made:?}");
}

#[tokio::test]
async fn what_was_not_seen_at_dojo_is_looked_for_on_a_hold_that_is_over_too() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, hold) = with_hold(folder.path()).await;
    let refund = operation(hold.id, OperationKind::Receipt, 0);
    ledger.intend(&refund, note("asked")).await.unwrap();
    let progress = Progress {
        id: refund.id,
        state: OperationState::Absent,
        dojo_id: None,
        detail: None,
        settled_at: Some(NOW + TimeDelta::hours(3)),
    };
    let learnt = Learnt {
        seen: Some(Snapshot {
            status: IntentStatus::Captured,
            ..authorised(10_000, &[10_000])
        }),
        ..Learnt::default()
    };
    ledger
        .record(hold.id, learnt, Some(progress), vec![note("not seen")])
        .await
        .unwrap();
    assert!(ledger.hold(hold.id).await.unwrap().is_over());
    let watched = async |since| ledger.live_holds(since).await.unwrap().len();
    assert_eq!(watched(NOW + TimeDelta::hours(2)).await, 1);
    assert_eq!(watched(NOW + TimeDelta::hours(4)).await, 0, "not for ever");
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
