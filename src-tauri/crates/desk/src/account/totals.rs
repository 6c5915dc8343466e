//! How much of a tab is on hold, taken or left.

use crate::account::Account;
use holdfast_domain::{CaptureMode, Hold};

/// Minor units that are on hold and not taken.
pub(crate) fn left(account: &Account) -> i64 {
    sum(account, Hold::left)
}

/// Minor units that are taken for certain, tips included.
pub(crate) fn captured(account: &Account) -> i64 {
    sum(account, Hold::captured)
}

/// Minor units that are or were reserved on cards, the taken part included; nothing once Dojo has acted.
pub(crate) fn held(account: &Account) -> i64 {
    sum(account, |hold| {
        if hold.mode == CaptureMode::Auto || hold.lapsed_at.is_some() {
            0
        } else {
            hold.authorised()
        }
    })
}

/// Minor units of all holds of a tab.
pub(crate) fn sum(account: &Account, of: fn(&Hold) -> i64) -> i64 {
    let holds = account.holds.iter();
    holds.fold(0_i64, |sum, (hold, _)| sum.saturating_add(of(hold)))
}
