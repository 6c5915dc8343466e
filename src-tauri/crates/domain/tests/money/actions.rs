//! What may be done to a hold, and why not the rest.

use super::{HELD, capture, hold, opened, operation, refunded, soon, taken};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_domain::{
    Action, CaptureMode, CaptureStatus, DeadlineAction, Hold, HoldState, IntentStatus, OperationKind,
    OperationState, actions,
};

fn allowed_at(hold: &Hold, now: DateTime<Utc>) -> Vec<Action> {
    let all = actions(hold, None, false, now);
    let order: Vec<Action> = all.iter().map(|a| a.action).collect();
    assert_eq!(order, Action::ALL);
    let free = all.into_iter().filter(|a| a.why_not.is_none());
    free.map(|a| a.action).collect()
}

fn allowed(hold: &Hold) -> Vec<Action> {
    allowed_at(hold, soon())
}

fn why_not(hold: &Hold, action: Action) -> &'static str {
    let all = actions(hold, None, false, soon());
    let one = all.into_iter().find(|a| a.action == action);
    one.and_then(|a| a.why_not).unwrap_or("allowed")
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
        assert_eq!(
            allowed.why_not,
            Some("The last request is still being settled with Dojo.")
        );
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
    assert!(
        renew
            .unwrap()
            .why_not
            .unwrap()
            .starts_with("Part of it has been taken")
    );
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
        (unread(), Take, "Dojo has not confirmed this request yet."),
        (hold(Unknown, none()), Refund, "Nothing has been taken."),
        (
            hold(Unknown, none()),
            Renew,
            "Dojo shows a state that this version does not know.",
        ),
        (
            hold(Unknown, taken(HELD)),
            Receipt,
            "Dojo shows a state that this version does not know.",
        ),
        (
            never_held(Unknown),
            Take,
            "Dojo shows a state that this version does not know.",
        ),
        (hold(Unknown, taken(HELD)), Take, "All of it has been taken."),
        (hold(Created, none()), Take, "The guest has not paid yet."),
        (hold(Created, none()), Release, "The guest has not paid yet."),
        (hold(Created, none()), Refund, "Nothing has been taken."),
        (hold(Created, none()), Receipt, "A receipt needs something taken."),
        (
            hold(Authorized, none()),
            Cancel,
            "Only an unpaid request can be cancelled.",
        ),
        (
            hold(Authorized, none()),
            ChangeTip,
            "It can be changed only until the guest has paid.",
        ),
        (hold(Canceled, none()), Take, "The request was cancelled."),
        (hold(Reversed, none()), Take, "It was released."),
        (
            lapsed(hold(Reversed, none()), LetGo),
            Take,
            "Dojo released it at the deadline. Nothing is held.",
        ),
        (
            lapsed(hold(Captured, taken(HELD)), DeadlineAction::Capture),
            Take,
            "Dojo took it at the deadline.",
        ),
        (hold(Captured, taken(HELD)), Take, "All of it has been taken."),
        (
            lapsed(hold(Captured, taken(4_000)), LetGo),
            Take,
            "Dojo released the rest at the deadline. Nothing is held.",
        ),
        (
            refunded(hold(Captured, taken(4_000)), 1_000),
            Take,
            "It has been refunded in part, so no more can be taken.",
        ),
        (
            refunded(hold(Captured, taken(HELD)), 1_000),
            Take,
            "All of it has been taken.",
        ),
        (
            refunded(lapsed(hold(Captured, taken(4_000)), LetGo), 1_000),
            Take,
            "Dojo released the rest at the deadline. Nothing is held.",
        ),
        (hold(Refunded, taken(HELD)), Take, "It was refunded."),
        (
            payment,
            Release,
            "A payment that was taken can be refunded, not released.",
        ),
        (
            hold(Authorized, taken(4_000)),
            Release,
            "Part of it has been taken. Dojo releases the rest at the deadline, and nobody can before; what \
             was taken can be refunded.",
        ),
        (
            Hold {
                expire_action: Some(DeadlineAction::Capture),
                ..hold(Authorized, taken(4_000))
            },
            Release,
            "Part of it has been taken. Dojo takes the rest at the deadline, and nobody can release it any \
             more; what was taken can be refunded.",
        ),
        (
            hold(Captured, taken(HELD)),
            Release,
            "Something has been taken of it, so nothing can be released. What was taken can be refunded.",
        ),
        (
            refunded(hold(Captured, taken(4_000)), 4_000),
            Refund,
            "All that was taken is refunded already.",
        ),
        (hold(Created, none()), Renew, "The guest has not paid yet."),
        (
            hold(Authorized, taken(4_000)),
            Renew,
            "Part of it has been taken, and Dojo releases the rest at the deadline. Ask for more instead.",
        ),
        (
            Hold {
                expire_action: Some(DeadlineAction::Capture),
                ..hold(Authorized, taken(4_000))
            },
            Renew,
            "Part of it has been taken, and Dojo takes the rest at the deadline. Ask for more instead.",
        ),
        (
            lapsed(hold(Captured, taken(4_000)), LetGo),
            Renew,
            "Something has been taken of it. Ask for more instead.",
        ),
        (
            Hold {
                mode: CaptureMode::Auto,
                ..hold(Authorized, none())
            },
            Renew,
            "A payment that was taken holds nothing that could be renewed.",
        ),
    ];
    for (hold, action, words) in cases {
        assert_eq!(why_not(&hold, action), words, "{action:?} on {hold:?}");
    }
}

#[test]
fn while_it_is_being_renewed_all_but_that_may_be_done() {
    let held = hold(IntentStatus::Authorized, Vec::new());
    let free = |renewing| {
        let all = actions(&held, None, renewing, soon()).into_iter();
        all.filter(|a| a.why_not.is_none())
            .map(|a| a.action)
            .collect::<Vec<_>>()
    };
    assert_eq!(free(false), [Action::Take, Action::Release, Action::Renew]);
    assert_eq!(free(true), [Action::Take, Action::Release]);
    let all = actions(&held, None, true, soon());
    let renew = all.iter().find(|a| a.action == Action::Renew);
    assert_eq!(
        renew.and_then(|a| a.why_not),
        Some("It is being renewed already.")
    );
}

#[test]
fn a_payment_that_is_all_taken_is_not_called_released_by_dojo() {
    // Its action at the deadline is another one, so the rest was not let go.
    let all = lapsed(hold(IntentStatus::Captured, taken(HELD)), DeadlineAction::Capture);
    let part = refunded(all, 1_000);
    assert_eq!(why_not(&part, Action::Take), "All of it has been taken.");
}

#[test]
fn a_pending_capture_is_neither_refundable_nor_a_receipt() {
    let pending = vec![capture("cp_1", 4_000, 0, CaptureStatus::Created)];
    let held = hold(IntentStatus::Captured, pending);
    assert_eq!(why_not(&held, Action::Refund), "Nothing has been taken.");
    assert_eq!(
        why_not(&held, Action::Receipt),
        "A receipt needs something taken."
    );
}
