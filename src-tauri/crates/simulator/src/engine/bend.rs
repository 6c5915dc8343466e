//! Changes an answer on its way back. What Dojo did stays as it is.

use serde_json::{Map, Value, json};

use super::{
    message::Response,
    switches::{CardDetails, PaymentEvents, Switches},
};

/// What a lasting switch leaves out of an intent.
pub(super) fn by_switch(intent: &mut Value, switches: &Switches) {
    let Some(intent) = intent.as_object_mut() else {
        return;
    };
    if switches.payment_events == PaymentEvents::Missing {
        hide_events(intent);
    }
    if matches!(switches.card_details, CardDetails::NoCode | CardDetails::Unknown) {
        hide_code(intent);
    }
    if matches!(
        switches.card_details,
        CardDetails::NoDigits | CardDetails::Unknown
    ) {
        hide_digits(intent);
    }
}

/// What a fault does to one answer: to the intent in it, or to each on a page of search.
pub(super) fn by_fault(name: &str, mut answer: Response) -> Response {
    let mut body = answer.value();
    let bend_one = |intent: &mut Value| {
        if let Some(intent) = intent.as_object_mut() {
            bend(name, intent);
        }
    };
    match body.get_mut("data").and_then(Value::as_array_mut) {
        Some(data) if name == "search-reordered" => data.reverse(),
        Some(data) => data.iter_mut().for_each(bend_one),
        None => bend_one(&mut body),
    }
    if answer.status == 200 {
        answer.body = body.to_string().into_bytes();
    }
    answer
}

fn bend(name: &str, intent: &mut Map<String, Value>) {
    match name {
        "captures-missing" => drop(intent.remove("captures")),
        "events-missing" => hide_events(intent),
        "card-unknown" => {
            hide_code(intent);
            hide_digits(intent);
        }
        "echo-missing" => {
            intent.remove("autoExpireIn");
            intent.remove("autoExpireAction");
        }
        "unknown-enum" if intent.contains_key("status") && intent.contains_key("captureMode") => {
            intent.insert("status".to_owned(), json!("UnderReview"));
        }
        _ => {}
    }
}

fn hide_events(intent: &mut Map<String, Value>) {
    intent.remove("paymentEvents");
    if let Some(details) = details(intent) {
        details.remove("transactionDateTime");
    }
}

fn hide_code(intent: &mut Map<String, Value>) {
    for event in events(intent) {
        event.remove("authCode");
    }
    if let Some(details) = details(intent) {
        details.remove("authCode");
    }
}

/// The scheme stays: a wallet tells it, and no more.
fn hide_digits(intent: &mut Map<String, Value>) {
    for event in events(intent) {
        event.remove("cardNumber");
        event.remove("expiryDate");
    }
    let card = details(intent).and_then(|details| details.get_mut("card")?.as_object_mut());
    if let Some(card) = card {
        card.remove("cardNumber");
        card.remove("expiryDate");
    }
}

fn details(intent: &mut Map<String, Value>) -> Option<&mut Map<String, Value>> {
    intent.get_mut("paymentDetails")?.as_object_mut()
}

fn events(intent: &mut Map<String, Value>) -> impl Iterator<Item = &mut Map<String, Value>> {
    let events = intent.get_mut("paymentEvents").and_then(Value::as_array_mut);
    events.into_iter().flatten().filter_map(Value::as_object_mut)
}
