use super::*;
use chrono::TimeDelta;
use holdfast_domain::{CaptureStatus, TabId};
use holdfast_ledger_conformance::sample::{hold, now, operation};
use uuid::Uuid;

/// A capture that Dojo has shown as unsettled since then.
fn shown(at: Option<DateTime<Utc>>) -> Capture {
    Capture {
        id: "cp_1".to_owned(),
        amount: 4_000,
        tip: 0,
        status: CaptureStatus::Created,
        at,
    }
}

#[test]
fn a_take_of_nobody_is_waited_for_one_day() {
    let hold = hold(TabId(Uuid::nil()));
    let over = |at, now| may_never_settle(&hold, &shown(at), None, now);
    let day = now() + TimeDelta::days(1);
    assert!(over(Some(now()), day));
    assert!(!over(Some(now()), day - TimeDelta::seconds(1)));
    // Without a date it may have been begun at the deadline.
    let deadline = now() + TimeDelta::seconds(600_000);
    assert!(!over(None, deadline));
    assert!(over(None, deadline + TimeDelta::days(1)));
}

#[test]
fn a_take_of_ours_is_waited_for_until_a_person_dismisses_it() {
    let hold = hold(TabId(Uuid::nil()));
    let take = |state, seen_at| Operation {
        state,
        seen_at,
        ..operation(hold.id, OperationKind::Capture, 4_000)
    };
    let later = now() + TimeDelta::days(9);
    let over = |its: &Operation| may_never_settle(&hold, &shown(Some(now())), Some(its), later);
    assert!(!over(&take(OperationState::Conflict, None)));
    assert!(over(&take(OperationState::Conflict, Some(now()))));
    // What succeeded is Dojo's to settle, though somebody has looked at it.
    assert!(!over(&take(OperationState::Succeeded, Some(now()))));
}
