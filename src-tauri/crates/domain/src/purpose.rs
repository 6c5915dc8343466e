//! What of an amount is for what.

use serde::{Deserialize, Serialize};

/// What a refund is of, in minor units. The rest of its amount is of the bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RefundOf {
    /// Service charge within the refund's amount.
    pub service: i64,
    /// Tip within the refund's amount.
    pub tip: i64,
    /// Within the bill's part, what comes off the bill, so that nobody owes it again. Neither what is charged
    /// again nor what had been paid beyond the bill is in it.
    pub off_bill: i64,
    /// Within the bill's part, what is to be charged again.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub again: i64,
}

impl RefundOf {
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
