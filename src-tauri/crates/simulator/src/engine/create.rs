//! POST /payment-intents.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::{Map, Value, json};

use super::{
    Call, Engine,
    body::Body,
    echo,
    intent::{AutoExpireAction, CaptureMode, Intent},
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

/// What a request says about a hold's end.
struct Deadline {
    interval: Option<String>,
    action: Option<AutoExpireAction>,
    fixed: Option<DateTime<Utc>>,
}

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
        let mut intent = self.read_intent(call, &mut body)?;
        if let Some(fault) = call.fault {
            echo::bend(&mut intent, fault);
        }
        let id = intent.id.clone();
        self.changed.insert(id.clone());
        self.order.push(id.clone());
        let shown = self.show(&intent);
        self.intents.insert(id, intent);
        Ok(Response::json(200, &shown))
    }

    /// The intent that the request describes, or all that is wrong with it.
    fn read_intent(&mut self, call: &Call, body: &mut Body) -> Result<Intent, Problem> {
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
        let end = self.deadline(call, body, capture_mode);
        let expire_at = body.instant("expireAt");
        if expire_at.is_some_and(|at| at <= self.now) {
            body.refuse("expireAt", "The ExpireAt value must lie in the future.");
        }
        refuse_other_currencies(body, amount.as_ref(), tips.as_ref());
        let metadata = metadata(body);
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
        Ok(Intent {
            tips_amount: tips.map(|tips| tips.0),
            auto_expire_in: end.interval,
            auto_expire_action: end.action,
            fixed_end: end.fixed,
            echoed,
            metadata,
            expire_at: expire_at.unwrap_or(default_end),
            ..Intent::unpaid(
                self.id("pi_sandbox_"),
                capture_mode,
                (amount, currency),
                reference,
                self.now,
            )
        })
    }

    /// When the hold ends and what becomes of it then.
    fn deadline(&self, call: &Call, body: &mut Body, mode: CaptureMode) -> Deadline {
        let actions = [
            ("Release", AutoExpireAction::Release),
            ("Capture", AutoExpireAction::Capture),
        ];
        let mut action = body.word("autoExpireAction", &actions);
        let interval = body.text("autoExpireIn", 64);
        if interval
            .as_deref()
            .is_some_and(|text| !timespan::parse(text).is_some_and(timespan::fits_a_hold))
        {
            body.refuse("autoExpireIn", INTERVAL);
        }
        let fixed = self.fixed_end(call, body);
        if mode == CaptureMode::Manual && body.get("autoExpireAction").is_none() {
            // The guide's oldest samples know only `autoExpireAt`; they have to keep running.
            if !call.strict && body.get("autoExpireAt").is_some() {
                action = Some(AutoExpireAction::Release);
            } else {
                body.refuse("autoExpireAction", "The AutoExpireAction field is required.");
            }
        }
        Deadline {
            interval,
            action,
            fixed,
        }
    }

    fn fixed_end(&self, call: &Call, body: &mut Body) -> Option<DateTime<Utc>> {
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

fn refuse_other_currencies(body: &mut Body, amount: Option<&(i64, String)>, tips: Option<&(i64, String)>) {
    let service = body.money("serviceChargeAmount", 0);
    let cashback = body.money("cashbackAmount", 0);
    for (name, other) in [
        ("TipsAmount.CurrencyCode", tips),
        ("ServiceChargeAmount.CurrencyCode", service.as_ref()),
        ("CashbackAmount.CurrencyCode", cashback.as_ref()),
    ] {
        if let (Some((_, currency)), Some((_, other))) = (amount, other)
            && currency != other
        {
            body.refuse(name, "The currency must be that of the amount.");
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
