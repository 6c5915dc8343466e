//! What Dojo's record says of an operation, for every kind, every state and every status.

use super::{KINDS, STATES, STATUSES, capture, operation, seen};
use chrono::TimeDelta;
use holdfast_domain::{
    Baseline, CaptureStatus, DEADLINE_LATENESS, Detail, IntentStatus, Operation, OperationKind,
    OperationState, Settlement, Snapshot, is_too_old_for, settle,
};
use proptest::prelude::*;

/// A settlement without its words.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
enum Says {
    Succeeded,
    Pending,
    Declined,
    Conflict,
    Nothing,
}

fn says(operation: &Operation, seen: &Snapshot) -> Says {
    match settle(operation, seen, operation.baseline.refunded, &[]) {
        Settlement::Succeeded(_) => Says::Succeeded,
        Settlement::Pending(_) => Says::Pending,
        Settlement::Declined(_) => Says::Declined,
        Settlement::Conflict(_) => Says::Conflict,
        Settlement::Nothing => Says::Nothing,
    }
}

fn unknown(kind: OperationKind) -> Operation {
    operation(kind, OperationState::Unknown)
}

/// Accepted work that is not to be seen is pending, the rest may never have arrived.
fn not_there(state: OperationState) -> Says {
    if state == OperationState::Accepted {
        Says::Pending
    } else {
        Says::Nothing
    }
}

#[test]
fn a_release_a_cancel_and_a_receipt_are_settled_by_the_status() {
    use IntentStatus::{Authorized, Canceled, Captured, Created, Refunded, Reversed, Unknown};
    for state in STATES {
        for status in STATUSES {
            let record = seen(status, Vec::new());
            let release = match status {
                Reversed => Says::Succeeded,
                Authorized | Unknown => not_there(state),
                Captured | Refunded | Created | Canceled => Says::Conflict,
            };
            let cancel = match status {
                Canceled => Says::Succeeded,
                Created | Unknown => not_there(state),
                Authorized | Captured | Reversed | Refunded => Says::Declined,
            };
            let wanted = [
                (OperationKind::Reversal, release),
                (OperationKind::Cancel, cancel),
                (OperationKind::Receipt, Says::Declined),
                (OperationKind::Create, Says::Succeeded),
            ];
            for (kind, wanted) in wanted {
                let said = says(&operation(kind, state), &record);
                assert_eq!(said, wanted, "{kind:?}, {state:?}, {status:?}");
            }
        }
    }
}

#[test]
fn a_change_is_settled_when_the_record_shows_it() {
    for state in STATES {
        let (mut amount, mut tip) = (
            operation(OperationKind::SetAmount, state),
            operation(OperationKind::SetTips, state),
        );
        let record = seen(IntentStatus::Created, Vec::new());
        assert_eq!(says(&amount, &record), not_there(state));
        assert_eq!(says(&tip, &record), not_there(state));
        (amount.amount, tip.tip) = (record.amount, record.tip);
        assert_eq!(says(&amount, &record), Says::Succeeded);
        assert_eq!(says(&tip, &record), Says::Succeeded);
    }
}

#[test]
fn a_refund_is_settled_by_how_much_was_given_back_since() {
    for state in STATES {
        let mut refund = operation(OperationKind::Refund, state);
        refund.baseline.refunded = 700;
        let says_at = |sum: i64| {
            let record = Snapshot {
                refunded: sum,
                ..seen(IntentStatus::Captured, Vec::new())
            };
            says(&refund, &record)
        };
        assert_eq!(says_at(700), not_there(state), "{state:?}");
        assert_eq!(says_at(4_700), Says::Succeeded, "{state:?}");
        // What Dojo accepted it does: another sum is somebody else's besides, and this one has come or will.
        let is_accepted = state == OperationState::Accepted;
        for less in [699, 701, 4_000, 4_699, i64::MIN] {
            let expected = if is_accepted {
                Says::Pending
            } else {
                Says::Conflict
            };
            assert_eq!(says_at(less), expected, "{state:?} {less}");
        }
        let expected = if is_accepted {
            Says::Succeeded
        } else {
            Says::Conflict
        };
        assert_eq!(says_at(4_701), expected, "{state:?}");
    }
}

#[test]
fn a_capture_with_a_number_waits_for_that_number() {
    let mut take = unknown(OperationKind::Capture);
    take.dojo_id = Some("cp_2".to_owned());
    let other = capture("cp_1", 4_000, 500, CaptureStatus::Successful);
    let record = seen(IntentStatus::Captured, vec![other.clone()]);
    assert_eq!(
        settle(&take, &record, 0, &[]),
        Settlement::Pending(Some("cp_2".to_owned()))
    );
    let own = capture("cp_2", 4_000, 500, CaptureStatus::Successful);
    let record = seen(IntentStatus::Captured, vec![other, own]);
    // It owns its number itself; that is no reason not to see it.
    assert_eq!(
        settle(&take, &record, 0, std::slice::from_ref(&take)),
        Settlement::Succeeded(Some("cp_2".to_owned()))
    );
}

#[test]
fn a_capture_that_was_found_is_what_its_status_says() {
    use CaptureStatus::{Created, Declined, Failed, Successful, Unknown};
    let take = unknown(OperationKind::Capture);
    let with = |amount, tip, status| {
        let record = seen(IntentStatus::Captured, vec![capture("cp_1", amount, tip, status)]);
        says(&take, &record)
    };
    assert_eq!(with(4_000, 500, Successful), Says::Succeeded);
    assert_eq!(with(4_000, 500, Created), Says::Pending);
    assert_eq!(with(4_000, 500, Unknown), Says::Pending);
    assert_eq!(with(4_000, 500, Declined), Says::Declined);
    assert_eq!(with(4_000, 500, Failed), Says::Declined);
    // The same sum with another tip is another capture.
    assert_eq!(with(4_500, 0, Successful), Says::Conflict);
    assert_eq!(with(4_000, 501, Successful), Says::Conflict);
    assert_eq!(with(3_999, 500, Declined), Says::Conflict);
}

#[test]
fn a_settlement_keeps_dojos_number_and_says_how_many_are_too_many() {
    let mut release = unknown(OperationKind::Reversal);
    release.dojo_id = Some("rvs_1".to_owned());
    let released = seen(IntentStatus::Reversed, Vec::new());
    assert_eq!(
        settle(&release, &released, 0, &[]),
        Settlement::Succeeded(release.dojo_id.clone())
    );
    release.state = OperationState::Accepted;
    let held = seen(IntentStatus::Authorized, Vec::new());
    assert_eq!(
        settle(&release, &held, 0, &[]),
        Settlement::Pending(release.dojo_id.clone())
    );
    let two = ["cp_1", "cp_2"].map(|id| capture(id, 4_000, 500, CaptureStatus::Successful));
    let twice = seen(IntentStatus::Captured, two.to_vec());
    assert_eq!(
        settle(&unknown(OperationKind::Capture), &twice, 0, &[]),
        Settlement::Conflict(Detail::SeveralCaptures(2))
    );
}

proptest! {
    /// What was there before, or is another operation's, never settles an unclear capture.
    #[test]
    fn what_is_not_new_settles_nothing(
        before in prop::collection::btree_set("cp_[a-f]", 0..4),
        owned in prop::collection::btree_set("cp_[g-m]", 0..4),
        amount in 0_i64..10_000,
    ) {
        let take = Operation {
            baseline: Baseline { captures: before.iter().cloned().collect(), refunded: 0 },
            ..unknown(OperationKind::Capture)
        };
        let listed = before.union(&owned).map(|id| capture(id, amount, 500, CaptureStatus::Successful));
        let record = seen(IntentStatus::Captured, listed.collect());
        let of = |id: String| Operation { dojo_id: Some(id), ..unknown(OperationKind::Capture) };
        let owned: Vec<Operation> = owned.into_iter().map(of).collect();
        prop_assert_eq!(settle(&take, &record, 0, &owned), Settlement::Nothing);
    }

    /// Nothing but a record that shows it makes anything done.
    #[test]
    fn nothing_is_done_that_the_record_does_not_show(kind in 0_usize..8, state in 0_usize..9) {
        let operation = operation(KINDS[kind], STATES[state]);
        let record = seen(IntentStatus::Authorized, Vec::new());
        let is_done = says(&operation, &record) == Says::Succeeded;
        // A create has nothing else to wait for: its intent is what was read.
        prop_assert_eq!(is_done, KINDS[kind] == OperationKind::Create);
    }
}

#[test]
fn only_three_states_are_open() {
    use OperationState::{Accepted, Intended, Unknown};
    for state in STATES {
        let is_open = matches!(state, Intended | Accepted | Unknown);
        assert_eq!(state.is_open(), is_open, "{state:?}");
    }
}

#[test]
fn what_was_not_seen_is_not_what_dojo_did_a_quarter_of_an_hour_later() {
    use OperationState::{Absent, Conflict};
    for state in STATES {
        let release = operation(OperationKind::Reversal, state);
        let may_come = matches!(state, Absent | Conflict);
        assert!(
            !is_too_old_for(&release, release.at + DEADLINE_LATENESS),
            "{state:?}"
        );
        let later = release.at + DEADLINE_LATENESS + TimeDelta::seconds(1);
        assert_eq!(is_too_old_for(&release, later), may_come, "{state:?}");
    }
}
