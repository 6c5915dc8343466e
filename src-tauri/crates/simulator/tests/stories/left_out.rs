//! What an answer may leave out, once or always.

use serde_json::{Value, json};

use crate::till::{GOOD, Till};

const SEARCH: &str = "/payment-intents/search";

/// A payment's time is nowhere in the intent, whatever else is.
fn has_no_time_of_payment(intent: &Value) -> bool {
    intent["paymentEvents"].is_null() && intent["paymentDetails"]["transactionDateTime"].is_null()
}

#[tokio::test]
async fn one_reading_does_not_say_when_the_card_paid() {
    let till = Till::new().await;
    let id = till.hold(1_000).await;
    till.capture(&id, 400).await;
    till.fault("get", "events-missing").await;
    let intent = till.get(&id).await;
    assert!(has_no_time_of_payment(&intent));
    assert_eq!(
        (&intent["status"], &intent["captures"][0]["amount"]),
        (&json!("Authorized"), &json!(400)),
        "all else is there"
    );
    assert!(intent["paymentDetails"]["card"]["cardNumber"].is_string());
    till.fault("search", "events-missing").await;
    let page = till.post(SEARCH, json!({})).await.1;
    assert!(has_no_time_of_payment(&page["data"][0]));
    assert!(!has_no_time_of_payment(&till.get(&id).await));
}

#[tokio::test]
async fn or_no_answer_ever_does() {
    let till = Till::new().await;
    till.switch(json!({"paymentEvents": "missing"})).await;
    let id = till.hold(1_000).await;
    let page = till.post(SEARCH, json!({})).await.1;
    for intent in [till.get(&id).await, page["data"][0].clone()] {
        assert!(has_no_time_of_payment(&intent));
        assert_eq!(intent["status"], "Authorized");
    }
    assert!(till.inside(&id).await["authorisedAt"].is_string());
}

#[tokio::test]
async fn a_wallet_hides_its_card() {
    let till = Till::new().await;
    let id = till.hold(1_000).await;
    till.capture(&id, 400).await;
    let seen = async || {
        let intent = till.get(&id).await;
        let (event, details) = (&intent["paymentEvents"][0], &intent["paymentDetails"]);
        assert_eq!(event["cardType"], "MASTERCARD");
        let digits = event["cardNumber"].is_string() && event["expiryDate"].is_string();
        let code = event["authCode"].is_string();
        assert_eq!(details["card"]["cardNumber"].is_string(), digits);
        assert_eq!(details["card"]["expiryDate"].is_string(), digits);
        assert_eq!(details["authCode"].is_string(), code);
        (digits, code)
    };
    till.fault("get", "card-unknown").await;
    assert_eq!(seen().await, (false, false));
    assert_eq!(seen().await, (true, true), "it was for one reading");
    for (position, expected) in [
        ("no-code", (true, false)),
        ("no-digits", (false, true)),
        ("unknown", (false, false)),
        ("shown", (true, true)),
    ] {
        till.switch(json!({"cardDetails": position})).await;
        assert_eq!(seen().await, expected, "{position}");
    }
}

#[tokio::test]
async fn what_dojo_takes_at_the_deadline_is_not_listed() {
    let till = Till::new().await;
    till.switch(json!({"deadlineCapture": "unlisted"})).await;
    let capture = json!({"autoExpireAction": "Capture"});
    let (whole, part) = (
        till.open(1_000, capture.clone()).await,
        till.open(1_000, capture).await,
    );
    till.pay(&whole, GOOD).await;
    till.pay(&part, GOOD).await;
    till.capture(&part, 300).await;
    till.wind("5.00:01:00").await;
    for (id, listed, by) in [(&whole, 0, 1_000), (&part, 1, 700)] {
        let intent = till.get(id).await;
        assert_eq!(intent["status"], "Captured");
        assert_eq!(intent["captures"].as_array().unwrap().len(), listed);
        let inside = till.inside(id).await;
        assert_eq!(inside["captured"], 1_000);
        assert_eq!(inside["takings"][listed]["by"], "deadline");
        assert_eq!(inside["takings"][listed]["amount"], by);
    }
}

#[tokio::test]
async fn of_a_create_that_came_twice_the_one_that_nobody_knows_is_listed_first() {
    let till = Till::new().await;
    till.open(500, json!({"reference": "OLDER"})).await;
    till.fault("create", "twice").await;
    let known = till.open(1_000, json!({"reference": "TWICE"})).await;
    till.open(500, json!({"reference": "NEWER"})).await;
    let listed = async || {
        let page = till.post(SEARCH, json!({})).await.1;
        let all = page["data"].as_array().unwrap().clone();
        let ids: Vec<Value> = all.iter().map(|intent| intent["id"].clone()).collect();
        assert_eq!(ids.len(), 4);
        let twins: Vec<&Value> = all
            .iter()
            .filter(|intent| intent["reference"] == "TWICE")
            .collect();
        (all[0]["id"] != known, twins[0]["id"] != known, ids[0].clone())
    };
    assert!(!listed().await.1, "by its age the known one comes first");
    till.fault("search", "search-orphan-first").await;
    let (_, is_first_of_two, first) = listed().await;
    assert!(is_first_of_two);
    assert_eq!(till.inside(first.as_str().unwrap()).await["isOrphan"], true);
    assert_eq!(till.inside(&known).await["isOrphan"], false);
    assert!(!listed().await.1, "the fault was for one answer");
    till.switch(json!({"searchOrphan": "first", "searchOrder": "oldest-first"}))
        .await;
    assert_eq!(listed().await.2, first);
}
