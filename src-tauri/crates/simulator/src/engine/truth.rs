//! What really happened, for those who check.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{
    Engine,
    intent::{By, Capture, CaptureStatus, Intent},
    message::Request,
};

/// One request as it was received.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Logged {
    /// When, by the service's own clock.
    pub at: DateTime<Utc>,
    /// `GET`, `POST` or `DELETE`.
    pub method: String,
    /// The path without its query.
    pub path: String,
    /// The body: JSON when it is JSON, else text.
    pub body: Value,
    /// The headers, without the key.
    pub headers: Map<String, Value>,
    /// The fault that it met.
    pub fault: Option<String>,
    /// Whether it reached the service behind the fault.
    pub worked: bool,
    /// The status of the answer.
    pub status: u16,
}

/// Money that was really taken, whether or not an answer shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Taking {
    /// When it was asked for; at a deadline, when Dojo acted.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: By,
    /// Minor units, the tip included.
    pub amount: i64,
    /// Minor units.
    pub tip: i64,
}

/// How much of a path or a header is kept.
const MOST_WORD_CHARS: usize = 1_000;

/// How much of a body is kept. No request of a till's is as long.
const MOST_BODY_BYTES: usize = 32 << 10;

/// How deep JSON may be that is kept as JSON. The reader stops at 128, and the log lies around it.
const DEEPEST_BODY: usize = 64;

/// A body as it is kept: JSON where it can be read back, else its text.
fn body(bytes: &[u8]) -> Value {
    if bytes.is_empty() {
        return Value::Null;
    }
    let text =
        || Value::String(String::from_utf8_lossy(bytes.get(..MOST_BODY_BYTES).unwrap_or(bytes)).into_owned());
    if bytes.len() > MOST_BODY_BYTES {
        return text();
    }
    match serde_json::from_slice(bytes) {
        Ok(value) if depth(&value) <= DEEPEST_BODY => value,
        _ => text(),
    }
}

fn depth(value: &Value) -> usize {
    let inside = match value {
        Value::Array(all) => all.iter().map(depth).max(),
        Value::Object(all) => all.values().map(depth).max(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return 0,
    };
    inside.unwrap_or(0).saturating_add(1)
}

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

impl Intent {
    /// What was taken, in order. Together it is [`Intent::captured`].
    pub fn takings(&self) -> Vec<Taking> {
        let by_card = self.authorised_at.filter(|_| self.auto_captured > 0);
        let by_card = by_card.map(|at| Taking {
            at,
            by: By::Guest,
            amount: self.auto_captured,
            tip: self.tips_amount.unwrap_or(0),
        });
        let is_taken = |capture: &&Capture| capture.status == CaptureStatus::Successful;
        let captures = self.captures.iter().filter(is_taken).map(|capture| {
            let tip = capture.tips_amount.unwrap_or(0);
            Taking {
                at: capture.created_at,
                by: capture.by,
                amount: capture.amount.saturating_add(tip),
                tip,
            }
        });
        by_card.into_iter().chain(captures).collect()
    }
}

impl Engine {
    pub(super) fn log(&mut self, request: &Request, fault: Option<&str>, worked: bool, status: u16) {
        let is_stranger = status == 401 && fault.is_none();
        let secret = |name: &str| matches!(name, "authorization" | "cookie" | "proxy-authorization");
        let headers = request
            .headers
            .iter()
            .filter(|(name, _)| !is_stranger && !secret(name));
        self.log.push(Logged {
            at: self.now,
            method: request.method.clone(),
            path: cut(&request.path, MOST_WORD_CHARS),
            body: if is_stranger {
                Value::Null
            } else {
                body(&request.body)
            },
            headers: headers
                .map(|(name, value)| (name.clone(), json!(cut(value, MOST_WORD_CHARS))))
                .collect(),
            fault: fault.map(str::to_owned),
            worked,
            status,
        });
    }

    /// Every request received and not forgotten, in order.
    pub fn requests(&self) -> &[Logged] {
        &self.log
    }

    /// Forgets all requests but the last `kept`.
    pub(crate) fn forget_requests_but(&mut self, kept: usize) {
        let old = self.log.len().saturating_sub(kept);
        self.log.drain(..old);
    }

    /// Every intent as it is inside, in the order of making.
    pub fn intents(&self) -> impl Iterator<Item = &Intent> {
        self.order.iter().filter_map(|id| self.intents.get(id))
    }

    /// What is held now on an intent and can still be taken, in minor units; 0 where there is no such intent.
    pub fn held(&self, id: &str) -> i64 {
        let intent = self.intent(id);
        intent.map_or(0, |intent| intent.remaining(&self.state.switches))
    }

    /// Both as JSON, with the sums worked out.
    pub fn truth(&self) -> Value {
        let intents = self.intents().map(|intent| {
            let mut shown = json!(intent);
            shown["captured"] = json!(intent.captured());
            shown["refunded"] = json!(intent.refunded());
            shown["refundsPending"] = json!(intent.refunds_pending());
            shown["takings"] = json!(intent.takings());
            shown["remaining"] = json!(intent.remaining(&self.state.switches));
            shown["deadline"] = json!(intent.deadline(&self.state.switches));
            shown["endsAt"] = json!(intent.ends_at(&self.state.switches));
            shown
        });
        json!({"now": self.now, "intents": intents.collect::<Vec<Value>>(), "requests": self.log})
    }
}
