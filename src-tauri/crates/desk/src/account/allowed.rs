//! Whether a hold of a tab allows an action: the rule is the domain's, what it asks for is on the tab.

use crate::account::Account;
use crate::account::renewals::open_renewal;
use crate::wording;
use chrono::{DateTime, Utc};
use holdfast_domain::{Action, Hold, Operation, Refusal, refusal};

/// Why a hold of a tab refuses an action at `now`; none when it allows it.
pub(crate) fn refused(
    account: &Account,
    hold: &Hold,
    operations: &[Operation],
    action: Action,
    now: DateTime<Utc>,
) -> Option<Refusal> {
    let open = operations.iter().find(|o| o.state.is_open());
    refusal(hold, open, open_renewal(account, hold.id).is_some(), now, action)
}

/// The holds of a tab that allow an action at `now`, the oldest first.
pub(crate) fn allowing(
    account: &Account,
    action: Action,
    now: DateTime<Utc>,
) -> impl DoubleEndedIterator<Item = &Hold> {
    let holds = account.holds.iter();
    holds
        .filter(move |(hold, operations)| refused(account, hold, operations, action, now).is_none())
        .map(|(hold, _)| hold)
}

/// Why a hold can't be renewed now, in words; none when it can.
pub(crate) fn why_not_renew(
    account: &Account,
    hold: &Hold,
    operations: &[Operation],
    now: DateTime<Utc>,
) -> Option<&'static str> {
    refused(account, hold, operations, Action::Renew, now).map(|why| wording::refusal(Action::Renew, why))
}
