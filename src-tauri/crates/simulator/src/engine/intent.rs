//! A payment intent as it is inside.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The statuses of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are the interface's own")]
pub enum Status {
    Created,
    Authorized,
    Captured,
    Reversed,
    Refunded,
    Canceled,
}

/// Whether the money is taken with the card or asked for later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are the interface's own")]
pub enum CaptureMode {
    Auto,
    Manual,
}

/// What happens to a hold by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are the interface's own")]
pub enum AutoExpireAction {
    Release,
    Capture,
}

/// The fate of one capture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are the interface's own")]
pub enum CaptureStatus {
    Created,
    Successful,
    Declined,
    Failed,
}

/// Who took money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// A request of the till.
    #[default]
    Till,
    /// A request with the header [`ELSEWHERE`](super::ELSEWHERE): the portal, or another till.
    Elsewhere,
    /// Dojo, when the hold's deadline came.
    Deadline,
    /// The guest, whose card paid an Auto intent.
    Guest,
}

/// One capture.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Capture {
    /// `cp_…`.
    pub id: String,
    /// Minor units, without the tip.
    pub amount: i64,
    /// Minor units.
    pub tips_amount: Option<i64>,
    /// Its fate so far.
    pub status: CaptureStatus,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it will be decided, and how.
    pub settles: Option<(DateTime<Utc>, CaptureStatus)>,
    /// Who asked for it.
    #[serde(default)]
    pub by: By,
    /// Whether answers leave it out.
    #[serde(default)]
    pub is_unlisted: bool,
}

/// The fate of one refund. No answer shows it; `refundedAmount` counts the successful ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum RefundStatus {
    /// Accepted, and not counted yet.
    Created,
    /// The guest has it back.
    #[default]
    Successful,
    /// The guest's bank sent it back; it no longer counts.
    Failed,
}

/// One refund.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Refund {
    /// `rfnd_…`.
    pub id: String,
    /// Minor units.
    pub amount: i64,
    /// The header's key.
    pub idempotency_key: String,
    /// The body it came with, to tell a repeat from a clash.
    pub request: Value,
    /// When it was accepted.
    pub created_at: DateTime<Utc>,
    /// Its fate so far.
    #[serde(default)]
    pub status: RefundStatus,
    /// When it is counted; `None` is at once.
    #[serde(default)]
    pub counts_at: Option<DateTime<Utc>>,
    /// When it fails, or failed.
    #[serde(default)]
    pub fails_at: Option<DateTime<Utc>>,
}

impl Refund {
    /// When its fate changes next.
    pub(super) fn next(&self) -> Option<DateTime<Utc>> {
        match self.status {
            RefundStatus::Created => [self.counts_at, self.fails_at].into_iter().flatten().min(),
            RefundStatus::Successful => self.fails_at,
            RefundStatus::Failed => None,
        }
    }
}

/// One entry of `paymentEvents`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are the interface's own")]
pub struct Event {
    pub at: DateTime<Utc>,
    pub event_type: String,
    pub transaction_id: String,
    pub card_number: String,
    pub card_type: String,
}

/// A payment intent.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are the interface's own")]
pub struct Intent {
    pub id: String,
    pub status: Status,
    pub capture_mode: CaptureMode,
    pub amount: i64,
    pub requested_amount: Option<i64>,
    pub tips_amount: Option<i64>,
    pub currency: String,
    pub reference: String,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub expire_at: DateTime<Utc>,
    pub auto_expire_in: Option<String>,
    pub auto_expire_action: Option<AutoExpireAction>,
    /// The end that an honoured `autoExpireAt` set.
    pub fixed_end: Option<DateTime<Utc>>,
    /// Fields that are only kept and given back.
    pub echoed: Map<String, Value>,
    pub metadata: Map<String, Value>,
    pub secret: Option<(String, DateTime<Utc>)>,
    /// What the card was authorised for, in minor units.
    pub authorised: i64,
    pub authorised_at: Option<DateTime<Utc>>,
    /// Whether any of it is still held and not taken.
    pub hold_open: bool,
    /// What an Auto payment took with the card.
    pub auto_captured: i64,
    pub captures: Vec<Capture>,
    pub refunds: Vec<Refund>,
    pub reversal_id: Option<String>,
    pub declined_attempts: u32,
    pub events: Vec<Event>,
    pub receipts: Vec<String>,
    /// When the payment that was under way as the intent was canceled goes through all the same.
    #[serde(default)]
    pub pays_at: Option<DateTime<Utc>>,
    /// How many seconds after its deadline Dojo ends the hold, beyond what the switch says.
    #[serde(default)]
    pub ends_late: i64,
    /// Whether the network sent the create twice and this one's answer never came.
    #[serde(default)]
    pub is_orphan: bool,
    /// As it was before its latest change, for a GET that is behind.
    #[serde(skip)]
    pub(super) earlier: Option<Box<Intent>>,
}

impl Intent {
    /// One that was asked for at `now` and is not paid. Its page ends at once, and nothing optional is set.
    pub(super) fn unpaid(
        id: String,
        capture_mode: CaptureMode,
        (amount, currency): (i64, String),
        reference: String,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            status: Status::Created,
            capture_mode,
            amount,
            requested_amount: None,
            tips_amount: None,
            currency,
            reference,
            created_at: now,
            updated_at: now,
            expire_at: now,
            auto_expire_in: None,
            auto_expire_action: None,
            fixed_end: None,
            echoed: Map::new(),
            metadata: Map::new(),
            secret: None,
            authorised: 0,
            authorised_at: None,
            hold_open: false,
            auto_captured: 0,
            captures: Vec::new(),
            refunds: Vec::new(),
            reversal_id: None,
            declined_attempts: 0,
            events: Vec::new(),
            receipts: Vec::new(),
            pays_at: None,
            ends_late: 0,
            is_orphan: false,
            earlier: None,
        }
    }
}
