//! What the ledger says of a hold’s renewal.

use crate::account::Account;
use crate::context::reasons::NotPossible;
use crate::{AppError, ErrorCode};
use holdfast_domain::{Hold, HoldId, HoldState, Operation, OperationState, Renewal};

/// A hold of a tab, with its operations.
pub(crate) fn side(account: &Account, id: HoldId) -> Result<(&Hold, &[Operation]), AppError> {
    let found = account.holds.iter().find(|(hold, _)| hold.id == id);
    found
        .map(|(hold, operations)| (hold, operations.as_slice()))
        .ok_or_else(|| AppError::new(ErrorCode::NotFound, NotPossible::HoldNotOnTab))
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
