//! Each answer of Dojo's record, and what it makes of an operation.

use super::*;
use crate::{Baseline, Cause, HoldId, OperationId};
use chrono::DateTime;
use uuid::Uuid;

fn capture(id: &str, amount: i64, status: CaptureStatus) -> Capture {
    Capture {
        id: id.to_owned(),
        amount,
        tip: 0,
        status,
        at: None,
    }
}

fn seen(captures: Vec<Capture>) -> Snapshot {
    Snapshot {
        status: IntentStatus::Authorized,
        amount: 10_000,
        tip: 0,
        total: 10_000,
        refunded: 0,
        captures,
        card: None,
        auth_code: None,
        authorised_at: None,
        authorised_by: None,
        declined: 0,
        seen_at: DateTime::UNIX_EPOCH,
    }
}

fn unclear(kind: OperationKind, baseline: &[&str]) -> Operation {
    Operation {
        id: OperationId(Uuid::nil()),
        hold: HoldId(Uuid::nil()),
        kind,
        amount: 4_000,
        service: 0,
        tip: 0,
        baseline: Baseline {
            captures: baseline.iter().map(|s| (*s).to_owned()).collect(),
            refunded: 0,
        },
        requested_by: crate::Actor::staff("Sam"),
        cause: Cause::Person,
        reason: None,
        at: DateTime::UNIX_EPOCH,
        state: OperationState::Unknown,
        dojo_id: None,
        detail: None,
        is_late: false,
        settled_at: None,
        seen_at: None,
        sender: None,
        of: None,
        then_ask: 0,
    }
}

#[test]
fn an_unclear_capture_is_ours_only_if_it_is_new_and_the_same() {
    use CaptureStatus::Successful;
    let operation = unclear(OperationKind::Capture, &["cp_1"]);
    let old = capture("cp_1", 4_000, Successful);
    let new = capture("cp_2", 4_000, Successful);
    assert_eq!(
        settle(&operation, &seen(vec![old.clone()]), 0, &[]),
        Settlement::Nothing
    );
    assert_eq!(
        settle(&operation, &seen(vec![old.clone(), new.clone()]), 0, &[]),
        Settlement::Succeeded(Some("cp_2".to_owned()))
    );
    let mut owner = unclear(OperationKind::Capture, &[]);
    owner.dojo_id = Some("cp_2".to_owned());
    assert_eq!(
        settle(&operation, &seen(vec![old, new.clone()]), 0, &[owner]),
        Settlement::Nothing
    );
    let twice = seen(vec![new, capture("cp_3", 4_000, Successful)]);
    assert!(matches!(
        settle(&operation, &twice, 0, &[]),
        Settlement::Conflict(_)
    ));
    let other = seen(vec![capture("cp_4", 3_999, Successful)]);
    assert!(matches!(
        settle(&operation, &other, 0, &[]),
        Settlement::Conflict(_)
    ));
}

#[test]
fn a_lost_capture_that_comes_is_not_taken_for_another() {
    use CaptureStatus::Successful;
    let of = |n: u128, amount: i64, state| Operation {
        id: OperationId(Uuid::from_u128(n)),
        amount,
        state,
        ..unclear(OperationKind::Capture, &[])
    };
    let mine = of(2, 5_000, OperationState::Unknown);
    let late = |amount| vec![capture("cp_1", amount, Successful)];
    let both = vec![
        capture("cp_1", 4_000, Successful),
        capture("cp_2", 5_000, Successful),
    ];
    let mine_is_there = Settlement::Succeeded(Some("cp_2".to_owned()));
    for lost in [OperationState::Absent, OperationState::Conflict] {
        let all = [of(1, 4_000, lost), mine.clone()];
        assert_eq!(
            settle(&mine, &seen(late(4_000)), 0, &all),
            Settlement::Nothing,
            "{lost:?}"
        );
        assert_eq!(settle(&mine, &seen(both.clone()), 0, &all), mine_is_there);
        let other = settle(&mine, &seen(late(3_999)), 0, &all);
        assert!(matches!(other, Settlement::Conflict(_)), "{other:?}");
        let twice = seen([late(4_000), vec![capture("cp_3", 4_000, Successful)]].concat());
        assert!(
            matches!(settle(&mine, &twice, 0, &all), Settlement::Conflict(_)),
            "one of them is nobody's"
        );
    }
    for done in [OperationState::Declined, OperationState::NotSent] {
        let all = [of(1, 4_000, done), mine.clone()];
        assert!(matches!(
            settle(&mine, &seen(late(4_000)), 0, &all),
            Settlement::Conflict(_)
        ));
    }
}

#[test]
fn what_is_at_odds_is_done_once_just_one_capture_is_what_was_asked() {
    use CaptureStatus::Successful;
    let open = unclear(OperationKind::Capture, &[]);
    let mut odd = open.clone();
    odd.state = OperationState::Conflict;
    let strange = capture("cp_1", 700, Successful);
    let mine = capture("cp_2", 4_000, Successful);
    let with = |operation: &Operation, more: Option<Capture>| {
        let mut captures = vec![strange.clone(), mine.clone()];
        captures.extend(more);
        settle(operation, &seen(captures), 0, std::slice::from_ref(operation))
    };
    assert_eq!(with(&odd, None), Settlement::Succeeded(Some("cp_2".to_owned())));
    assert!(matches!(with(&open, None), Settlement::Conflict(_)));
    let again = capture("cp_3", 4_000, Successful);
    assert!(matches!(with(&odd, Some(again)), Settlement::Conflict(_)));
}

#[test]
fn a_capture_that_turns_is_seen() {
    use CaptureStatus::{Created, Declined, Failed, Successful};
    let turned = |state, status| {
        let mut operation = unclear(OperationKind::Capture, &[]);
        operation.state = state;
        operation.dojo_id = Some("cp_1".to_owned());
        is_turned(&operation, &seen(vec![capture("cp_1", 4_000, status)]))
    };
    let of = |state| [Created, Successful, Declined, Failed].map(|status| turned(state, status));
    assert_eq!(of(OperationState::Succeeded), [false, false, true, true]);
    assert_eq!(of(OperationState::Declined), [false, true, false, false]);
    assert_eq!(of(OperationState::Unknown), [false; 4]);
    let mut refund = unclear(OperationKind::Refund, &[]);
    refund.state = OperationState::Succeeded;
    let failed = seen(vec![capture("cp_1", 4_000, Failed)]);
    assert!(!is_turned(&refund, &failed));
}

#[test]
fn accepted_is_not_captured_until_the_record_says_so() {
    let mut operation = unclear(OperationKind::Capture, &[]);
    operation.state = OperationState::Accepted;
    operation.dojo_id = Some("cp_1".to_owned());
    let with = |status| settle(&operation, &seen(vec![capture("cp_1", 4_000, status)]), 0, &[]);
    assert!(matches!(with(CaptureStatus::Created), Settlement::Pending(_)));
    assert!(matches!(with(CaptureStatus::Declined), Settlement::Declined(_)));
    assert!(matches!(
        with(CaptureStatus::Successful),
        Settlement::Succeeded(_)
    ));
    assert!(matches!(
        settle(&operation, &seen(vec![]), 0, &[]),
        Settlement::Pending(_)
    ));
}

#[test]
fn a_refund_is_settled_by_what_dojo_says_was_refunded() {
    let operation = unclear(OperationKind::Refund, &[]);
    let with = |refunded| {
        let mut snapshot = seen(vec![]);
        snapshot.refunded = refunded;
        settle(&operation, &snapshot, 0, &[])
    };
    assert_eq!(with(0), Settlement::Nothing);
    assert_eq!(with(4_000), Settlement::Succeeded(None));
    assert!(matches!(with(8_000), Settlement::Conflict(_)));
}

#[test]
fn a_refund_that_comes_late_is_told_from_the_one_decided_after_it() {
    let refund = |n: u128, amount: i64, before: i64, state| Operation {
        id: OperationId(Uuid::from_u128(n)),
        amount,
        baseline: Baseline {
            captures: vec![],
            refunded: before,
        },
        at: DateTime::UNIX_EPOCH + chrono::TimeDelta::minutes(i64::try_from(n).unwrap()),
        state,
        ..unclear(OperationKind::Refund, &[])
    };
    let lost = refund(1, 500, 0, OperationState::Absent);
    let again = refund(2, 700, 0, OperationState::Unknown);
    let with = |refunded, operation: &Operation, other: &Operation| {
        let mut snapshot = seen(vec![]);
        snapshot.refunded = refunded;
        settle(operation, &snapshot, 0, &[operation.clone(), other.clone()])
    };
    assert_eq!(with(700, &again, &lost), Settlement::Succeeded(None));
    assert_eq!(with(1_200, &again, &lost), Settlement::Succeeded(None));
    assert_eq!(with(500, &again, &lost), Settlement::Nothing, "it is the other's");
    assert!(matches!(with(600, &again, &lost), Settlement::Conflict(_)));
    let done = refund(2, 700, 0, OperationState::Succeeded);
    assert_eq!(with(700, &lost, &done), Settlement::Nothing);
    assert_eq!(with(1_200, &lost, &done), Settlement::Succeeded(None));
}

#[test]
fn what_is_refunded_elsewhere_puts_no_refund_at_odds_that_dojo_accepted() {
    let accepted = Operation {
        state: OperationState::Accepted,
        dojo_id: Some("rf_1".to_owned()),
        ..unclear(OperationKind::Refund, &[])
    };
    let lost = Operation {
        id: OperationId(Uuid::from_u128(1)),
        amount: 5_000,
        state: OperationState::Absent,
        ..unclear(OperationKind::Refund, &[])
    };
    let with = |refunded, others: &[Operation]| {
        let mut snapshot = seen(vec![]);
        snapshot.refunded = refunded;
        let all = [others, std::slice::from_ref(&accepted)].concat();
        settle(&accepted, &snapshot, 0, &all)
    };
    let id = || Some("rf_1".to_owned());
    assert_eq!(with(500, &[]), Settlement::Pending(id()), "£5 in the portal");
    assert_eq!(with(4_500, &[]), Settlement::Succeeded(id()));
    let lost = [lost];
    assert_eq!(
        with(5_000, &lost),
        Settlement::Pending(id()),
        "it is the lost one"
    );
    assert_eq!(with(9_000, &lost), Settlement::Succeeded(id()));
}

#[test]
fn a_lost_refund_that_comes_is_told_from_what_was_refunded_elsewhere_before() {
    for state in [OperationState::Absent, OperationState::Conflict] {
        let lost = Operation {
            state,
            ..unclear(OperationKind::Refund, &[])
        };
        let with = |before, refunded| {
            let mut snapshot = seen(vec![]);
            snapshot.refunded = refunded;
            settle(&lost, &snapshot, before, &[])
        };
        assert_eq!(with(500, 4_500), Settlement::Succeeded(None));
        for (before, refunded) in [(0, 500), (0, 4_500), (500, 500), (4_500, 4_500), (500, 4_499)] {
            let other = with(before, refunded);
            assert!(
                matches!(other, Settlement::Conflict(_)),
                "{before} {refunded} {other:?}"
            );
        }
    }
}

#[test]
fn a_reading_that_lacks_what_can_not_be_undone_is_behind() {
    use CaptureStatus::{Created, Failed, Successful};
    let of = |captures, status, refunded| Snapshot {
        status,
        refunded,
        ..seen(captures)
    };
    let one = |status| vec![capture("cp_1", 4_000, status)];
    let known = of(one(Successful), IntentStatus::Captured, 100);
    assert!(!known.is_behind(&known));
    for older in [
        of(vec![], IntentStatus::Captured, 100),
        of(one(Created), IntentStatus::Captured, 100),
        of(one(Successful), IntentStatus::Authorized, 100),
        of(one(Successful), IntentStatus::Captured, 99),
    ] {
        assert!(older.is_behind(&known), "{older:?}");
    }
    let unreadable = of(one(Successful), IntentStatus::Unknown, 100);
    assert!(!unreadable.is_behind(&known) && !known.is_behind(&unreadable));
    let paid = of(vec![], IntentStatus::Captured, 0);
    let unreadable = of(vec![], IntentStatus::Unknown, 0);
    assert!(
        unreadable.is_behind(&paid),
        "it was taken, and nothing says so any more"
    );
    let failed = of(one(Failed), IntentStatus::Captured, 100);
    assert!(!failed.is_behind(&of(one(Created), IntentStatus::Captured, 100)));
    let pending = of(one(Created), IntentStatus::Captured, 100);
    assert!(
        !pending.is_behind(&pending),
        "what is not decided yet may stay so"
    );
}
