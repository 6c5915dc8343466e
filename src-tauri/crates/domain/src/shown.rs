//! What Dojo's record shows of a hold's money.

use crate::{Hold, IntentStatus};

/// What Dojo's record shows of a hold's money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// Dojo's status; none before it was read.
    pub status: Option<IntentStatus>,
    /// Taken.
    pub taken: i64,
    /// Refunded.
    pub refunded: i64,
}

impl Shown {
    /// What is known of `hold`.
    pub fn of(hold: &Hold) -> Self {
        Self {
            status: hold.seen.as_ref().map(|seen| seen.status),
            taken: hold.captured(),
            refunded: hold.refunded(),
        }
    }
}
