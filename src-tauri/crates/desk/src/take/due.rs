//! What is due on a tab's bill, and how much there is to take it from.

use crate::show::Whole;
use crate::view::Money as MoneyView;
use chrono::{DateTime, Utc};
use holdfast_domain::{
    Action, Hold, HoldState, Money, Operation, OperationKind, OperationState, actions, bill,
};

/// What is still due on the bill, and the holds that may be taken from.
pub(crate) fn takeable(whole: &Whole, now: DateTime<Utc>) -> (Money, Vec<Hold>) {
    let currency = whole.tab.currency;
    let total = bill(&whole.lines, currency).unwrap_or(Money::zero(currency));
    let (mut taken, mut holds) = (0_i64, Vec::new());
    for (hold, operations) in &whole.holds {
        let without_tip = hold
            .captured()
            .saturating_sub(hold.captured_tip())
            .saturating_sub(service_taken(operations))
            .saturating_sub(hold.refunded());
        taken = taken.saturating_add(without_tip.max(0));
        if may(hold, operations, Action::Take, now) {
            holds.push(hold.clone());
        }
    }
    let due = total.minor.saturating_sub(taken).max(0);
    (Money::new(due, currency), holds)
}

/// The most that can be taken: what is left of the holds that may be taken from.
pub(crate) fn at_hand(whole: &Whole, now: DateTime<Utc>) -> Money {
    let (due, holds) = takeable(whole, now);
    let left = holds
        .iter()
        .fold(0_i64, |sum, hold| sum.saturating_add(hold.left()));
    Money::new(left, due.currency)
}

/// Minor units of service charge within what was taken by these operations.
fn service_taken(operations: &[Operation]) -> i64 {
    operations
        .iter()
        .filter(|o| o.kind == OperationKind::Capture && o.state == OperationState::Succeeded)
        .fold(0_i64, |sum, o| sum.saturating_add(o.service))
}

/// What the bill is beyond all that is taken, held and asked for.
pub(crate) fn missing(whole: &Whole, now: DateTime<Utc>) -> Option<MoneyView> {
    let (due, _) = takeable(whole, now);
    // What is being renewed goes back to the guest: its place is taken, not added to.
    let is_renewed = |hold: &Hold| whole.renewals.iter().any(|r| r.is_open() && r.old == hold.id);
    let stays = whole.holds.iter().filter(|(hold, _)| !is_renewed(hold));
    let covered = stays.fold(0_i64, |sum, (hold, _)| {
        let asked = match hold.state(now) {
            HoldState::Opening => hold.asked,
            HoldState::Waiting => hold.seen.as_ref().map_or(hold.asked, |seen| seen.total),
            // What was given back was not had after all: nobody is asked for it again.
            _ => hold
                .left()
                .saturating_add(hold.pending())
                .saturating_add(hold.refunded()),
        };
        sum.saturating_add(asked)
    });
    let missing = due.minor.saturating_sub(covered);
    (missing > 0).then(|| Money::new(missing, due.currency).into())
}

/// Whether a hold allows an action now.
pub(crate) fn may(hold: &Hold, operations: &[Operation], action: Action, now: DateTime<Utc>) -> bool {
    let open = operations.iter().find(|o| o.state.is_open());
    actions(hold, open, false, now)
        .iter()
        .any(|a| a.action == action && a.why_not.is_none())
}
