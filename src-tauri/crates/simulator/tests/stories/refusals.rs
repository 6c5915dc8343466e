//! What the interface does not take, and how it says so.

use reqwest::Method;
use serde_json::{Value, json};

use crate::till::{Till, read};

fn manual(changes: Value) -> Value {
    let mut body = json!({
        "captureMode": "Manual",
        "amount": {"value": 1_000, "currencyCode": "GBP"},
        "reference": "TAB-0001",
        "autoExpireIn": "00:05:00",
        "autoExpireAction": "Release",
    });
    body.as_object_mut()
        .unwrap()
        .extend(changes.as_object().cloned().unwrap());
    body
}

#[tokio::test]
async fn the_door_wants_a_sandbox_key_as_it_is_and_a_version() {
    let till = Till::new().await;
    let url = till.url("/payment-intents/search");
    for key in ["Basic sk_prod_x", "Bearer sk_sandbox_x", "Basic c2tfc2FuZGJveF94"] {
        let request = till
            .client
            .post(&url)
            .header("Authorization", key)
            .header("version", "2026-02-27");
        assert_eq!(
            request.json(&json!({})).send().await.unwrap().status(),
            401,
            "{key}"
        );
    }
    let request = till
        .client
        .post(&url)
        .header("Authorization", "Basic sk_sandbox_x");
    let (status, problem) = read(request.json(&json!({})).send().await.unwrap()).await;
    assert_eq!(status, 400);
    assert!(problem["errors"]["Version"].is_array());
}

#[tokio::test]
async fn every_error_of_a_body_is_named_in_pascal_case() {
    let till = Till::new().await;
    let (status, problem) = till
        .post(
            "/payment-intents",
            json!({"captureMode": "Manual", "amount": {"value": "ten", "currencyCode": "USD"}}),
        )
        .await;
    assert_eq!(status, 400);
    for field in [
        "Reference",
        "Amount.Value",
        "Amount.CurrencyCode",
        "AutoExpireAction",
    ] {
        assert!(problem["errors"][field].is_array(), "{field}: {problem}");
    }
    assert!(problem["traceId"].is_string());
}

#[tokio::test]
async fn a_hold_lasts_more_than_30_seconds_and_less_than_7_days() {
    let till = Till::new().await;
    for interval in ["00:00:30", "7.00:00:00", "24:00:00", "P6D", ""] {
        let (status, problem) = till
            .post("/payment-intents", manual(json!({"autoExpireIn": interval})))
            .await;
        assert_eq!(status, 400, "{interval}");
        assert!(problem["errors"]["AutoExpireIn"].is_array());
    }
    for interval in ["00:00:31", "6.23:59:59"] {
        assert_eq!(
            till.post("/payment-intents", manual(json!({"autoExpireIn": interval})))
                .await
                .0,
            200
        );
    }
}

#[tokio::test]
async fn the_guides_older_samples_still_run_and_newer_versions_refuse_them() {
    let mut till = Till::new().await;
    let sample = json!({
        "CaptureMode": "Manual",
        "Amount": {"Value": 1_000, "CurrencyCode": "GBP"},
        "Reference": "Order 234",
        "Description": "Demo payment intent",
        "AutoExpireAt": "2023-12-01T00:00:00",
        "AutoExpireAction": "Release",
    });
    let (status, problem) = till.post("/payment-intents", sample.clone()).await;
    assert_eq!(status, 400);
    assert!(problem["errors"]["AutoExpireAt"].is_array());
    till.version = "2022-07-04";
    let (status, intent) = till.post("/payment-intents", sample).await;
    assert_eq!((status, &intent["captureMode"]), (200, &json!("Manual")));
    assert_eq!(intent["autoExpireIn"], Value::Null);
}

#[tokio::test]
async fn money_that_makes_no_sense_is_refused() {
    let till = Till::new().await;
    let id = till.hold(1_000).await;
    let path = format!("/payment-intents/{id}/captures");
    for body in [
        json!({"amount": 0}),
        json!({"amount": -5}),
        json!({"amount": 10.5}),
        json!({"amount": i64::MAX, "tipsAmount": i64::MAX}),
        json!({"amount": {"value": 100, "currencyCode": "GBP"}}),
        json!({"amount": 100, "tipsAmount": -1}),
        json!({}),
    ] {
        assert_eq!(till.post(&path, body.clone()).await.0, 400, "{body}");
    }
    assert_eq!(till.get(&id).await["captures"], json!([]));
}

#[tokio::test]
async fn what_is_not_there_or_not_ready_is_told_apart() {
    let till = Till::new().await;
    let created = till.open(1_000, json!({})).await;
    assert_eq!(till.capture(&created, 1_000).await.0, 409);
    assert_eq!(till.reverse(&created).await.0, 409);
    assert_eq!(
        till.capture("pi_sandbox_nobody", 1_000).await.0,
        400,
        "as the official tests expect"
    );
    assert_eq!(till.get("pi_sandbox_nobody").await["status"], 404);
}

#[tokio::test]
async fn a_canceled_intent_hides_unless_asked_for() {
    let till = Till::new().await;
    let id = till.open(1_000, json!({})).await;
    let path = format!("/payment-intents/{id}");
    let (status, intent) = read(till.request(Method::DELETE, &path).send().await.unwrap()).await;
    assert_eq!((status, &intent["status"]), (200, &json!("Canceled")));
    assert_eq!(
        till.request(Method::GET, &path).send().await.unwrap().status(),
        404
    );
    assert_eq!(till.get(&id).await["status"], "Canceled");
    assert_eq!(
        till.request(Method::DELETE, &path).send().await.unwrap().status(),
        400
    );
}
