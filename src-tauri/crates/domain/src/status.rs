//! Dojo's statuses, of an intent and of a capture.

use serde::{Deserialize, Serialize};

/// Dojo's payment intent status (OpenAPI 2026-02-27, `PaymentIntentStatus`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntentStatus {
    /// Not paid yet.
    Created,
    /// Held.
    Authorized,
    /// Taken; of a Manual intent perhaps only a part.
    Captured,
    /// Released.
    Reversed,
    /// Wholly refunded.
    Refunded,
    /// An unpaid request that was withdrawn.
    Canceled,
    /// A status this version does not know: what was held counts as held, and a person decides.
    Unknown,
}

impl IntentStatus {
    /// How far it is from its beginning: none ever goes back. An unknown one says nothing. A request that was
    /// withdrawn may be paid all the same: the guest's bank was faster.
    const fn age(self) -> Option<u8> {
        match self {
            Self::Created => Some(0),
            Self::Canceled => Some(1),
            Self::Authorized => Some(2),
            Self::Captured | Self::Reversed => Some(3),
            Self::Refunded => Some(4),
            Self::Unknown => None,
        }
    }

    /// Whether a record that showed this status can't show `before` as well, unless it is older.
    pub(crate) fn is_before(self, before: Self) -> bool {
        // A withdrawn request ends for good where nothing was taken of it.
        let is_end = self == Self::Canceled && before == Self::Authorized;
        let ages = self.age().zip(before.age());
        !is_end && ages.is_some_and(|(now, before)| now < before)
    }
}

/// Dojo's `CaptureStatus`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaptureStatus {
    /// Accepted, not settled.
    Created,
    /// Money moved.
    Successful,
    /// Refused by the bank.
    Declined,
    /// Did not go through.
    Failed,
    /// A status this version does not know: counted as pending, for it may be money.
    Unknown,
}

impl CaptureStatus {
    /// Decided, one way or the other.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Successful | Self::Declined | Self::Failed)
    }
}
