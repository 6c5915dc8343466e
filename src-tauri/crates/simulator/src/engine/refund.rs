//! Giving money back, and reading what was given.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{
    Call, Engine,
    body::Body,
    intent::{Intent, Refund, RefundStatus},
    message::Response,
    problem::Problem,
    switches::{RefundAfterDecline, RefundWhileHeld, Switches},
};

const FAILED: &str = "Your refund request was not successful. Status: Failed.";

impl Engine {
    pub(super) fn refund(&mut self, call: &Call, id: &str) -> Result<Response, Problem> {
        let key = idempotency_key(call)?;
        let (amount, request) = asked(call)?;
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
                // The interface lists no 409 for refunds.
                Err(Problem::Plain(
                    400,
                    "The idempotency key was used with another request.",
                ))
            };
        }
        if !may_refund(intent, amount, call.strict, &switches) {
            return Err(Problem::Pascal(400, FAILED));
        }
        let (counts_at, fails_at) = fate(call, now, &switches);
        let refund = Refund {
            id: self.id("rfnd_"),
            amount,
            idempotency_key: key,
            request,
            created_at: now,
            status: if counts_at.is_some() {
                RefundStatus::Created
            } else {
                RefundStatus::Successful
            },
            counts_at,
            fails_at,
        };
        self.change(id, |intent, _, _| intent.refunds.push(refund));
        let intent = self.find(id)?;
        let shown = intent
            .refunds
            .last()
            .map_or(Value::Null, |refund| show(intent, refund));
        Ok(Response::json(200, &shown))
    }

    /// A refund that falls due is counted, or fails.
    pub(super) fn move_refund(&mut self, id: &str) {
        self.change(id, |intent, now, _| {
            let is_due = |refund: &&mut Refund| refund.next().is_some_and(|at| at <= now);
            if let Some(refund) = intent.refunds.iter_mut().find(is_due) {
                refund.status = if refund.fails_at.is_some_and(|at| at <= now) {
                    RefundStatus::Failed
                } else {
                    RefundStatus::Successful
                };
            }
        });
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

fn idempotency_key(call: &Call) -> Result<String, Problem> {
    let key = call.request.headers.get("idempotencykey").cloned();
    key.filter(|key| (1..=100).contains(&key.chars().count()))
        .ok_or_else(|| {
            Problem::field(
                "IdempotencyKey",
                "The idempotencyKey header is required, with at most 100 characters.",
            )
        })
}

/// Minor units asked for, and what a repeated request has to be equal to.
fn asked(call: &Call) -> Result<(i64, Value), Problem> {
    let allowed = ["amount", "previousTransactionId", "refundReason", "notes"];
    let mut body = Body::read(&call.request.body, &allowed, call.strict)?;
    body.require("amount");
    let amount = body.integer("amount");
    if amount.is_some_and(|amount| amount <= 0) {
        body.refuse("amount", "The Amount value must be greater than 0.");
    }
    let previous = body.text("previousTransactionId", 100);
    let reason = body.text("refundReason", 1024);
    let notes = body.text("notes", 4096);
    body.done()?;
    let Some(amount) = amount else {
        return Err(Problem::field("Amount", "The Amount field is required."));
    };
    let mut request = json!({"amount": amount, "refundReason": reason, "notes": notes});
    // Left out where it is: refunds kept by a former version compare without it.
    if let Some(previous) = previous {
        request["previousTransactionId"] = json!(previous);
    }
    Ok((amount, request))
}

fn may_refund(intent: &Intent, amount: i64, is_strict: bool, switches: &Switches) -> bool {
    let is_held = intent.hold_open && switches.refund_while_held == RefundWhileHeld::Refused;
    let is_tainted = intent.declined_attempts > 0
        && is_strict
        && switches.refund_after_decline == RefundAfterDecline::Refused;
    let given = intent.refunded().saturating_add(intent.refunds_pending());
    let left = intent.captured().checked_sub(given).unwrap_or(0);
    intent.reversal_id.is_none() && !is_held && !is_tainted && amount <= left
}

/// When a refund that is accepted now is counted, unless at once, and when it fails, if it does.
fn fate(
    call: &Call,
    now: DateTime<Utc>,
    switches: &Switches,
) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
    let delay = |name: &str| {
        let fault = call.fault.filter(|fault| fault.fault == name)?;
        Some(fault.delay_or(30))
    };
    let switch = i64::from(switches.refund_settles_after);
    let later = delay("refund-later").or((switch > 0).then(|| TimeDelta::seconds(switch)));
    let at = |after: Option<TimeDelta>| now.checked_add_signed(after?);
    (at(later), at(delay("refund-fails-later")))
}

fn show(intent: &Intent, refund: &Refund) -> Value {
    json!({
        "paymentIntentId": intent.id,
        "refundId": refund.id,
        "refundReason": refund.request["refundReason"],
        "notes": refund.request["notes"],
    })
}
