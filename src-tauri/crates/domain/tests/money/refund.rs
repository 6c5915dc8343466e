//! What a refund is of, and what is due after it.

use super::{capture, hold, operation, refunded, soon, taken};
use chrono::TimeDelta;
use holdfast_domain::*;
use proptest::prelude::*;

fn refund(amount: i64, of: Option<Purpose>, state: OperationState) -> Operation {
    let mut refund = operation(OperationKind::Refund, state);
    (refund.amount, refund.tip, refund.of) = (amount, 0, of);
    refund
}

fn of(service: i64, tip: i64, off_bill: i64, again: i64) -> Purpose {
    Purpose {
        service,
        tip,
        off_bill,
        again,
    }
}

#[test]
fn each_part_is_what_was_said_and_the_rest_is_not_said() {
    let hold = refunded(hold(IntentStatus::Captured, taken(4_000)), 1_500);
    let said = refund(800, Some(of(100, 200, 500, 0)), OperationState::Succeeded);
    let old = refund(300, None, OperationState::Succeeded);
    let lost = refund(200, Some(of(0, 200, 0, 0)), OperationState::Absent);
    let all = refunded_parts(&hold, &[said, old, lost]);
    let parts = Parts {
        bill: 500,
        service: 100,
        tip: 200,
    };
    assert_eq!((all.of, all.off_bill, all.not_said), (parts, 500, 700));
}

#[test]
fn one_that_is_being_settled_counts_when_dojo_shows_it() {
    let open = refund(800, Some(of(0, 800, 0, 0)), OperationState::Unknown);
    for (shown, tip) in [(0, 0), (799, 0), (800, 800)] {
        let hold = refunded(hold(IntentStatus::Captured, taken(4_000)), shown);
        assert_eq!(refunded_parts(&hold, std::slice::from_ref(&open)).of.tip, tip);
    }
}

#[test]
fn what_was_said_of_one_elsewhere_gives_way_when_it_turns_out_to_be_ours() {
    let mut hold = refunded(hold(IntentStatus::Captured, taken(4_000)), 800);
    hold.said_elsewhere = Some(Said {
        amount: 800,
        of: of(0, 800, 0, 0),
        by: Actor::staff("Sam"),
        at: soon(),
        earlier: Vec::new(),
    });
    let ours = |state| [refund(800, Some(of(800, 0, 0, 0)), state)];
    let tip_and_service = |all: &[Operation]| {
        let parts = refunded_parts(&hold, all).of;
        (parts.tip, parts.service)
    };
    assert_eq!(tip_and_service(&ours(OperationState::Absent)), (800, 0));
    assert_eq!(tip_and_service(&ours(OperationState::Succeeded)), (0, 800));
}

#[test]
fn what_was_taken_elsewhere_counts_as_bill() {
    let mut ours = operation(OperationKind::Capture, OperationState::Succeeded);
    (ours.amount, ours.service, ours.tip) = (1_000, 100, 50);
    ours.dojo_id = Some("cp_1".into());
    let known = capture("cp_1", 1_000, 50, CaptureStatus::Successful);
    let other = capture("cp_2", 700, 0, CaptureStatus::Successful);
    let parts = taken_parts(&hold(IntentStatus::Captured, vec![known, other]), &[ours]);
    let expected = Parts {
        bill: 1_600,
        service: 100,
        tip: 50,
    };
    assert_eq!(parts, expected);
}

#[test]
fn what_nobody_said_the_purpose_of_may_have_been_beyond_the_bill() {
    // A bill of 40.00 that was paid twice; the duplicate went back, and nobody has said so.
    let paid = Paid {
        lines: 4_000,
        taken: 8_000,
        not_said: 4_000,
        ..Paid::default()
    };
    assert_eq!((paid.due(), paid.over()), (0, 0));
    let all = Parts {
        bill: 4_000,
        ..Parts::default()
    };
    assert_eq!(paid.refund(all, false), of(0, 0, 4_000, 0));
    let said = Paid { not_said: 0, ..paid };
    assert_eq!((said.over(), said.refund(all, false)), (4_000, of(0, 0, 0, 0)));
}

#[test]
fn each_refund_that_is_charged_again_keeps_its_own_day() {
    let said = |minutes, again, earlier| Said {
        amount: 2_500,
        of: of(0, 0, 0, again),
        by: Actor::staff("Sam"),
        at: soon() + TimeDelta::minutes(minutes),
        earlier,
    };
    let one = Again {
        minor: 2_000,
        at: soon(),
    };
    let two = Again {
        minor: 500,
        at: soon() + TimeDelta::minutes(9),
    };
    let all = |said: &Said| said.again().collect::<Vec<_>>();
    assert_eq!(all(&said(0, 2_000, Vec::new())), [one]);
    assert_eq!(all(&said(9, 2_500, vec![one])), [one, two]);
    // What was said last took it off the bill.
    assert_eq!(all(&said(9, 2_000, vec![one])), [one]);
    assert!(all(&said(9, 0, Vec::new())).is_empty());
}

/// What a person with a pencil makes of one refund after another: first comes back what was paid too much, then
/// the rest is struck from the bill, or stands on it still.
#[derive(Default)]
struct Pencil {
    bill: i64,
    paid: i64,
}

impl Pencil {
    fn give_back(&mut self, minor: i64, again: bool) {
        for _ in 0..minor {
            if self.paid <= self.bill && !again {
                self.bill -= 1;
            }
            self.paid -= 1;
        }
    }
}

proptest! {
    /// Taken off the bill a refund makes nothing due; charged again it makes just what was owed due; the lines less
    /// what came off are the bill.
    #[test]
    fn what_is_due_is_what_a_person_with_a_pencil_says(
        lines in 0..300_i64,
        taken in 0..400_i64,
        refunds in prop::collection::vec((0..100_i64, any::<bool>()), 0..6),
    ) {
        let mut paid = Paid { lines, taken, ..Paid::default() };
        let mut pencil = Pencil { bill: lines, paid: taken };
        for (minor, again) in refunds {
            let minor = minor.min(pencil.paid);
            let due = paid.due();
            let parts = Parts { bill: minor, ..Parts::default() };
            paid = paid.after(parts, paid.refund(parts, again));
            pencil.give_back(minor, again);
            prop_assert_eq!(paid.bill(), pencil.bill);
            prop_assert_eq!(paid.due(), (pencil.bill - pencil.paid).max(0));
            prop_assert!(again || paid.due() == due);
            prop_assert!(paid.due_again() <= paid.due());
        }
    }
}
