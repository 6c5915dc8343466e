//! POST /payment-intents.

use chrono::{NaiveDate, TimeDelta};
use serde_json::{Map, Value, json};

use super::{
    Call, Engine,
    body::Body,
    echo,
    intent::{AutoExpireAction, CaptureMode, Intent, Status},
    message::Response,
    problem::Problem,
    render,
    switches::AutoExpireAt,
    timespan,
};

/// Fields that are given back as they came, in every version.
const ECHOED: [&str; 13] = [
    "customer",
    "billingAddress",
    "shippingDetails",
    "cardHolderNotPresent",
    "config",
    "itemLines",
    "taxLines",
    "paymentMethods",
    "actionLink",
    "description",
    "setupIntentId",
    "serviceChargeAmount",
    "cashbackAmount",
];

/// Fields that are read or swallowed.
const READ: [&str; 12] = [
    "captureMode",
    "amount",
    "tipsAmount",
    "reference",
    "expireAt",
    "autoExpireIn",
    "autoExpireAction",
    "metadata",
    "requestSecurity",
    "orderDetails",
    "isNotOnlineCheckout",
    "generateRemoteToken",
];

const INTERVAL: &str = "The timestamp value must be more than 30 seconds and less than 7 days.";

impl Engine {
    pub(super) fn create(&mut self, call: &Call) -> Result<Response, Problem> {
        // Added in 2026-02-27: an older version does not know it.
        let newest = NaiveDate::from_ymd_opt(2026, 2, 27).is_some_and(|date| call.version >= date);
        let allowed: Vec<&str> = ECHOED
            .iter()
            .chain(&READ)
            .copied()
            .filter(|name| newest || *name != "isNotOnlineCheckout")
            .collect();
        let mut body = Body::read(&call.request.body, &allowed, call.strict)?;
        body.require("amount");
        body.require("reference");
        let amount = body.money("amount", 1);
        let tips = body.money("tipsAmount", 0);
        let reference = body.text("reference", 60);
        if reference.as_deref() == Some("") {
            body.refuse("reference", "The Reference field is required.");
        }
        body.text("description", 4096);
        let modes = [("Auto", CaptureMode::Auto), ("Manual", CaptureMode::Manual)];
        let capture_mode = body.word("captureMode", &modes).unwrap_or(CaptureMode::Auto);
        let actions = [
            ("Release", AutoExpireAction::Release),
            ("Capture", AutoExpireAction::Capture),
        ];
        let mut action = body.word("autoExpireAction", &actions);
        let auto_expire_in = body.text("autoExpireIn", 64);
        if auto_expire_in
            .as_deref()
            .is_some_and(|text| !timespan::parse(text).is_some_and(timespan::fits_a_hold))
        {
            body.refuse("autoExpireIn", INTERVAL);
        }
        let fixed_end = self.fixed_end(call, &mut body);
        if capture_mode == CaptureMode::Manual && body.get("autoExpireAction").is_none() {
            // The guide's oldest samples know only `autoExpireAt`; they have to keep running.
            if !call.strict && body.get("autoExpireAt").is_some() {
                action = Some(AutoExpireAction::Release);
            } else {
                body.refuse("autoExpireAction", "The AutoExpireAction field is required.");
            }
        }
        let expire_at = body.instant("expireAt");
        if expire_at.is_some_and(|at| at <= self.now) {
            body.refuse("expireAt", "The ExpireAt value must lie in the future.");
        }
        let service = body.money("serviceChargeAmount", 0);
        let cashback = body.money("cashbackAmount", 0);
        for (name, other) in [
            ("TipsAmount.CurrencyCode", &tips),
            ("ServiceChargeAmount.CurrencyCode", &service),
            ("CashbackAmount.CurrencyCode", &cashback),
        ] {
            if let (Some((_, currency)), Some((_, other))) = (&amount, other)
                && currency != other
            {
                body.refuse(name, "The currency must be that of the amount.");
            }
        }
        let metadata = metadata(&mut body);
        body.done()?;
        let (Some((amount, currency)), Some(reference)) = (amount, reference) else {
            return Err(Problem::field("$", "The JSON value could not be converted."));
        };
        let mut echoed: Map<String, Value> = ECHOED
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), body.get(name)?.clone())))
            .collect();
        render::defaults(&mut echoed);
        let default_end = self
            .now
            .checked_add_signed(TimeDelta::days(30))
            .unwrap_or(self.now);
        let id = self.id("pi_sandbox_");
        let mut intent = Intent {
            id: id.clone(),
            status: Status::Created,
            capture_mode,
            amount,
            requested_amount: None,
            tips_amount: tips.map(|tips| tips.0),
            currency,
            reference,
            created_at: self.now,
            updated_at: self.now,
            expire_at: expire_at.unwrap_or(default_end),
            auto_expire_in,
            auto_expire_action: action,
            fixed_end,
            echoed,
            metadata,
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
            is_orphan: false,
            earlier: None,
        };
        if let Some(fault) = call.fault {
            echo::bend(&mut intent, fault);
        }
        self.changed.insert(id.clone());
        self.order.push(id.clone());
        let shown = self.show(&intent);
        self.intents.insert(id, intent);
        Ok(Response::json(200, &shown))
    }

    fn fixed_end(&self, call: &Call, body: &mut Body) -> Option<chrono::DateTime<chrono::Utc>> {
        if call.strict || body.get("autoExpireAt").is_none() {
            return None;
        }
        match self.state.switches.auto_expire_at {
            AutoExpireAt::Ignored => None,
            AutoExpireAt::Honoured => body.instant("autoExpireAt").filter(|at| *at > self.now),
            AutoExpireAt::Refused => {
                body.refuse(
                    "autoExpireAt",
                    "Could not find this member on the request object.",
                );
                None
            }
        }
    }
}

/// The merchant's own texts, and the key that the server adds by itself.
fn metadata(body: &mut Body) -> Map<String, Value> {
    let mut map = Map::from_iter([("location-id".to_owned(), json!("rpl_bOppxLvOEsS"))]);
    match body.get("metadata").cloned() {
        None => {}
        Some(Value::Object(own)) if own.values().all(Value::is_string) => map.extend(own),
        Some(_) => body.refuse("metadata", "The JSON value could not be converted."),
    }
    map
}
