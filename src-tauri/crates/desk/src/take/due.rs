//! What is due on a tab's bill, and how much there is to take it from.

use crate::show::Whole;
use crate::view::Money as MoneyView;
use chrono::{DateTime, Utc};
use holdfast_domain::{Action, Hold, HoldState, Money, Operation, Paid, actions, bill};

/// A tab's bill, and what was paid and given back of it.
pub(crate) fn paid(whole: &Whole) -> Paid {
    let lines = bill(&whole.lines, whole.tab.currency).map_or(0, |bill| bill.minor);
    Paid::of(lines, &whole.holds)
}

/// What is due because a refund is to be charged again; a part of all that is due.
pub(crate) fn charged_again(whole: &Whole) -> Money {
    Money::new(paid(whole).due_again(), whole.tab.currency)
}

/// What is still due on the bill, and the holds that may be taken from.
pub(crate) fn takeable(whole: &Whole, now: DateTime<Utc>) -> (Money, Vec<Hold>) {
    let holds = whole.holds.iter();
    let holds = holds.filter(|(hold, operations)| may(hold, operations, Action::Take, now));
    let due = Money::new(paid(whole).due(), whole.tab.currency);
    (due, holds.map(|(hold, _)| hold.clone()).collect())
}

/// The most that can be taken: what is left of the holds that may be taken from.
pub(crate) fn at_hand(whole: &Whole, now: DateTime<Utc>) -> Money {
    let (due, holds) = takeable(whole, now);
    let left = holds
        .iter()
        .fold(0_i64, |sum, hold| sum.saturating_add(hold.left()));
    Money::new(left, due.currency)
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
            _ => hold.left().saturating_add(hold.pending()),
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
