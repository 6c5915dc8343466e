use super::*;
use holdfast_domain::TabId;
use holdfast_ledger_conformance::sample::hold;
use uuid::Uuid;

/// What Dojo answers to a request for a hold of 100.00, released after 600,000 seconds.
fn as_asked() -> serde_json::Value {
    serde_json::json!({
        "id": "pi_1",
        "status": "Created",
        "captureMode": "Manual",
        "amount": { "value": 10_000, "currencyCode": "GBP" },
        "autoExpireIn": "6.22:40:00",
        "autoExpireAction": "Release",
    })
}

/// What is found where Dojo's answer has `value` at `name`.
fn with(name: &str, value: serde_json::Value) -> Vec<EchoDifference> {
    let mut answer = as_asked();
    answer[name] = value;
    let intent = serde_json::from_value(answer).unwrap();
    differences(&hold(TabId(Uuid::nil())), &intent)
}

#[test]
fn an_answer_that_is_what_was_asked_for_differs_in_nothing() {
    assert_eq!(with("captureMode", "Manual".into()), []);
}

#[test]
fn each_difference_is_told_by_itself() {
    let money = |minor, currency| Money::new(minor, currency);
    let asked = money(10_000, Currency::Gbp);
    assert_eq!(
        with("captureMode", "Auto".into()),
        [EchoDifference::CaptureMode(CaptureMode::Auto)]
    );
    assert_eq!(
        with("autoExpireIn", "6.22:39:59".into()),
        [EchoDifference::Interval {
            asked: 600_000,
            is: 599_999
        }]
    );
    assert_eq!(
        with("autoExpireAction", serde_json::Value::Null),
        [EchoDifference::Action(None)]
    );
    assert_eq!(
        with("amount", serde_json::Value::Null),
        [EchoDifference::NoAmount { asked }]
    );
    let amount = |value: i64, code: &str| serde_json::json!({ "value": value, "currencyCode": code });
    assert_eq!(
        with("amount", amount(10_001, "GBP")),
        [EchoDifference::Amount {
            asked,
            is: money(10_001, Currency::Gbp)
        }]
    );
    assert_eq!(
        with("amount", amount(10_000, "EUR")),
        [EchoDifference::Amount {
            asked,
            is: money(10_000, Currency::Eur)
        }]
    );
    assert_eq!(
        with("amount", amount(10_000, "XXX")),
        [EchoDifference::Currency {
            asked,
            is: "XXX".to_owned()
        }]
    );
}
