//! The clock, what happens by itself, and what a restart leaves.

use serde_json::json;

use crate::till::{GOOD, Till};

#[tokio::test]
async fn a_hold_is_released_when_its_time_comes() {
    let till = Till::new().await;
    let id = till.hold(1_000).await;
    till.wind("4.23:59:00").await;
    assert_eq!(till.get(&id).await["status"], "Authorized");
    till.wind("00:02:00").await;
    let intent = till.get(&id).await;
    assert_eq!(intent["status"], "Reversed");
    assert_eq!(intent["paymentEvents"][1]["eventType"], "Reversed");
}

#[tokio::test]
async fn or_taken_in_full_when_that_was_asked_for() {
    let till = Till::new().await;
    let id = till.open(1_000, json!({"autoExpireAction": "Capture"})).await;
    till.pay(&id, GOOD).await;
    till.capture(&id, 300).await;
    till.wind("5.00:01:00").await;
    let intent = till.get(&id).await;
    assert_eq!(intent["status"], "Captured");
    assert_eq!(intent["captures"][1]["amount"], 700);
}

#[tokio::test]
async fn the_rest_of_a_partly_taken_hold_goes_back_and_the_captures_stay() {
    let till = Till::new().await;
    let id = till.hold(1_000).await;
    till.capture(&id, 300).await;
    till.wind("5.00:01:00").await;
    assert_eq!(till.get(&id).await["status"], "Captured");
    assert_eq!(till.capture(&id, 1).await.0, 409);
    assert_eq!(till.truth().await["intents"][0]["captured"], 300);
}

#[tokio::test]
async fn an_intent_that_nobody_pays_is_canceled() {
    let till = Till::new().await;
    let id = till.open(1_000, json!({})).await;
    till.wind("30.00:00:01").await;
    assert_eq!(till.get(&id).await["status"], "Canceled");
    assert_eq!(
        till.control(&format!("pay/{id}"), json!({"card": GOOD})).await.0,
        409
    );
}

#[tokio::test]
async fn the_clock_starts_with_the_card_or_with_the_intent() {
    let till = Till::new().await;
    for (position, status) in [("authorisation", "Authorized"), ("creation", "Reversed")] {
        till.switch(json!({"clockStart": position})).await;
        let id = till.open(1_000, json!({})).await;
        till.wind("3.00:00:00").await;
        till.pay(&id, GOOD).await;
        till.wind("3.00:00:00").await;
        assert_eq!(till.get(&id).await["status"], status, "{position}");
    }
}

#[tokio::test]
async fn the_date_header_follows_the_simulators_own_clock() {
    let till = Till::new().await;
    let date = async || {
        let answer = till
            .client
            .get(till.url("/payment-intents/x"))
            .send()
            .await
            .unwrap();
        let text = answer.headers()["date"].to_str().unwrap().to_owned();
        chrono::DateTime::parse_from_rfc2822(&text).unwrap()
    };
    let before = date().await;
    till.wind("400.00:00:00").await;
    assert!((date().await - before).num_days() >= 400);
}

#[tokio::test]
async fn training_survives_a_restart_and_the_clock_does_not_go_back() {
    let folder = tempfile::tempdir().unwrap();
    let till = Till::with_data(Some(folder.path())).await;
    let id = till.hold(1_000).await;
    till.capture(&id, 300).await;
    till.switch(json!({"partialStatus": "captured"})).await;
    till.wind("4.00:00:00").await;
    let before = till.get(&id).await;
    till.running.shutdown().await;

    let till = Till::with_data(Some(folder.path())).await;
    let after = till.get(&id).await;
    assert_eq!(after["status"], "Captured", "the switch was kept");
    assert_eq!(after["captures"], before["captures"]);
    assert_eq!(till.truth().await["requests"][0]["path"], "/payment-intents");
    till.wind("1.00:01:00").await;
    assert_eq!(
        till.capture(&id, 1).await.0,
        409,
        "the wound-on days were kept too"
    );
    let other = till.hold(1_000).await;
    assert_ne!(other, id);
}
