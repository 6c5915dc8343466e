//! What one reading of a payment intent showed.

use crate::{CaptureStatus, IntentStatus};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One entry of an intent's `captures[]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capture {
    /// Dojo's id.
    pub id: String,
    /// Minor units without the tip.
    pub amount: i64,
    /// Minor units of tip.
    pub tip: i64,
    /// What became of it.
    pub status: CaptureStatus,
    /// When Dojo made it.
    pub at: Option<DateTime<Utc>>,
}

impl Capture {
    /// Amount and tip.
    pub const fn total(&self) -> i64 {
        self.amount.saturating_add(self.tip)
    }
}

/// The card, as far as anybody here may know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Scheme, e.g. MASTERCARD.
    pub brand: Option<String>,
    /// Last four digits, never more.
    pub last_four: Option<String>,
}

/// What one GET of the intent showed. Minor units throughout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Dojo's status.
    pub status: IntentStatus,
    /// The amount asked for, without tip.
    pub amount: i64,
    /// The tip asked for with the intent.
    pub tip: i64,
    /// Amount, tip, service charge and cashback: what a hold covers.
    pub total: i64,
    /// Refunded so far.
    pub refunded: i64,
    /// `captures[]`; empty when absent.
    pub captures: Vec<Capture>,
    /// The card, once known.
    pub card: Option<Card>,
    /// The bank's authorisation code.
    pub auth_code: Option<String>,
    /// When the card was authorised; as early as it can have been, where Dojo doesn't say.
    pub authorised_at: Option<DateTime<Utc>>,
    /// When it was authorised at the latest, where Dojo doesn't say: the first answer that showed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorised_by: Option<DateTime<Utc>>,
    /// Declined tries seen so far.
    pub declined: u32,
    /// When we read it, by our clock.
    pub seen_at: DateTime<Utc>,
}

impl Snapshot {
    /// Whether the card was authorised and not released. Where Dojo's word for it is unknown, it still is if it
    /// ever was.
    pub(crate) const fn is_authorised(&self) -> bool {
        match self.status {
            IntentStatus::Authorized | IntentStatus::Captured | IntentStatus::Refunded => true,
            IntentStatus::Unknown => self.authorised_at.is_some(),
            IntentStatus::Created | IntentStatus::Canceled | IntentStatus::Reversed => false,
        }
    }

    /// Whether this shows Dojo's record as it was before `known`: something that can't be undone is
    /// missing from it. Such a reading is old, or wrong; either way it proves nothing.
    pub fn is_behind(&self, known: &Self) -> bool {
        let is_lost = |before: &Capture| {
            let now = self.captures.iter().find(|now| now.id == before.id);
            now.is_none_or(|now| before.status.is_final() && now.status == CaptureStatus::Created)
        };
        // Where no capture says that it was taken, only the status does.
        let is_taken = matches!(known.status, IntentStatus::Captured | IntentStatus::Refunded);
        let is_unsaid = is_taken && known.captures.is_empty() && self.status == IntentStatus::Unknown;
        is_unsaid
            || self.refunded < known.refunded
            || self.status.is_before(known.status)
            || known.captures.iter().any(is_lost)
    }
}
