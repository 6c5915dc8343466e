//! What the ledger says of a hold’s renewal.

use crate::account::Account;
use crate::{AppError, ErrorCode, wording};
use chrono::{DateTime, Utc};
use holdfast_domain::{Action, Hold, HoldId, HoldState, Operation, OperationState, Renewal, actions};

/// A hold of a tab, with its operations.
pub(crate) fn side(account: &Account, id: HoldId) -> Result<(&Hold, &[Operation]), AppError> {
    let found = account.holds.iter().find(|(hold, _)| hold.id == id);
    found
        .map(|(hold, operations)| (hold, operations.as_slice()))
        .ok_or_else(|| AppError::new(ErrorCode::NotFound, "That hold is not on this tab."))
}

/// The renewal under way that is about `hold`.
pub(crate) fn open_renewal(account: &Account, hold: HoldId) -> Option<&Renewal> {
    account.renewals.iter().find(|r| r.is_open() && r.is_about(hold))
}

/// With the new hold in force, the old one's release is on its way, or done. Staff may have released it before:
/// that is no renewal.
pub(crate) fn is_releasing(renewal: &Renewal, old: &[Operation], new: &Hold) -> bool {
    let release = renewal.release(old);
    new.ever_held() > 0 && release.is_some_and(|o| o.state.is_open() || o.state == OperationState::Succeeded)
}

/// Whether any of it is held.
pub(crate) fn is_held(hold: &Hold) -> bool {
    matches!(hold.state_at_dojo(), HoldState::Held | HoldState::PartTaken)
}

/// Whether a hold of a tab allows an action now.
pub(crate) fn may_now(
    account: &Account,
    hold: &Hold,
    operations: &[Operation],
    action: Action,
    now: DateTime<Utc>,
) -> bool {
    let open = operations.iter().find(|o| o.state.is_open());
    actions(hold, open, open_renewal(account, hold.id).is_some(), now)
        .into_iter()
        .any(|allowed| allowed.action == action && allowed.refusal.is_none())
}

pub(crate) fn why_not(
    account: &Account,
    hold: &Hold,
    operations: &[Operation],
    now: DateTime<Utc>,
) -> Option<&'static str> {
    let open = operations.iter().find(|o| o.state.is_open());
    actions(hold, open, open_renewal(account, hold.id).is_some(), now)
        .into_iter()
        .find(|allowed| allowed.action == Action::Renew)
        .and_then(|allowed| allowed.refusal)
        .map(|why| wording::refusal(Action::Renew, why))
}
