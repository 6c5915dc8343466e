//! Dojo does something else than it was asked, and says so only in its answer.

use serde_json::{Value, json};

use crate::till::{GOOD, Till};

/// Creates a hold while Dojo gets something wrong; the answer.
async fn asked(till: &Till, fault: &str, changes: Value) -> Value {
    till.fault("create", fault).await;
    let mut body = json!({
        "captureMode": "Manual",
        "amount": {"value": 10_000, "currencyCode": "GBP"},
        "reference": "TAB-0001",
        "autoExpireIn": "5.00:00:00",
        "autoExpireAction": "Release",
    });
    body.as_object_mut()
        .unwrap()
        .extend(changes.as_object().cloned().unwrap_or_default());
    let (status, intent) = till.post("/payment-intents", body).await;
    assert_eq!(status, 200, "{intent}");
    intent
}

fn id(intent: &Value) -> &str {
    intent["id"].as_str().unwrap()
}

#[tokio::test]
async fn a_hold_that_was_stored_shorter_ends_sooner() {
    let till = Till::new().await;
    let intent = asked(&till, "echo-interval", json!({})).await;
    assert_eq!(intent["autoExpireIn"], "2.12:00:00");
    till.pay(id(&intent), GOOD).await;
    till.wind("2.11:59:00").await;
    assert_eq!(till.get(id(&intent)).await["status"], "Authorized");
    till.wind("00:02:00").await;
    assert_eq!(till.get(id(&intent)).await["status"], "Reversed");
}

/// Past its deadline it stays authorised for a day: a till has to say so, and can't know what Dojo will do.
#[tokio::test]
async fn a_hold_that_dojo_forgets_ends_a_day_after_its_deadline() {
    let till = Till::new().await;
    till.fault_after("create", "echo-interval-late", 60).await;
    let id = till.open(1_000, json!({})).await;
    till.pay(&id, GOOD).await;
    till.wind("00:02:00").await;
    assert_eq!(till.get(&id).await["status"], "Authorized");
    till.wind("1.00:00:00").await;
    assert_eq!(till.get(&id).await["status"], "Reversed");
}

#[tokio::test]
async fn how_much_shorter_can_be_ordered() {
    let till = Till::new().await;
    for (seconds, stored) in [(3_600, "01:00:00"), (10, "2.12:00:00"), (999_999, "2.12:00:00")] {
        till.fault_after("create", "echo-interval", seconds).await;
        let id = till.open(1_000, json!({})).await;
        assert_eq!(till.get(&id).await["autoExpireIn"], stored, "{seconds}");
    }
}

#[tokio::test]
async fn a_hold_that_was_to_be_released_is_taken_and_the_other_way_round() {
    let till = Till::new().await;
    for (wanted, stored, status) in [
        ("Release", "Capture", "Captured"),
        ("Capture", "Release", "Reversed"),
    ] {
        let intent = asked(&till, "echo-action", json!({"autoExpireAction": wanted})).await;
        assert_eq!(intent["autoExpireAction"], stored);
        till.pay(id(&intent), GOOD).await;
        till.wind("5.00:01:00").await;
        assert_eq!(till.get(id(&intent)).await["status"], status);
    }
}

#[tokio::test]
async fn a_hold_that_was_stored_as_a_payment_charges_the_guest_at_once() {
    let till = Till::new().await;
    let intent = asked(&till, "echo-mode", json!({})).await;
    assert_eq!(intent["captureMode"], "Auto");
    assert_eq!(till.pay(id(&intent), GOOD).await, "captured");
    let inside = till.inside(id(&intent)).await;
    assert_eq!(
        (
            &inside["captured"],
            &inside["remaining"],
            &inside["takings"][0]["by"]
        ),
        (&json!(10_000), &json!(0), &json!("guest"))
    );
}

#[tokio::test]
async fn a_guest_pays_another_amount_or_in_another_currency() {
    let till = Till::new().await;
    let intent = asked(&till, "echo-amount", json!({})).await;
    assert_eq!(intent["amount"]["value"], 5_000);
    till.pay(id(&intent), GOOD).await;
    assert_eq!(till.inside(id(&intent)).await["authorised"], 5_000);
    assert_eq!(till.capture(id(&intent), 5_001).await.0, 400);

    let intent = asked(&till, "echo-currency", json!({})).await;
    assert_eq!(intent["amount"], json!({"value": 10_000, "currencyCode": "EUR"}));
    assert_eq!(till.get(id(&intent)).await["amount"]["currencyCode"], "EUR");
}

#[tokio::test]
async fn an_answer_may_keep_the_deadline_to_itself_and_dojo_keeps_to_it() {
    let till = Till::new().await;
    let intent = asked(&till, "echo-missing", json!({})).await;
    assert_eq!(
        (&intent["autoExpireIn"], &intent["autoExpireAction"]),
        (&Value::Null, &Value::Null)
    );
    till.pay(id(&intent), GOOD).await;
    assert_eq!(till.get(id(&intent)).await["autoExpireIn"], "5.00:00:00");
    till.fault("search", "echo-missing").await;
    let page = till.post("/payment-intents/search", json!({})).await.1;
    assert_eq!(page["data"][0]["autoExpireIn"], Value::Null);
    till.wind("5.00:01:00").await;
    assert_eq!(till.get(id(&intent)).await["status"], "Reversed");
}
