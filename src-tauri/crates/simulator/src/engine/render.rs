//! Intents as the interface shows them.

use chrono::{DateTime, Timelike, Utc};
use serde_json::{Map, Value, json};

use super::{
    intent::{Capture, CaptureMode, Event, Intent},
    switches::{CaptureTip, Switches},
};

/// An instant with the seven fractional digits that .NET writes.
pub(super) fn stamp(at: DateTime<Utc>) -> String {
    let ticks = at.nanosecond().checked_div(100).unwrap_or(0) % 10_000_000;
    format!("{}.{ticks:07}Z", at.format("%Y-%m-%dT%H:%M:%S"))
}

fn money(value: i64, currency: &str) -> Value {
    json!({"value": value, "currencyCode": currency})
}

fn event(event: &Event, auth_code: &str) -> Value {
    json!({
        "transactionId": event.transaction_id,
        "transactionDateTime": stamp(event.at),
        "eventType": event.event_type,
        "authCode": auth_code,
        "cardNumber": event.card_number,
        "expiryDate": "2029-12-31",
        "cardType": event.card_type,
        "cardholderName": "A Guest",
        "paymentMethodId": "",
    })
}

fn capture(capture: &Capture) -> Value {
    json!({
        "id": capture.id,
        "amount": capture.amount,
        "tipsAmount": capture.tips_amount,
        "status": capture.status,
        "createdAt": stamp(capture.created_at),
    })
}

/// The captures that answers show.
fn listed(intent: &Intent) -> impl Iterator<Item = &Capture> {
    intent.captures.iter().filter(|capture| !capture.is_unlisted)
}

fn details(intent: &Intent) -> Option<Value> {
    let paid = intent
        .events
        .iter()
        .find(|event| matches!(event.event_type.as_str(), "Authorized" | "Captured"))?;
    Some(json!({
        "transactionId": paid.transaction_id,
        "transactionDateTime": stamp(paid.at),
        "message": if intent.captured() > 0 { "DEPOSITED" } else { "AUTHORIZED" },
        "authCode": "123456",
        "card": {
            "cardNumber": paid.card_number,
            "cardName": "A Guest",
            "expiryDate": "2029-12-31",
            "cardType": paid.card_type,
            "cardFundingType": "Unknown",
        },
        "avsResult": "ADDRESS_MATCH_POSTCODE_MATCH",
    }))
}

/// The whole of an intent.
pub(super) fn intent(intent: &Intent, base_url: &str, switches: &Switches) -> Value {
    let mut tips = intent.tips_amount;
    if switches.capture_tip == CaptureTip::OnIntent && intent.captured_tips() > 0 {
        tips = tips.unwrap_or(0).checked_add(intent.captured_tips());
    }
    let total = [tips.unwrap_or(0), intent.extras()]
        .into_iter()
        .try_fold(intent.amount, i64::checked_add)
        .unwrap_or(i64::MAX);
    let secret_ends = intent
        .secret
        .as_ref()
        .map_or_else(|| "0001-01-01T00:00:00Z".to_owned(), |secret| stamp(secret.1));
    let Value::Object(mut body) = json!({
        "id": intent.id,
        "captureMode": intent.capture_mode,
        "clientSessionSecretExpirationDate": secret_ends,
        "status": intent.status,
        "amount": money(intent.amount, &intent.currency),
        "totalAmount": money(total, &intent.currency),
        "refundedAmount": intent.refunded(),
        "createdAt": stamp(intent.created_at),
        "updatedAt": stamp(intent.updated_at),
        "reference": intent.reference,
        "merchantConfig": {"supportedPaymentMethods": {
            "cardSchemes": ["VISA", "MASTERCARD", "MAESTRO", "DISCOVER", "DCI"],
            "wallets": ["APPLE_PAY", "GOOGLE_PAY"],
        }},
        "paymentSource": "api",
        "expireAt": stamp(intent.expire_at),
        "metadata": intent.metadata,
        "paymentLink": format!("{base_url}/checkout/{}", intent.id),
        "terminalSessionHistory": [],
    }) else {
        return Value::Null;
    };
    for (name, value) in &intent.echoed {
        body.insert(name.clone(), value.clone());
    }
    body.insert("config".to_owned(), config(intent));
    put_optional(&mut body, intent, tips);
    Value::Object(body)
}

/// The request's settings, with what the server knows of the merchant.
fn config(intent: &Intent) -> Value {
    let given = intent.echoed.get("config").and_then(Value::as_object);
    let mut config = given.cloned().unwrap_or_default();
    config.insert("branding".to_owned(), json!({}));
    config.insert("tradingName".to_owned(), json!("The Harbour Hotel"));
    Value::Object(config)
}

/// Fields that are absent, not null, while there is nothing to say.
fn put_optional(body: &mut Map<String, Value>, intent: &Intent, tips: Option<i64>) {
    let mut put = |name: &str, value: Option<Value>| value.map(|value| body.insert(name.to_owned(), value));
    put(
        "autoExpireAction",
        intent.auto_expire_action.map(|action| json!(action)),
    );
    put(
        "autoExpireIn",
        intent.auto_expire_in.as_ref().map(|text| json!(text)),
    );
    put("tipsAmount", tips.map(|tips| money(tips, &intent.currency)));
    put(
        "requestedAmount",
        intent
            .requested_amount
            .map(|amount| money(amount, &intent.currency)),
    );
    put(
        "clientSessionSecret",
        intent.secret.as_ref().map(|secret| json!(secret.0)),
    );
    put("paymentEvents", Some(events(intent)));
    // Absent on a new intent, `[]` once a card has paid: that is how the examples have it.
    put(
        "captures",
        intent
            .authorised_at
            .map(|_| listed(intent).map(capture).collect()),
    );
    // A hold shows its card in full only once it is final, or so it seems; the digits are in the events.
    let final_now = intent.capture_mode == CaptureMode::Auto || listed(intent).next().is_some();
    put("paymentDetails", details(intent).filter(|_| final_now));
}

fn events(intent: &Intent) -> Value {
    let shown = intent.events.iter().map(|seen| {
        let refused = matches!(
            seen.event_type.as_str(),
            "Declined" | "Reversed" | "Refunded" | "AuthChallenged"
        );
        event(seen, if refused { "" } else { "123456" })
    });
    shown.collect()
}

/// Fields that every new intent shows, whether or not the request had them.
pub(super) fn defaults(echoed: &mut Map<String, Value>) {
    for (name, value) in [
        ("cardHolderNotPresent", json!(false)),
        ("paymentMethods", json!(["Card"])),
        ("itemLines", json!([])),
        ("taxLines", json!([])),
    ] {
        if echoed.get(name).is_none_or(Value::is_null) {
            echoed.insert(name.to_owned(), value);
        }
    }
}
