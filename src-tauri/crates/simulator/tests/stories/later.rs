//! What Dojo does later than it says, or takes back.

use serde_json::{Value, json};

use crate::till::{DECLINED, GOOD, Till};

/// What the till sees of refunds: the status and the sum.
async fn seen(till: &Till, id: &str) -> (Value, Value) {
    let intent = till.get(id).await;
    (intent["status"].clone(), intent["refundedAmount"].clone())
}

async fn taken(till: &Till) -> String {
    let id = till.hold(1_000).await;
    till.capture(&id, 1_000).await;
    id
}

#[tokio::test]
async fn a_refund_is_accepted_now_and_seen_later() {
    let till = Till::new().await;
    let id = taken(&till).await;
    till.fault_after("refunds", "refund-later", 300).await;
    let (status, first) = till.refund(&id, "first", 600).await;
    assert_eq!(status, 200);
    assert!(first["refundId"].is_string());
    assert_eq!(seen(&till, &id).await, (json!("Captured"), json!(0)));
    assert_eq!(
        till.refund(&id, "first", 600).await.1,
        first,
        "its key is known at once"
    );
    assert_eq!(
        till.refund(&id, "second", 401).await.0,
        400,
        "what is on its way is not given twice"
    );
    assert_eq!(till.inside(&id).await["refundsPending"], 600);
    till.wind("00:04:00").await;
    assert_eq!(seen(&till, &id).await.1, 0);
    till.wind("00:02:00").await;
    assert_eq!(seen(&till, &id).await, (json!("Captured"), json!(600)));
    assert_eq!(till.refund(&id, "second", 400).await.0, 200);
    assert_eq!(seen(&till, &id).await, (json!("Refunded"), json!(1_000)));
}

#[tokio::test]
async fn a_refund_is_seen_and_the_guests_bank_sends_it_back() {
    let till = Till::new().await;
    let id = taken(&till).await;
    till.fault_after("refunds", "refund-fails-later", 86_400).await;
    till.refund(&id, "key", 1_000).await;
    assert_eq!(seen(&till, &id).await, (json!("Refunded"), json!(1_000)));
    till.wind("1.00:01:00").await;
    assert_eq!(seen(&till, &id).await, (json!("Captured"), json!(0)));
    let inside = till.inside(&id).await;
    assert_eq!(
        (&inside["refunded"], &inside["refunds"][0]["status"]),
        (&json!(0), &json!("Failed"))
    );
    assert_eq!(till.refund(&id, "another key", 1_000).await.0, 200);
    assert_eq!(seen(&till, &id).await, (json!("Refunded"), json!(1_000)));
}

#[tokio::test]
async fn every_refund_takes_a_while_and_one_fails_before_it_is_seen() {
    let till = Till::new().await;
    till.switch(json!({"refundSettlesAfter": 180})).await;
    let id = taken(&till).await;
    till.refund(&id, "first", 200).await;
    till.fault_after("refunds", "refund-fails-later", 60).await;
    till.refund(&id, "second", 300).await;
    assert_eq!(till.inside(&id).await["refundsPending"], 500);
    till.wind("00:02:00").await;
    assert_eq!(till.inside(&id).await["refundsPending"], 200);
    assert_eq!(seen(&till, &id).await.1, 0);
    till.wind("00:02:00").await;
    assert_eq!(seen(&till, &id).await.1, 200);
    till.wind("10.00:00:00").await;
    assert_eq!(seen(&till, &id).await.1, 200);
}

#[tokio::test]
async fn dojo_acts_minutes_after_the_deadline() {
    let till = Till::new().await;
    till.switch(json!({"deadlineLate": 600})).await;
    let capture = till.open(1_000, json!({"autoExpireAction": "Capture"})).await;
    till.pay(&capture, GOOD).await;
    let release = till.hold(1_000).await;
    till.wind("5.00:05:00").await;
    for id in [&capture, &release] {
        assert_eq!(till.get(id).await["status"], "Authorized");
        assert_eq!(till.inside(id).await["remaining"], 1_000);
    }
    assert_eq!(till.capture(&release, 100).await.0, 200, "it is still held");
    till.wind("00:06:00").await;
    assert_eq!(till.get(&capture).await["status"], "Captured");
    let inside = till.inside(&release).await;
    assert_eq!(
        (&inside["status"], &inside["captured"], &inside["holdOpen"]),
        (&json!("Captured"), &json!(100), &json!(false))
    );
    let taking = till.inside(&capture).await["takings"][0].clone();
    let minutes = |from: &Value, to: &Value| {
        let read = |at: &Value| chrono::DateTime::parse_from_rfc3339(at.as_str().unwrap()).unwrap();
        (read(to) - read(from)).num_minutes()
    };
    let paid = till.inside(&capture).await["authorisedAt"].clone();
    assert_eq!(taking["by"], "deadline");
    assert_eq!(minutes(&paid, &taking["at"]), 5 * 24 * 60 + 10);
}

#[tokio::test]
async fn a_canceled_request_is_paid_a_moment_later() {
    let till = Till::new().await;
    let id = till.open(1_000, json!({})).await;
    till.fault("cancel", "cancel-loses-race").await;
    let (status, answer) = till.cancel(&id).await;
    assert_eq!((status, &answer["status"]), (200, &json!("Canceled")));
    assert_eq!(till.get(&id).await["status"], "Canceled");
    till.wind("00:00:05").await;
    let intent = till.get(&id).await;
    assert_eq!(intent["status"], "Authorized");
    let events = intent["paymentEvents"].as_array().unwrap();
    assert_eq!((events.len(), &events[0]["eventType"]), (1, &json!("Authorized")));
    assert_eq!(till.inside(&id).await["remaining"], 1_000);
    assert_eq!(till.reverse(&id).await.0, 200, "it can be given back");
}

#[tokio::test]
async fn only_a_payment_that_was_under_way_gets_past_a_cancel() {
    let till = Till::new().await;
    let id = till.open(1_000, json!({})).await;
    till.cancel(&id).await;
    let pay = async |id: &str, card| {
        let answer = till.control(&format!("pay/{id}"), json!({"card": card})).await;
        answer.0
    };
    assert_eq!(pay(&id, GOOD).await, 409);

    // The guest is quicker than the delay, or has the wrong card.
    till.fault_after("cancel", "cancel-loses-race", 600).await;
    let raced = till.open(1_000, json!({})).await;
    till.cancel(&raced).await;
    assert_eq!(pay(&raced, GOOD).await, 200);
    assert_eq!(till.get(&raced).await["status"], "Authorized");
    till.fault_after("cancel", "cancel-loses-race", 600).await;
    let declined = till.open(1_000, json!({})).await;
    till.cancel(&declined).await;
    assert_eq!(till.pay(&declined, DECLINED).await, "declined");
    till.wind("00:11:00").await;
    assert_eq!(till.get(&declined).await["status"], "Canceled");

    till.switch(json!({"paymentAfterCancel": "taken"})).await;
    assert_eq!(pay(&id, GOOD).await, 200);
    assert_eq!(till.get(&id).await["status"], "Authorized");
    let over = till.open(1_000, json!({})).await;
    till.wind("30.00:00:01").await;
    assert_eq!(till.get(&over).await["status"], "Canceled");
    assert_eq!(pay(&over, GOOD).await, 200, "nor does its own end stop a payment");
    assert_eq!(pay(&raced, GOOD).await, 409, "what is paid is paid");
}

#[tokio::test]
async fn a_restart_forgets_nothing_of_what_is_still_to_come() {
    let folder = tempfile::tempdir().unwrap();
    let till = Till::with_data(Some(folder.path())).await;
    let refunded = taken(&till).await;
    till.fault_after("refunds", "refund-later", 300).await;
    till.refund(&refunded, "key", 600).await;
    let canceled = till.open(1_000, json!({})).await;
    till.fault_after("cancel", "cancel-loses-race", 300).await;
    till.cancel(&canceled).await;
    till.running.shutdown().await;

    let till = Till::with_data(Some(folder.path())).await;
    assert_eq!(seen(&till, &refunded).await.1, 0);
    assert_eq!(till.get(&canceled).await["status"], "Canceled");
    till.wind("00:06:00").await;
    assert_eq!(seen(&till, &refunded).await.1, 600);
    assert_eq!(till.get(&canceled).await["status"], "Authorized");
}
