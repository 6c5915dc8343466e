//! What an amount is for: bill, service charge or tip.

use serde::{Deserialize, Serialize};

/// What an amount is for, in minor units. What none of these names is of the bill. The amount may be a refund's, or
/// what a guest is asked for: then nothing comes off the bill, and nothing is charged again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Purpose {
    /// Service charge within the amount.
    pub service: i64,
    /// Tip within the amount.
    pub tip: i64,
    /// Of a refund's bill part, what comes off the bill, so that nobody owes it again. Neither what is charged again
    /// nor what had been paid beyond the bill is in it.
    pub off_bill: i64,
    /// Of a refund's bill part, what is to be charged again.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub again: i64,
}

impl Purpose {
    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            service: self.service.saturating_add(other.service),
            tip: self.tip.saturating_add(other.tip),
            off_bill: self.off_bill.saturating_add(other.off_bill),
            again: self.again.saturating_add(other.again),
        }
    }
}

/// For serde, which hands over a reference.
pub(crate) const fn is_zero(minor: &i64) -> bool {
    *minor == 0
}
