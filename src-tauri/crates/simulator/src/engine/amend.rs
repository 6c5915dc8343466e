//! Changing an intent that is not paid yet, and sending its receipt.

use chrono::TimeDelta;
use serde_json::Value;

use super::{
    Call, Engine,
    body::Body,
    intent::{Intent, Status},
    message::Response,
    problem::Problem,
    switches::AmountOnHold,
};

fn allows(intent: &Intent, name: &str) -> bool {
    intent
        .echoed
        .get("config")
        .and_then(|config| config["payment"][name].as_bool())
        .unwrap_or(false)
}

impl Engine {
    pub(super) fn set_amount(&mut self, call: &Call, id: &str) -> Result<Response, Problem> {
        let mut body = Body::read(
            &call.request.body,
            &["amount", "itemLines", "taxLines"],
            call.strict,
        )?;
        body.require("amount");
        let amount = body.money("amount", 1);
        body.done()?;
        let raises = self.state.switches.amount_on_hold == AmountOnHold::Raises;
        let intent = self.find_for_post(id)?;
        let held = raises && intent.hold_open && intent.captures.is_empty();
        if !allows(intent, "customAmountAllowed") || !(intent.status == Status::Created || held) {
            return Err(Problem::Pascal(
                405,
                "Custom amount is not allowed on payment intent",
            ));
        }
        let Some((amount, currency)) = amount else {
            return Err(Problem::field("Amount", "The Amount field is required."));
        };
        if currency != intent.currency {
            return Err(Problem::field(
                "Amount.CurrencyCode",
                "The currency can't be changed.",
            ));
        }
        let lines: Vec<(&str, Value)> = ["itemLines", "taxLines"]
            .into_iter()
            .filter_map(|name| Some((name, body.get(name)?.clone())))
            .collect();
        self.change(id, |intent, _, _| {
            intent.requested_amount.get_or_insert(intent.amount);
            intent.amount = amount;
            for (name, value) in lines {
                intent.echoed.insert(name.to_owned(), value);
            }
            if held {
                intent.authorised = intent.total();
            }
        });
        self.refresh_secret(id)
    }

    pub(super) fn set_tips(&mut self, call: &Call, id: &str) -> Result<Response, Problem> {
        let mut body = Body::read(&call.request.body, &["tipsAmount"], call.strict)?;
        body.require("tipsAmount");
        let tips = body.money("tipsAmount", 0);
        body.done()?;
        let intent = self.find_for_post(id)?;
        if !allows(intent, "tipsAllowed") || intent.status != Status::Created {
            return Err(Problem::Pascal(405, "Tips are not allowed on payment intent"));
        }
        let Some((tips, currency)) = tips else {
            return Err(Problem::field("TipsAmount", "The TipsAmount field is required."));
        };
        if currency != intent.currency {
            return Err(Problem::field(
                "TipsAmount.CurrencyCode",
                "The currency must be that of the amount.",
            ));
        }
        self.change(id, |intent, _, _| intent.tips_amount = Some(tips));
        self.refresh_secret(id)
    }

    /// A new secret for half an hour; the one before no longer counts.
    pub(super) fn refresh_secret(&mut self, id: &str) -> Result<Response, Problem> {
        self.find_for_post(id)?;
        let secret = self.id("");
        self.change(id, |intent, now, _| {
            intent.secret = now
                .checked_add_signed(TimeDelta::minutes(30))
                .map(|end| (secret, end));
        });
        let shown = self.show(self.find(id)?);
        Ok(Response::json(200, &shown))
    }

    pub(super) fn receipt(&mut self, call: &Call, id: &str) -> Result<Response, Problem> {
        let mut body = Body::read(&call.request.body, &["emails"], call.strict)?;
        body.require("emails");
        let given = body
            .get("emails")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        let emails: Vec<String> = given
            .iter()
            .filter_map(Value::as_str)
            .filter(|mail| mail.contains('@'))
            .map(str::to_owned)
            .collect();
        if body.get("emails").is_some() && (emails.is_empty() || emails.len() != given.len()) {
            body.refuse(
                "emails",
                "The Emails field is not a list of valid e-mail addresses.",
            );
        }
        body.done()?;
        if self.find(id)?.status == Status::Canceled {
            return Err(Problem::Plain(404, "Payment intent not found"));
        }
        self.change(id, |intent, _, _| intent.receipts.extend(emails));
        Ok(Response::empty(204))
    }
}
