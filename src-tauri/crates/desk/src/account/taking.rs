//! What of a tab is being taken: a take was asked for, here or elsewhere, and isn't done for all that is known.

use crate::account::due::{may_never_settle, unsettled};
use crate::account::{Account, totals};
use chrono::{DateTime, Utc};
use holdfast_domain::{Capture, Hold, Operation, OperationKind, OperationState};

/// Takes that are in progress, in minor units. Until they end, their money is neither still to take nor free to spend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Taking {
    /// Service charge and tip included.
    pub(crate) total: i64,
    /// What of the bill they pay.
    pub(crate) bill: i64,
    /// What of `total` Dojo's record still shows as on hold.
    pub(crate) on_hold: i64,
    /// Of one of them nobody knows whether Dojo has it.
    pub(crate) is_unclear: bool,
}

impl Taking {
    /// What a tab's takes in progress come to. One that may never settle isn't waited for: the bill can be taken in
    /// another way.
    pub(crate) fn of(account: &Account, now: DateTime<Utc>) -> Self {
        let shown =
            unsettled(account).filter(|(hold, capture, its)| !may_never_settle(hold, capture, *its, now));
        let shown = shown.fold(Self::default(), |sum, (_, capture, its)| Self {
            total: sum.total.saturating_add(capture.total()),
            bill: sum.bill.saturating_add(bill_in(capture, its)),
            is_unclear: sum.is_unclear || its.is_some_and(is_unclear),
            ..sum
        });
        let hidden = account.holds.iter().flat_map(hidden_takes);
        hidden.fold(shown, |sum, (hold, take)| Self {
            total: sum.total.saturating_add(total(take)),
            bill: sum.bill.saturating_add(take.amount.saturating_sub(take.service)),
            on_hold: sum.on_hold.saturating_add(total(take).min(hold.left())),
            is_unclear: sum.is_unclear || is_unclear(take),
        })
    }

    /// Minor units on the tab's holds without what is being taken.
    pub(crate) fn leaves(&self, account: &Account) -> i64 {
        totals::left(account).saturating_sub(self.on_hold)
    }
}

/// What of a hold is being taken, and is on hold by Dojo's record yet; in minor units.
pub(crate) fn hidden(entry: &(Hold, Vec<Operation>)) -> i64 {
    let takes = hidden_takes(entry);
    takes.fold(0_i64, |sum, (hold, take)| {
        sum.saturating_add(total(take).min(hold.left()))
    })
}

/// The takes of a hold that are in progress and that Dojo's record doesn't show.
fn hidden_takes((hold, operations): &(Hold, Vec<Operation>)) -> impl Iterator<Item = (&Hold, &Operation)> {
    let takes = operations
        .iter()
        .filter(|take| take.kind == OperationKind::Capture && take.state.is_open() && !is_shown(hold, take));
    takes.map(move |take| (hold, take))
}

const fn total(take: &Operation) -> i64 {
    take.amount.saturating_add(take.tip)
}

/// Whether Dojo's record has a take already.
fn is_shown(hold: &Hold, take: &Operation) -> bool {
    let mut captures = hold.seen.iter().flat_map(|seen| &seen.captures);
    captures.any(|capture| take.dojo_id.as_ref() == Some(&capture.id))
}

fn is_unclear(take: &Operation) -> bool {
    take.state == OperationState::Unknown
}

/// What of the bill a capture pays. Of what was asked for elsewhere nobody knows a service charge.
fn bill_in(capture: &Capture, its: Option<&Operation>) -> i64 {
    let service = its.map_or(0, |take| take.service);
    capture
        .total()
        .saturating_sub(capture.tip)
        .saturating_sub(service)
}
