//! Taking a hold or giving it up: captures, reversal, cancel.

use chrono::TimeDelta;
use serde_json::json;

use super::{
    Call, Engine,
    body::Body,
    intent::{Capture, CaptureMode, CaptureStatus, Intent, Status},
    message::Response,
    problem::Problem,
    sums::weight,
    switches::{AutoReversal, Remainder, ReversalAfterPartial, Switches},
};

const NOT_CAPTURABLE: &str = "The payment intent can't be captured in its current status.";
const NOT_REVERSIBLE: &str = "The payment intent can't be reversed in its current status.";

impl Engine {
    pub(super) fn capture(&mut self, call: &Call, id: &str) -> Result<Response, Problem> {
        // Captures with a tip came with 2024-02-05: before, the tip is an unknown field and falls away.
        let mut body = Body::read(&call.request.body, &["amount", "tipsAmount"], call.strict)?;
        body.require("amount");
        let amount = body.integer("amount");
        let tip = if call.strict {
            body.integer("tipsAmount")
        } else {
            None
        };
        if amount.is_some_and(|amount| amount <= 0) {
            body.refuse("amount", "The Amount value must be greater than 0.");
        }
        if tip.is_some_and(|tip| tip < 0) {
            body.refuse("tipsAmount", "The TipsAmount value must not be negative.");
        }
        body.done()?;
        let Some(amount) = amount else {
            return Err(Problem::field("Amount", "The Amount field is required."));
        };
        let switches = self.state.switches.clone();
        let intent = self.find_for_post(id)?;
        if intent.capture_mode != CaptureMode::Manual || !intent.hold_open {
            return Err(Problem::Plain(409, NOT_CAPTURABLE));
        }
        if weight(amount, tip, &switches) > intent.remaining(&switches) {
            return Err(Problem::field(
                "Amount",
                "The amount is more than what is left of the authorized amount.",
            ));
        }
        let (settles, decided) = match call.fault {
            Some(fault) if fault.fault == "capture-declined-later" => {
                (fault.delay_or(30), CaptureStatus::Declined)
            }
            Some(fault) if fault.fault == "capture-failed-later" => {
                (fault.delay_or(30), CaptureStatus::Failed)
            }
            _ => (
                TimeDelta::seconds(i64::from(switches.capture_settles_after)),
                CaptureStatus::Successful,
            ),
        };
        let capture_id = self.id("cp_");
        let due = self.now.checked_add_signed(settles).unwrap_or(self.now);
        let at_once = settles <= TimeDelta::zero();
        let capture = Capture {
            id: capture_id.clone(),
            amount,
            tips_amount: tip,
            status: if at_once { decided } else { CaptureStatus::Created },
            created_at: self.now,
            settles: (!at_once).then_some((due, decided)),
            by: call.by(),
            is_unlisted: false,
        };
        self.change(id, |intent, _, switches| {
            intent.captures.push(capture);
            after_capture(intent, switches);
        });
        Ok(Response::json(
            200,
            &json!({"message": "Demo capture", "captureId": capture_id}),
        ))
    }

    pub(super) fn reverse(&mut self, id: &str) -> Result<Response, Problem> {
        let switches = self.state.switches.clone();
        let now = self.now;
        let intent = self.find_for_post(id)?;
        let allowed = match intent.capture_mode {
            CaptureMode::Manual => {
                let untouched = intent.captured() == 0 && !intent.undecided();
                intent.hold_open
                    && (untouched
                        || switches.reversal_after_partial == ReversalAfterPartial::ReleasesRemainder)
            }
            CaptureMode::Auto => {
                let recent = intent
                    .authorised_at
                    .is_some_and(|paid| match switches.auto_reversal {
                        AutoReversal::SameDay => paid.date_naive() == now.date_naive(),
                        AutoReversal::SevenDays => now.signed_duration_since(paid) <= TimeDelta::days(7),
                    });
                let is_untouched = intent.refunded() == 0 && intent.refunds_pending() == 0;
                intent.status == Status::Captured && is_untouched && recent
            }
        };
        if !allowed {
            return Err(Problem::Plain(409, NOT_REVERSIBLE));
        }
        let reversal_id = self.id("rvs_");
        let message = format!("reverse for the order {}", self.state.counter);
        let kept = reversal_id.clone();
        self.change(id, |intent, _, _| {
            intent.reversal_id = Some(kept);
            intent.hold_open = false;
        });
        Ok(Response::json(
            200,
            &json!({"message": message, "reversalId": reversal_id}),
        ))
    }

    pub(super) fn cancel(&mut self, call: &Call, id: &str) -> Result<Response, Problem> {
        let intent = self.find(id)?;
        if intent.status != Status::Created {
            return Err(Problem::Plain(
                400,
                "The payment intent can't be canceled in its current status.",
            ));
        }
        let race = call.fault.filter(|fault| fault.fault == "cancel-loses-race");
        let pays_at = race.and_then(|fault| self.now.checked_add_signed(fault.delay_or(4)));
        self.change(id, |intent, _, _| {
            intent.status = Status::Canceled;
            intent.pays_at = pays_at;
        });
        let shown = self.show(self.find(id)?);
        Ok(Response::json(200, &shown))
    }
}

/// What follows once a capture is decided, or is asked for and decided at once.
pub(super) fn after_capture(intent: &mut Intent, switches: &Switches) {
    let taken = intent
        .captures
        .iter()
        .any(|capture| capture.status == CaptureStatus::Successful);
    if taken && switches.remainder == Remainder::ReleasedAtOnce {
        intent.hold_open = false;
    }
}
