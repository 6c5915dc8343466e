//! When a tab may be closed, by what is on its holds.

use super::*;
use holdfast_domain::IntentStatus;
use holdfast_ledger_conformance::sample::{created, hold, now, operation, seen};
use uuid::Uuid;

/// A hold of 100.00 that Dojo knows and shows so, with that much taken of it.
fn shown(action: DeadlineAction, status: IntentStatus, taken: &[i64]) -> Hold {
    Hold {
        intent_id: Some("pi_1".to_owned()),
        expire_action: Some(action),
        seen: Some(seen(status, taken)),
        ..hold(TabId(Uuid::nil()))
    }
}

/// Why a tab with this hold stays open that long after its deadline.
fn after(hold: Hold, late: TimeDelta) -> Option<StaysOpen> {
    let create = created(&hold);
    let deadline = now() + TimeDelta::seconds(600_000);
    close_refused(&[(hold, vec![create])], deadline + late)
}

/// The same long before it.
fn early(hold: Hold) -> Option<StaysOpen> {
    after(hold, TimeDelta::days(-5))
}

#[test]
fn what_was_never_asked_of_dojo_keeps_no_tab_open() {
    let never_sent = hold(TabId(Uuid::nil()));
    let create = Operation {
        state: OperationState::NotSent,
        ..created(&never_sent)
    };
    assert_eq!(close_refused(&[(never_sent, vec![create])], now()), None);
}

#[test]
fn what_may_be_paid_or_is_held_keeps_it_open_and_what_is_over_does_not() {
    let of = |status, taken: &[i64]| early(shown(DeadlineAction::Release, status, taken));
    assert_eq!(of(IntentStatus::Created, &[]), Some(StaysOpen::MayBePaid));
    assert_eq!(of(IntentStatus::Authorized, &[]), Some(StaysOpen::Held));
    assert_eq!(of(IntentStatus::Authorized, &[4_000]), None, "the rest drops off");
    assert_eq!(of(IntentStatus::Captured, &[10_000]), None);
    assert_eq!(of(IntentStatus::Reversed, &[]), None);
    assert_eq!(of(IntentStatus::Canceled, &[]), None);
}

#[test]
fn what_is_under_way_keeps_it_open() {
    let held = shown(DeadlineAction::Release, IntentStatus::Captured, &[10_000]);
    let refund = operation(held.id, OperationKind::Refund, 500);
    assert_eq!(
        close_refused(&[(held, vec![refund])], now()),
        Some(StaysOpen::Settling)
    );
}

#[test]
fn what_dojo_takes_keeps_it_open_until_an_hour_after_the_deadline() {
    let of = |status, taken: &[i64]| shown(DeadlineAction::Capture, status, taken);
    let part = || of(IntentStatus::Authorized, &[4_000]);
    let hour = TimeDelta::hours(1);
    assert_eq!(
        early(of(IntentStatus::Authorized, &[])),
        Some(StaysOpen::DojoTakes)
    );
    assert_eq!(early(part()), Some(StaysOpen::DojoTakesRest));
    assert_eq!(
        after(part(), hour - TimeDelta::seconds(1)),
        Some(StaysOpen::DojoTakesRest)
    );
    assert_eq!(after(part(), hour), None);
    // Of what was never taken from nobody knows that it is over.
    assert_eq!(
        after(of(IntentStatus::Authorized, &[]), hour),
        Some(StaysOpen::DojoTakes)
    );
}

#[test]
fn a_state_that_nobody_knows_keeps_it_open_until_long_after_the_deadline() {
    let unknown = || shown(DeadlineAction::Release, IntentStatus::Unknown, &[]);
    let hour = TimeDelta::hours(1);
    assert!(after(unknown(), hour - TimeDelta::seconds(1)).is_some());
    assert_eq!(after(unknown(), hour), None);
    // Nobody ever paid it, so the deadline ends nothing.
    let mut unpaid = unknown();
    unpaid.seen.iter_mut().for_each(|seen| seen.authorised_at = None);
    assert_eq!(after(unpaid, hour), Some(StaysOpen::MayBePaid));
    let known = || shown(DeadlineAction::Release, IntentStatus::Authorized, &[]);
    assert_eq!(after(known(), hour), Some(StaysOpen::Held));
    let given_up = Hold {
        given_up_at: Some(now()),
        ..known()
    };
    assert_eq!(after(given_up, hour), None);
}
