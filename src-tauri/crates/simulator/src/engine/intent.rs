//! A payment intent as it is inside.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::switches::{ClockStart, PartialStatus, Switches, TipLimit};

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
    /// When.
    pub created_at: DateTime<Utc>,
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
    /// As it was before its latest change, for a GET that is behind.
    #[serde(skip)]
    pub(super) earlier: Option<Box<Intent>>,
}

/// Sums minor units; a sum past the end of the range is treated as too much for any limit.
fn sum(parts: impl Iterator<Item = i64>) -> i64 {
    parts
        .into_iter()
        .try_fold(0_i64, i64::checked_add)
        .unwrap_or(i64::MAX)
}

impl Intent {
    /// Amount and tip: what a card is asked for.
    pub fn total(&self) -> i64 {
        sum([self.amount, self.tips_amount.unwrap_or(0)].into_iter())
    }

    /// What has been taken, tips included.
    pub fn captured(&self) -> i64 {
        let parts = self
            .captures
            .iter()
            .filter(|capture| capture.status == CaptureStatus::Successful);
        sum(parts.map(|capture| sum([capture.amount, capture.tips_amount.unwrap_or(0)].into_iter())))
            .checked_add(self.auto_captured)
            .unwrap_or(i64::MAX)
    }

    /// The tips taken with captures.
    pub(super) fn captured_tips(&self) -> i64 {
        let parts = self
            .captures
            .iter()
            .filter(|capture| capture.status == CaptureStatus::Successful);
        sum(parts.map(|capture| capture.tips_amount.unwrap_or(0)))
    }

    /// What has been given back.
    pub fn refunded(&self) -> i64 {
        sum(self.refunds.iter().map(|refund| refund.amount))
    }

    /// What captures, decided or not, use up of the hold.
    pub(super) fn used(&self, switches: &Switches) -> i64 {
        let live = self
            .captures
            .iter()
            .filter(|capture| matches!(capture.status, CaptureStatus::Successful | CaptureStatus::Created));
        sum(live.map(|capture| weight(capture.amount, capture.tips_amount, switches)))
    }

    /// What can still be captured.
    pub(super) fn remaining(&self, switches: &Switches) -> i64 {
        if self.hold_open {
            self.authorised
                .checked_sub(self.used(switches))
                .unwrap_or(0)
                .max(0)
        } else {
            0
        }
    }

    /// When the hold ends by itself.
    pub fn deadline(&self, switches: &Switches) -> Option<DateTime<Utc>> {
        if !self.hold_open {
            return None;
        }
        let start = match switches.clock_start {
            ClockStart::Authorisation => self.authorised_at?,
            ClockStart::Creation => self.created_at,
        };
        let limit = TimeDelta::days(7);
        let interval = self
            .auto_expire_in
            .as_deref()
            .and_then(super::timespan::parse)
            .unwrap_or(limit);
        let end = start.checked_add_signed(interval.min(limit))?;
        Some(self.fixed_end.map_or(end, |fixed| fixed.min(end)))
    }

    /// Works out the status from what has happened.
    pub(super) fn restate(&mut self, switches: &Switches) {
        if matches!(self.status, Status::Created | Status::Canceled) {
            return;
        }
        if self.hold_open && self.used(switches) >= self.authorised && !self.undecided() {
            self.hold_open = false;
        }
        let captured = self.captured();
        self.status = if self.capture_mode == CaptureMode::Auto && self.reversal_id.is_some() {
            Status::Reversed
        } else if self.hold_open {
            if captured > 0 && switches.partial_status == PartialStatus::Captured {
                Status::Captured
            } else {
                Status::Authorized
            }
        } else if captured == 0 {
            if self.undecided() {
                Status::Authorized
            } else {
                Status::Reversed
            }
        } else if self.refunded() >= captured {
            Status::Refunded
        } else {
            Status::Captured
        };
    }

    /// Whether a capture waits for its fate.
    pub(super) fn undecided(&self) -> bool {
        self.captures
            .iter()
            .any(|capture| capture.status == CaptureStatus::Created)
    }

    /// Adds to the history that the interface shows.
    pub(super) fn note(&mut self, at: DateTime<Utc>, event_type: &str) {
        let Some(last) = self.events.last().cloned() else {
            return;
        };
        self.events.push(Event {
            at,
            event_type: event_type.to_owned(),
            ..last
        });
    }
}

/// What one capture uses up of the hold.
pub(super) fn weight(amount: i64, tip: Option<i64>, switches: &Switches) -> i64 {
    let tip = if switches.tip_limit == TipLimit::WithinHold {
        tip.unwrap_or(0)
    } else {
        0
    };
    amount.checked_add(tip).unwrap_or(i64::MAX)
}
