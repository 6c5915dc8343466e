//! Giving money back, and reading what was given.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{
    Call, Engine,
    body::Body,
    intent::{Intent, Refund},
    message::Response,
    problem::Problem,
    switches::{RefundAfterDecline, RefundWhileHeld},
};

const FAILED: &str = "Your refund request was not successful. Status: Failed.";

impl Engine {
    pub(super) fn refund(&mut self, call: &Call, id: &str) -> Result<Response, Problem> {
        let key = call
            .request
            .headers
            .get("idempotencykey")
            .cloned()
            .unwrap_or_default();
        if key.is_empty() || key.chars().count() > 100 {
            return Err(Problem::field(
                "IdempotencyKey",
                "The idempotencyKey header is required, with at most 100 characters.",
            ));
        }
        let allowed = ["amount", "previousTransactionId", "refundReason", "notes"];
        let mut body = Body::read(&call.request.body, &allowed, call.strict)?;
        body.require("amount");
        let amount = body.integer("amount");
        if amount.is_some_and(|amount| amount <= 0) {
            body.refuse("amount", "The Amount value must be greater than 0.");
        }
        body.text("previousTransactionId", 100);
        let reason = body.text("refundReason", 1024);
        let notes = body.text("notes", 4096);
        body.done()?;
        let Some(amount) = amount else {
            return Err(Problem::field("Amount", "The Amount field is required."));
        };
        let request = json!({"amount": amount, "refundReason": reason, "notes": notes});
        let switches = self.state.switches.clone();
        let now = self.now;
        let intent = self.find_for_post(id)?;
        let kept = TimeDelta::seconds(i64::from(switches.refund_key_kept_for));
        let known = intent.refunds.iter().rev().find(|refund| {
            refund.idempotency_key == key && now.signed_duration_since(refund.created_at) <= kept
        });
        if let Some(refund) = known {
            return if refund.request == request {
                Ok(Response::json(200, &show(intent, refund)))
            } else {
                Err(Problem::Plain(
                    409,
                    "The idempotency key was used with another request.",
                ))
            };
        }
        let held = intent.hold_open && switches.refund_while_held == RefundWhileHeld::Refused;
        let tainted = intent.declined_attempts > 0
            && call.strict
            && switches.refund_after_decline == RefundAfterDecline::Refused;
        let left = intent.captured().checked_sub(intent.refunded()).unwrap_or(0);
        if intent.reversal_id.is_some() || held || tainted || amount > left {
            return Err(Problem::Pascal(400, FAILED));
        }
        let refund = Refund {
            id: self.id("rfnd_"),
            amount,
            idempotency_key: key,
            request,
            created_at: now,
        };
        self.change(id, |intent, _, _| intent.refunds.push(refund));
        let intent = self.find(id)?;
        let shown = intent
            .refunds
            .last()
            .map_or(Value::Null, |refund| show(intent, refund));
        Ok(Response::json(200, &shown))
    }

    pub(super) fn get_refund(&self, refund_id: &str) -> Result<Response, Problem> {
        let found = self.intents.values().find_map(|intent| {
            let refund = intent.refunds.iter().find(|refund| refund.id == refund_id)?;
            Some(show(intent, refund))
        });
        // The interface lists 400 and no 404 for this call.
        found
            .map(|body| Response::json(200, &body))
            .ok_or(Problem::Plain(400, "Refund not found"))
    }
}

fn show(intent: &Intent, refund: &Refund) -> Value {
    json!({
        "paymentIntentId": intent.id,
        "refundId": refund.id,
        "refundReason": refund.request["refundReason"],
        "notes": refund.request["notes"],
    })
}
