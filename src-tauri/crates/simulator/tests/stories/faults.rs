//! A bad network and a bad day at Dojo's.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::till::Till;

async fn try_capture(till: &Till, id: &str) -> Result<(u16, String), reqwest::Error> {
    let request = till.request(Method::POST, &format!("/payment-intents/{id}/captures"));
    let answer = request
        .json(&json!({"amount": 100}))
        .timeout(Duration::from_secs(3))
        .send()
        .await?;
    Ok((answer.status().as_u16(), answer.text().await?))
}

async fn captures(till: &Till, id: &str) -> usize {
    till.get(id).await["captures"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_broken_connection_says_nothing_about_the_work() {
    let till = Till::new().await;
    for (fault, done) in [
        ("reset-before", 0),
        ("reset-after", 1),
        ("cut-answer", 1),
        ("stall", 1),
        ("stall-before", 0),
    ] {
        let id = till.hold(1_000).await;
        till.fault("captures", fault).await;
        assert!(try_capture(&till, &id).await.is_err(), "{fault}");
        assert_eq!(captures(&till, &id).await, done, "{fault}");
        assert_eq!(
            try_capture(&till, &id).await.unwrap().0,
            200,
            "{fault} was for one request only"
        );
    }
}

#[tokio::test]
async fn an_answer_is_cut_at_any_byte() {
    let till = Till::new().await;
    for byte in [0, 1, 9, 15, 60, 150] {
        let id = till.hold(1_000).await;
        till.control(
            "faults",
            json!({"operation": "captures", "fault": "cut-answer", "byte": byte}),
        )
        .await;
        assert!(try_capture(&till, &id).await.is_err(), "{byte}");
        assert_eq!(captures(&till, &id).await, 1, "{byte}");
    }
}

#[tokio::test]
async fn a_gateways_page_says_nothing_about_the_work_either() {
    let till = Till::new().await;
    let all = [
        ("500-before", 500, 0),
        ("502-after", 502, 1),
        ("503-before", 503, 0),
        ("504-after", 504, 1),
        ("html-400", 400, 0),
        ("html-401", 401, 0),
        ("html-409", 409, 0),
        ("429", 429, 0),
        ("redirect", 307, 0),
    ];
    for (fault, status, done) in all {
        let id = till.hold(1_000).await;
        till.fault("captures", fault).await;
        assert_eq!(try_capture(&till, &id).await.unwrap().0, status, "{fault}");
        assert_eq!(captures(&till, &id).await, done, "{fault}");
    }
}

#[tokio::test]
async fn work_may_be_done_late_or_twice() {
    let till = Till::new().await;
    let id = till.hold(1_000).await;
    till.control(
        "faults",
        json!({"operation": "captures", "fault": "late", "delay": 300}),
    )
    .await;
    assert_eq!(try_capture(&till, &id).await.unwrap().0, 504);
    assert_eq!(captures(&till, &id).await, 0);
    till.control("clock", json!({"advance": "00:05:01"})).await;
    assert_eq!(captures(&till, &id).await, 1);
    till.fault("captures", "twice").await;
    try_capture(&till, &id).await.unwrap();
    assert_eq!(captures(&till, &id).await, 3);
}

#[tokio::test]
async fn a_capture_may_be_accepted_and_declined_later() {
    let till = Till::new().await;
    for (fault, fate) in [
        ("capture-declined-later", "Declined"),
        ("capture-failed-later", "Failed"),
    ] {
        let id = till.hold(1_000).await;
        till.fault("captures", fault).await;
        try_capture(&till, &id).await.unwrap();
        assert_eq!(till.get(&id).await["captures"][0]["status"], "Created");
        till.control("clock", json!({"advance": "00:01:00"})).await;
        let intent = till.get(&id).await;
        assert_eq!(
            (&intent["captures"][0]["status"], &intent["status"]),
            (&json!(fate), &json!("Authorized"))
        );
        assert_eq!(
            till.capture(&id, 1_000).await.0,
            200,
            "the whole hold is free again"
        );
    }
}

#[tokio::test]
async fn a_reading_may_be_behind_incomplete_or_strange() {
    let till = Till::new().await;
    let id = till.hold(1_000).await;
    till.capture(&id, 100).await;
    till.fault("get", "stale-get").await;
    assert_eq!(till.get(&id).await["captures"], json!([]));
    till.fault("get", "captures-missing").await;
    assert_eq!(till.get(&id).await["captures"], Value::Null);
    till.fault("get", "unknown-enum").await;
    assert_eq!(till.get(&id).await["status"], "UnderReview");
    till.control(
        "faults",
        json!({"operation": "get", "fault": "slow-drip", "delay": 1}),
    )
    .await;
    assert_eq!(till.get(&id).await["captures"][0]["amount"], 100);
}

#[tokio::test]
async fn the_truth_shows_every_request_and_never_the_key() {
    let till = Till::new().await;
    let id = till.hold(1_000).await;
    till.fault("captures", "reset-before").await;
    assert!(try_capture(&till, &id).await.is_err());
    let truth = till.truth().await;
    assert!(!truth.to_string().contains("sk_sandbox_"));
    let last = truth["requests"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&last["fault"], &last["worked"]),
        (&json!("reset-before"), &json!(false))
    );
    assert_eq!(last["body"]["amount"], 100);
}

#[tokio::test]
async fn chaos_repeats_by_its_seed() {
    let mut seen = Vec::new();
    for _ in 0..2 {
        let till = Till::new().await;
        let chaos = json!({"seed": 11, "percent": 50, "faults": ["429", "503-before", "redirect"]});
        assert_eq!(till.control("faults", chaos).await.0, 200);
        let mut statuses = Vec::new();
        for _ in 0..20 {
            let request = till.request(Method::GET, "/payment-intents/pi_sandbox_none");
            statuses.push(request.send().await.unwrap().status().as_u16());
        }
        seen.push(statuses);
    }
    assert_eq!(seen[0], seen[1]);
    assert!(seen[0].contains(&404) && seen[0].iter().any(|status| *status != 404));
}
