//! What is asked of Dojo: strict camelCase, nothing that the schema lacks.

use crate::{AutoExpireAction, Money, TimeSpan};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How an intent is captured. Manual can't be said without its deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaptureMode {
    /// At once.
    Auto,
    /// By the till, until the deadline.
    Manual {
        /// More than 30 s and less than 7 days.
        auto_expire_in: TimeSpan,
        /// What Dojo does then.
        auto_expire_action: AutoExpireAction,
    },
}

/// POST /payment-intents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatePaymentIntent {
    /// Auto or Manual.
    pub capture_mode: CaptureMode,
    /// Without tip.
    pub amount: Money,
    /// 1 to 60 characters.
    pub reference: String,
    /// At most 4096 characters.
    pub description: Option<String>,
    /// When it ends unpaid.
    pub expire_at: Option<DateTime<Utc>>,
    /// The guest's.
    pub customer_email: Option<String>,
    /// Text to text.
    pub metadata: BTreeMap<String, String>,
    /// `config.payment.customAmountAllowed`.
    pub custom_amount_allowed: bool,
    /// `config.payment.tipsAllowed`.
    pub tips_allowed: bool,
    /// The bill's lines: name, quantity, minor units in all.
    pub item_lines: Vec<(String, i64, Money)>,
}

impl CreatePaymentIntent {
    /// The least that Dojo takes.
    pub fn new(capture_mode: CaptureMode, amount: Money, reference: String) -> Self {
        Self {
            capture_mode,
            amount,
            reference,
            description: None,
            expire_at: None,
            customer_email: None,
            metadata: BTreeMap::new(),
            custom_amount_allowed: false,
            tips_allowed: false,
            item_lines: Vec::new(),
        }
    }

    pub(crate) fn body(&self) -> Value {
        let mut body = json!({ "amount": self.amount, "reference": self.reference });
        match &self.capture_mode {
            CaptureMode::Auto => body["captureMode"] = json!("Auto"),
            CaptureMode::Manual {
                auto_expire_in,
                auto_expire_action,
            } => {
                body["captureMode"] = json!("Manual");
                body["autoExpireIn"] = json!(auto_expire_in);
                body["autoExpireAction"] = json!(auto_expire_action);
            }
        }
        if let Some(description) = &self.description {
            body["description"] = json!(description);
        }
        if let Some(at) = self.expire_at {
            body["expireAt"] = json!(at.to_rfc3339_opts(SecondsFormat::Millis, true));
        }
        if let Some(email) = &self.customer_email {
            body["customer"] = json!({ "emailAddress": email });
        }
        if !self.metadata.is_empty() {
            body["metadata"] = json!(self.metadata);
        }
        if self.custom_amount_allowed || self.tips_allowed {
            body["config"] = json!({ "payment": {
                "customAmountAllowed": self.custom_amount_allowed, "tipsAllowed": self.tips_allowed } });
        }
        if !self.item_lines.is_empty() {
            let line = |(name, quantity, total): &(String, i64, Money)| {
                json!({
                    "name": name, "quantity": quantity, "amountTotal": total
                })
            };
            body["itemLines"] = self.item_lines.iter().map(line).collect();
        }
        body
    }
}

/// POST …/refunds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundRequest {
    /// Minor units.
    pub amount: i64,
    /// At most 1024 characters.
    pub reason: Option<String>,
    /// At most 4096 characters.
    pub notes: Option<String>,
}

impl RefundRequest {
    pub(crate) fn body(&self) -> Value {
        let mut body = json!({ "amount": self.amount });
        if let Some(reason) = &self.reason {
            body["refundReason"] = json!(reason);
        }
        if let Some(notes) = &self.notes {
            body["notes"] = json!(notes);
        }
        body
    }
}

/// POST /payment-intents/search. Dojo has no filter by reference.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchRequest {
    /// Status names; empty for all.
    pub statuses: Vec<String>,
    /// From.
    pub start_date: Option<DateTime<Utc>>,
    /// To.
    pub end_date: Option<DateTime<Utc>>,
    /// Cursor of the next page.
    pub after: Option<String>,
}

impl SearchRequest {
    pub(crate) fn body(&self) -> Value {
        let mut body = json!({ "cursor": { "limit": 100 } });
        if !self.statuses.is_empty() {
            body["statuses"] = json!(self.statuses);
        }
        for (name, date) in [("startDate", self.start_date), ("endDate", self.end_date)] {
            if let Some(date) = date {
                body[name] = json!(date.to_rfc3339_opts(SecondsFormat::Millis, true));
            }
        }
        if let Some(after) = &self.after {
            body["cursor"]["after"] = json!(after);
        }
        body
    }
}
