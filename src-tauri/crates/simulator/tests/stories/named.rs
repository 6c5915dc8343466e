//! Faults that come only by their name, over HTTP and from a world that has the engine in its hands.

use chrono::{DateTime, TimeDelta};
use holdfast_simulator::engine::{
    BY_NAME, By, Chaos, ELSEWHERE, Engine, FAULTS, Fault, PaymentEvents, Request, Switches,
};
use serde_json::{Value, json};

use crate::till::{GOOD, Till};

fn engine() -> Engine {
    Engine::new(7, DateTime::UNIX_EPOCH, "http://127.0.0.1:1")
}

fn asked(method: &str, path: &str) -> Request {
    Request::new(method, path)
        .header("authorization", "Basic sk_sandbox_world")
        .header("version", "2026-02-27")
}

fn create() -> Request {
    asked("POST", "/payment-intents").json(&json!({
        "captureMode": "Manual",
        "amount": {"value": 1_000, "currencyCode": "GBP"},
        "reference": "TAB-0001",
        "autoExpireIn": "5.00:00:00",
        "autoExpireAction": "Capture",
    }))
}

fn capture(id: &str, amount: i64) -> Request {
    asked("POST", &format!("/payment-intents/{id}/captures")).json(&json!({"amount": amount}))
}

fn id(answer: &Value) -> String {
    answer["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn each_can_be_ordered_and_an_unknown_name_is_refused() {
    let till = Till::new().await;
    let order = async |body| till.control("faults", body).await.0;
    for name in FAULTS.iter().chain(BY_NAME) {
        assert_eq!(
            order(json!({"operation": "receipt", "fault": name})).await,
            200,
            "{name}"
        );
        assert_eq!(
            order(json!({"seed": 1, "percent": 0, "faults": [name]})).await,
            200,
            "{name}"
        );
    }
    assert_eq!(
        order(json!({"operation": "receipt", "fault": "echo-other"})).await,
        400
    );
    assert_eq!(
        order(json!({"seed": 1, "percent": 0, "faults": ["echo-other"]})).await,
        400
    );
    let known = till
        .client
        .get(till.url("/_simulator/faults"))
        .send()
        .await
        .unwrap();
    let known: Value = serde_json::from_str(&known.text().await.unwrap()).unwrap();
    assert_eq!(
        known["known"].as_array().unwrap().len(),
        FAULTS.len() + BY_NAME.len()
    );
}

#[test]
fn a_seed_brings_them_only_when_it_names_them() {
    let met = |faults: Vec<String>| {
        let mut engine = engine();
        engine.unleash(Chaos {
            seed: 3,
            percent: 100,
            faults,
        });
        for _ in 0..2_000 {
            engine.handle(asked("GET", "/payment-intents/none"));
        }
        let met: std::collections::BTreeSet<String> = engine
            .requests()
            .iter()
            .filter_map(|seen| seen.fault.clone())
            .collect();
        met
    };
    let all = met(Vec::new());
    assert_eq!(all.len(), FAULTS.len());
    assert!(!all.iter().any(|name| BY_NAME.contains(&name.as_str())));
    let named = BY_NAME.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(met(named).len(), BY_NAME.len());
}

#[test]
fn a_world_orders_faults_and_turns_switches_by_itself() {
    let mut engine = engine();
    engine.set_switches(Switches {
        payment_events: PaymentEvents::Missing,
        refund_settles_after: 60,
        ..Switches::default()
    });
    engine.plan_fault(Fault {
        operation: "create".to_owned(),
        fault: "echo-interval".to_owned(),
        times: 1,
        byte: None,
        delay: Some(3_600),
    });
    let id = id(&engine.handle(create()).value());
    engine.pay(&id, GOOD).unwrap();
    let shown = engine
        .handle(asked("GET", &format!("/payment-intents/{id}")))
        .value();
    assert_eq!(
        (&shown["autoExpireIn"], &shown["paymentEvents"]),
        (&json!("01:00:00"), &Value::Null)
    );
    engine.advance_to(DateTime::UNIX_EPOCH + TimeDelta::hours(1));
    assert!(!engine.intent(&id).unwrap().hold_open);
}

#[test]
fn the_truth_says_who_took_what_and_when_and_what_is_left() {
    let mut engine = engine();
    let id = id(&engine.handle(create()).value());
    engine.pay(&id, GOOD).unwrap();
    assert_eq!(engine.held(&id), 1_000);
    let start = engine.now();
    engine.handle(capture(&id, 100));
    engine.advance_to(start + TimeDelta::hours(1));
    engine.handle(capture(&id, 250).header(ELSEWHERE, "yes"));
    assert_eq!(engine.held(&id), 650);
    engine.advance_to(start + TimeDelta::days(6));
    assert_eq!(engine.held(&id), 0);
    let takings: Vec<(By, i64, TimeDelta)> = engine
        .intent(&id)
        .unwrap()
        .takings()
        .into_iter()
        .map(|taking| (taking.by, taking.amount, taking.at - start))
        .collect();
    assert_eq!(
        takings,
        [
            (By::Till, 100, TimeDelta::zero()),
            (By::Elsewhere, 250, TimeDelta::hours(1)),
            (By::Deadline, 650, TimeDelta::days(5)),
        ]
    );
    assert_eq!(engine.held("pi_sandbox_nobody"), 0);
}
