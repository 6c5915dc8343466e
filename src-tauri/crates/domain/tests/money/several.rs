//! Several operations on one hold: whose the money is that Dojo shows, and who knew of whom.

use super::{capture, opened, operation, seen};
use chrono::TimeDelta;
use holdfast_domain::{
    Baseline, CaptureStatus, IntentStatus, Operation, OperationId, OperationKind, OperationState, Settlement,
    Snapshot, settle, was_known_to,
};
use uuid::Uuid;

use OperationKind::{Capture, Refund, Reversal};
use OperationState::{Absent, Rejected, Succeeded, Unknown};

/// The `number`-th decision on the hold, made when Dojo showed `before` as refunded.
fn decided(number: u8, kind: OperationKind, state: OperationState, amount: i64, before: i64) -> Operation {
    Operation {
        id: OperationId(Uuid::from_u128(u128::from(number))),
        amount,
        tip: 0,
        baseline: Baseline {
            captures: Vec::new(),
            refunded: before,
        },
        at: opened() + TimeDelta::minutes(i64::from(number)),
        ..operation(kind, state)
    }
}

fn shown(refunded: i64) -> Snapshot {
    Snapshot {
        refunded,
        ..seen(
            IntentStatus::Captured,
            vec![capture("cp_1", 9_000, 0, CaptureStatus::Successful)],
        )
    }
}

/// What Dojo's record says of the last one.
fn says(all: &[Operation], refunded: i64) -> Settlement {
    settle(&all[all.len() - 1], &shown(refunded), 0, all)
}

#[test]
fn a_refund_that_was_known_of_is_in_the_baseline_and_not_counted_again() {
    let all = [
        decided(1, Refund, Succeeded, 500, 0),
        // Neither of them gave anything back.
        decided(2, Capture, Succeeded, 900, 500),
        decided(3, Refund, Rejected, 600, 500),
        decided(4, Refund, Unknown, 700, 500),
    ];
    assert!(was_known_to(&all[3], 0, &all));
    assert_eq!(says(&all, 1_200), Settlement::Succeeded(None));
    assert_eq!(says(&all, 500), Settlement::Nothing);
}

#[test]
fn a_refund_that_nobody_knew_of_yet_is_not_taken_for_the_next_one() {
    let all = [
        decided(1, Refund, Succeeded, 500, 0),
        decided(2, Refund, Unknown, 700, 0),
    ];
    assert!(!was_known_to(&all[1], 0, &all));
    assert_eq!(says(&all, 500), Settlement::Nothing, "it is the first one's");
    assert_eq!(says(&all, 1_200), Settlement::Succeeded(None));
}

#[test]
fn what_was_refunded_in_between_is_known_of_too_or_neither_is() {
    let all = [
        decided(1, Refund, Succeeded, 500, 0),
        decided(2, Refund, Succeeded, 300, 500),
        decided(3, Refund, Unknown, 700, 500),
    ];
    assert!(!was_known_to(&all[2], 0, &all), "not all of it was shown");
    assert!(!was_known_to(&all[2], 1, &all));
    assert!(!was_known_to(&all[2], 9, &all), "there is no such one");
}

#[test]
fn a_later_refund_is_never_this_ones() {
    let mut all = vec![
        decided(1, Refund, Absent, 500, 1_000),
        // By a reading from before.
        decided(2, Refund, Succeeded, 700, 0),
    ];
    assert_eq!(settle(&all[0], &shown(1_700), 0, &all), Settlement::Nothing);
    all[1].state = Unknown;
    assert_eq!(
        settle(&all[0], &shown(1_500), 0, &all),
        Settlement::Succeeded(None)
    );
}

#[test]
fn a_take_is_known_of_by_its_id_and_a_release_by_its_time() {
    let mut take = decided(1, Capture, Succeeded, 900, 0);
    take.dojo_id = Some("cp_9".to_owned());
    let mut next = decided(2, Refund, Unknown, 700, 0);
    assert!(!was_known_to(&next, 0, &[take.clone(), next.clone()]));
    next.baseline.captures = vec!["cp_9".to_owned()];
    assert!(was_known_to(&next, 0, &[take, next.clone()]));

    let mut release = decided(1, Reversal, Succeeded, 0, 0);
    for (seconds, expected) in [(-1, true), (0, false), (1, false)] {
        release.settled_at = Some(next.at + TimeDelta::seconds(seconds));
        assert_eq!(
            was_known_to(&next, 0, &[release.clone(), next.clone()]),
            expected,
            "{seconds} s"
        );
    }
}

#[test]
fn late_is_what_happened_after_it_was_called_absent() {
    let with = |state, is_late| Operation {
        is_late,
        ..operation(Capture, state)
    };
    assert!(with(Succeeded, true).came_late());
    assert!(!with(Succeeded, false).came_late());
    assert!(!with(Unknown, true).came_late());
}

#[test]
fn what_a_person_was_told_is_told_anew_when_something_happens_afterwards() {
    let at = |seconds| opened() + TimeDelta::seconds(seconds);
    let with = |settled: Option<i64>, seen: Option<i64>| Operation {
        settled_at: settled.map(at),
        seen_at: seen.map(at),
        ..operation(Capture, Absent)
    };
    assert!(!with(Some(5), None).is_put_aside());
    assert!(with(None, Some(5)).is_put_aside());
    assert!(with(Some(5), Some(5)).is_put_aside());
    assert!(with(Some(4), Some(5)).is_put_aside());
    assert!(!with(Some(6), Some(5)).is_put_aside());
}
