//! Holding, taking and giving back.

use reqwest::Method;
use serde_json::json;

use crate::till::{GOOD, Till, read};

#[tokio::test]
async fn a_deposit_is_held_partly_taken_then_fully_taken_and_given_back() {
    let till = Till::new().await;
    let id = till.hold(20_000).await;
    assert!(id.starts_with("pi_sandbox_"));
    assert_eq!(till.get(&id).await["captures"], json!([]));

    let (status, answer) = till.capture(&id, 12_550).await;
    assert_eq!(status, 200);
    assert!(answer["captureId"].as_str().unwrap().starts_with("cp_"));
    let intent = till.get(&id).await;
    assert_eq!(intent["status"], "Authorized");
    assert_eq!(intent["captures"][0]["id"], answer["captureId"]);
    assert_eq!(intent["captures"][0]["status"], "Successful");

    assert_eq!(till.capture(&id, 7_451).await.0, 400, "one penny too many");
    assert_eq!(till.capture(&id, 7_450).await.0, 200);
    assert_eq!(till.get(&id).await["status"], "Captured");
    assert_eq!(till.capture(&id, 1).await.0, 409);

    assert_eq!(till.refund(&id, "first", 5_000).await.0, 200);
    let intent = till.get(&id).await;
    assert_eq!(
        (&intent["status"], &intent["refundedAmount"]),
        (&json!("Captured"), &json!(5_000))
    );
    assert_eq!(till.refund(&id, "second", 15_001).await.0, 400);
    assert_eq!(till.refund(&id, "second", 15_000).await.0, 200);
    assert_eq!(till.get(&id).await["status"], "Refunded");
}

#[tokio::test]
async fn a_repeated_refund_is_one_refund() {
    let till = Till::new().await;
    let id = till.hold(1_000).await;
    till.capture(&id, 1_000).await;
    let first = till.refund(&id, "key", 400).await;
    assert_eq!(till.refund(&id, "key", 400).await, first);
    assert_eq!(till.get(&id).await["refundedAmount"], 400);
    assert_eq!(
        till.refund(&id, "key", 500).await.0,
        400,
        "the same key with another body is a clash"
    );
    let path = format!(
        "/payment-intents/refunds/{}",
        first.1["refundId"].as_str().unwrap()
    );
    assert_eq!(
        read(till.request(Method::GET, &path).send().await.unwrap()).await,
        first
    );
}

#[tokio::test]
async fn a_tip_is_taken_beside_the_amount_and_within_the_hold() {
    let till = Till::new().await;
    let id = till.hold(5_000).await;
    let path = format!("/payment-intents/{id}/captures");
    assert_eq!(
        till.post(&path, json!({"amount": 4_600, "tipsAmount": 500}))
            .await
            .0,
        400
    );
    assert_eq!(
        till.post(&path, json!({"Amount": 4_200, "TipsAmount": 500}))
            .await
            .0,
        200
    );
    let capture = &till.get(&id).await["captures"][0];
    assert_eq!(
        (&capture["amount"], &capture["tipsAmount"]),
        (&json!(4_200), &json!(500))
    );
    assert_eq!(till.truth().await["intents"][0]["remaining"], 300);
}

#[tokio::test]
async fn a_hold_is_reversed_once_and_never_after_a_capture() {
    let till = Till::new().await;
    let untouched = till.hold(1_000).await;
    assert!(
        till.reverse(&untouched).await.1["reversalId"]
            .as_str()
            .unwrap()
            .starts_with("rvs_")
    );
    assert_eq!(till.get(&untouched).await["status"], "Reversed");
    assert_eq!(till.reverse(&untouched).await.0, 409);
    assert_eq!(till.capture(&untouched, 1).await.0, 409);

    let touched = till.hold(1_000).await;
    till.capture(&touched, 100).await;
    assert_eq!(till.reverse(&touched).await.0, 409);
    till.switch(json!({"reversalAfterPartial": "releases-remainder"}))
        .await;
    assert_eq!(till.reverse(&touched).await.0, 200);
    assert_eq!(
        till.get(&touched).await["status"],
        "Captured",
        "what was taken stays taken"
    );
}

#[tokio::test]
async fn an_auto_payment_is_taken_with_the_card() {
    let till = Till::new().await;
    let id = till.open(1_000, json!({"captureMode": "Auto"})).await;
    assert_eq!(till.pay(&id, GOOD).await, "captured");
    let intent = till.get(&id).await;
    assert_eq!(
        (&intent["status"], &intent["captures"]),
        (&json!("Captured"), &json!([]))
    );
    assert_eq!(till.capture(&id, 1_000).await.0, 409);
    assert_eq!(till.reverse(&id).await.0, 200);
    assert_eq!(till.get(&id).await["status"], "Reversed");
}

#[tokio::test]
async fn amount_and_tip_change_only_where_they_were_allowed_to() {
    let till = Till::new().await;
    let fixed = till.open(1_000, json!({})).await;
    let money = |value: i64| json!({"value": value, "currencyCode": "GBP"});
    let (status, problem) = till
        .post(
            &format!("/payment-intents/{fixed}/tips-amount"),
            json!({"tipsAmount": money(100)}),
        )
        .await;
    assert_eq!(
        (status, &problem["Detail"]),
        (405, &json!("Tips are not allowed on payment intent"))
    );

    let config = json!({"config": {"payment": {"customAmountAllowed": true, "tipsAllowed": true}}});
    let open = till.open(1_000, config).await;
    till.post(
        &format!("/payment-intents/{open}/amount"),
        json!({"amount": money(2_500)}),
    )
    .await;
    let (status, intent) = till
        .post(
            &format!("/payment-intents/{open}/tips-amount"),
            json!({"tipsAmount": money(300)}),
        )
        .await;
    assert_eq!(status, 200);
    assert_eq!(intent["requestedAmount"]["value"], 1_000);
    assert_eq!(intent["totalAmount"]["value"], 2_800);
    assert!(intent["clientSessionSecret"].is_string());
}

#[tokio::test]
async fn a_receipt_answers_with_nothing() {
    let till = Till::new().await;
    let id = till.hold(1_000).await;
    let path = format!("/payment-intents/{id}/receipt");
    let answer = till
        .request(Method::POST, &path)
        .json(&json!({"emails": ["guest@example.com"]}))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 204);
    assert_eq!(answer.text().await.unwrap(), "");
    assert_eq!(till.post(&path, json!({"emails": ["nobody"]})).await.0, 400);
}
