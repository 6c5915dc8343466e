//! What may be done to a hold, and why not the rest.

use super::{HELD, capture, hold, opened, operation, refunded, soon, taken};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_domain::{
    Action, CaptureMode, CaptureStatus, DeadlineAction, Hold, HoldState, IntentStatus, OperationKind,
    OperationState, Refusal, actions,
};

fn allowed_at(hold: &Hold, now: DateTime<Utc>) -> Vec<Action> {
    let all = actions(hold, None, false, now);
    let order: Vec<Action> = all.iter().map(|a| a.action).collect();
    assert_eq!(order, Action::ALL);
    let free = all.into_iter().filter(|a| a.refusal.is_none());
    free.map(|a| a.action).collect()
}

fn allowed(hold: &Hold) -> Vec<Action> {
    allowed_at(hold, soon())
}

fn refusal(hold: &Hold, action: Action) -> Option<Refusal> {
    let all = actions(hold, None, false, soon());
    all.into_iter().find(|a| a.action == action)?.refusal
}

fn lapsed(mut hold: Hold, action: DeadlineAction) -> Hold {
    hold.lapsed_at = Some(opened());
    hold.expire_action = Some(action);
    hold
}

/// Its card was never authorised.
fn never_held(status: IntentStatus) -> Hold {
    let mut hold = hold(status, Vec::new());
    if let Some(seen) = &mut hold.seen {
        seen.authorised_at = None;
    }
    hold
}

fn unread() -> Hold {
    Hold {
        seen: None,
        ..hold(IntentStatus::Created, Vec::new())
    }
}

#[test]
fn each_state_allows_just_this() {
    use Action::{Cancel, ChangeAmount, ChangeTip, Receipt, Refund, Release, Renew, Take};
    use IntentStatus::{Authorized, Canceled, Captured, Created, Refunded, Reversed, Unknown};
    let payment = Hold {
        mode: CaptureMode::Auto,
        ..hold(Captured, Vec::new())
    };
    let cases: [(Hold, &[Action]); 19] = [
        (unread(), &[]),
        // In a state that nobody knows the amounts speak, and Dojo decides.
        (hold(Unknown, Vec::new()), &[Take, Release]),
        (hold(Unknown, taken(4_000)), &[Take, Refund]),
        (hold(Unknown, taken(HELD)), &[Refund]),
        (refunded(hold(Unknown, taken(4_000)), 4_000), &[]),
        (never_held(Unknown), &[]),
        (lapsed(hold(Unknown, Vec::new()), DeadlineAction::Release), &[]),
        (hold(Created, Vec::new()), &[Cancel, ChangeAmount, ChangeTip]),
        (hold(Canceled, Vec::new()), &[]),
        (hold(Reversed, Vec::new()), &[]),
        (hold(Authorized, Vec::new()), &[Take, Release, Renew]),
        (hold(Authorized, taken(4_000)), &[Take, Refund, Receipt]),
        (hold(Captured, taken(HELD)), &[Refund, Receipt]),
        (refunded(hold(Captured, taken(4_000)), 1_000), &[Refund, Receipt]),
        (refunded(hold(Captured, taken(4_000)), 4_000), &[Receipt]),
        (refunded(hold(Refunded, taken(4_000)), 4_000), &[Receipt]),
        (payment, &[Refund, Receipt]),
        (
            lapsed(hold(Captured, taken(4_000)), DeadlineAction::Release),
            &[Refund, Receipt],
        ),
        (
            lapsed(hold(Captured, taken(HELD)), DeadlineAction::Capture),
            &[Refund, Receipt],
        ),
    ];
    for (hold, wanted) in cases {
        assert_eq!(allowed(&hold), wanted, "{hold:?}");
    }
}

#[test]
fn while_one_request_is_open_no_other_may_begin() {
    let held = hold(IntentStatus::Authorized, Vec::new());
    let open = operation(OperationKind::Capture, OperationState::Unknown);
    for allowed in actions(&held, Some(&open), false, soon()) {
        assert_eq!(allowed.refusal, Some(Refusal::Settling));
    }
}

#[test]
fn past_its_deadline_by_our_clock_a_hold_can_be_acted_on_as_before() {
    let late = opened() + TimeDelta::days(2);
    for captures in [Vec::new(), taken(4_000), taken(HELD)] {
        let held = hold(IntentStatus::Authorized, captures);
        assert_eq!(allowed_at(&held, late), allowed(&held));
    }
    let held = hold(IntentStatus::Authorized, Vec::new());
    assert_eq!(held.state(late), HoldState::Overdue, "it is said all the same");
    let part = hold(IntentStatus::Authorized, taken(4_000));
    let all = actions(&part, None, false, late);
    let renew = all.iter().find(|a| a.action == Action::Renew);
    assert!(matches!(
        renew.and_then(|a| a.refusal),
        Some(Refusal::PartTaken { .. })
    ));
}

#[test]
fn what_can_not_be_done_says_why() {
    use Action::{Cancel, ChangeTip, Receipt, Refund, Release, Renew, Take};
    use DeadlineAction::Release as LetGo;
    use IntentStatus::{Authorized, Canceled, Captured, Created, Refunded, Reversed, Unknown};
    let none = Vec::new;
    let payment = Hold {
        mode: CaptureMode::Auto,
        ..hold(Captured, none())
    };
    let cases = [
        (unread(), Take, Refusal::NotConfirmed),
        (hold(Unknown, none()), Refund, Refusal::NothingTaken),
        (hold(Unknown, none()), Renew, Refusal::UnknownState),
        (hold(Unknown, taken(HELD)), Receipt, Refusal::UnknownState),
        (never_held(Unknown), Take, Refusal::UnknownState),
        (hold(Unknown, taken(HELD)), Take, Refusal::AllTaken),
        (hold(Created, none()), Take, Refusal::NotPaid),
        (hold(Created, none()), Release, Refusal::NotPaid),
        (hold(Created, none()), Refund, Refusal::NothingTaken),
        (hold(Created, none()), Receipt, Refusal::NothingTaken),
        (hold(Authorized, none()), Cancel, Refusal::NotUnpaid),
        (hold(Authorized, none()), ChangeTip, Refusal::NotUnpaid),
        (hold(Canceled, none()), Take, Refusal::Cancelled),
        (hold(Reversed, none()), Take, Refusal::Released),
        (
            lapsed(hold(Reversed, none()), LetGo),
            Take,
            Refusal::ReleasedAtDeadline,
        ),
        (
            lapsed(hold(Captured, taken(HELD)), DeadlineAction::Capture),
            Take,
            Refusal::TakenAtDeadline,
        ),
        (hold(Captured, taken(HELD)), Take, Refusal::AllTaken),
        (
            lapsed(hold(Captured, taken(4_000)), LetGo),
            Take,
            Refusal::RestReleasedAtDeadline,
        ),
        (
            refunded(hold(Captured, taken(4_000)), 1_000),
            Take,
            Refusal::RefundedInPart,
        ),
        (
            refunded(hold(Captured, taken(HELD)), 1_000),
            Take,
            Refusal::AllTaken,
        ),
        (
            refunded(lapsed(hold(Captured, taken(4_000)), LetGo), 1_000),
            Take,
            Refusal::RestReleasedAtDeadline,
        ),
        (hold(Refunded, taken(HELD)), Take, Refusal::Refunded),
        (payment, Release, Refusal::IsPayment),
        (
            hold(Authorized, taken(4_000)),
            Release,
            Refusal::PartTaken {
                rest: Some(DeadlineAction::Release),
            },
        ),
        (
            Hold {
                expire_action: Some(DeadlineAction::Capture),
                ..hold(Authorized, taken(4_000))
            },
            Release,
            Refusal::PartTaken {
                rest: Some(DeadlineAction::Capture),
            },
        ),
        (
            hold(Captured, taken(HELD)),
            Release,
            Refusal::PartTaken { rest: None },
        ),
        (
            refunded(hold(Captured, taken(4_000)), 4_000),
            Refund,
            Refusal::AllRefunded,
        ),
        (hold(Created, none()), Renew, Refusal::NotPaid),
        (
            hold(Authorized, taken(4_000)),
            Renew,
            Refusal::PartTaken {
                rest: Some(DeadlineAction::Release),
            },
        ),
        (
            Hold {
                expire_action: Some(DeadlineAction::Capture),
                ..hold(Authorized, taken(4_000))
            },
            Renew,
            Refusal::PartTaken {
                rest: Some(DeadlineAction::Capture),
            },
        ),
        (
            lapsed(hold(Captured, taken(4_000)), LetGo),
            Renew,
            Refusal::PartTaken { rest: None },
        ),
        (
            Hold {
                mode: CaptureMode::Auto,
                ..hold(Authorized, none())
            },
            Renew,
            Refusal::IsPayment,
        ),
    ];
    for (hold, action, why) in cases {
        assert_eq!(refusal(&hold, action), Some(why), "{action:?} on {hold:?}");
    }
}

#[test]
fn while_it_is_being_renewed_all_but_that_may_be_done() {
    let held = hold(IntentStatus::Authorized, Vec::new());
    let free = |renewing| {
        let all = actions(&held, None, renewing, soon()).into_iter();
        all.filter(|a| a.refusal.is_none())
            .map(|a| a.action)
            .collect::<Vec<_>>()
    };
    assert_eq!(free(false), [Action::Take, Action::Release, Action::Renew]);
    assert_eq!(free(true), [Action::Take, Action::Release]);
    let all = actions(&held, None, true, soon());
    let renew = all.iter().find(|a| a.action == Action::Renew);
    assert_eq!(renew.and_then(|a| a.refusal), Some(Refusal::RenewalUnderWay));
}

#[test]
fn a_payment_that_is_all_taken_is_not_called_released_by_dojo() {
    // Its action at the deadline is another one, so the rest was not released.
    let all = lapsed(hold(IntentStatus::Captured, taken(HELD)), DeadlineAction::Capture);
    let part = refunded(all, 1_000);
    assert_eq!(refusal(&part, Action::Take), Some(Refusal::AllTaken));
}

#[test]
fn a_pending_capture_is_neither_refundable_nor_a_receipt() {
    let pending = vec![capture("cp_1", 4_000, 0, CaptureStatus::Created)];
    let held = hold(IntentStatus::Captured, pending);
    assert_eq!(refusal(&held, Action::Refund), Some(Refusal::NothingTaken));
    assert_eq!(refusal(&held, Action::Receipt), Some(Refusal::NothingTaken));
}
