//! What is asked of Dojo, to the letter.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod fake;

use fake::{Fake, body};
use holdfast_dojo::{
    AutoExpireAction, CaptureMode, CreatePaymentIntent, Method, Money, RefundRequest, SearchRequest,
    TimeSpan, WireRequest,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const ID: &str = "pi_sandbox_6p477TZOmECe5zUHszJCCg";

fn sent(request: &WireRequest) -> Value {
    serde_json::from_slice(request.body.as_deref().unwrap()).unwrap()
}

fn example(name: &str) -> Value {
    serde_json::from_slice(&body(name)).unwrap()
}

fn header<'a>(request: &'a WireRequest, name: &str) -> Option<&'a str> {
    let named = request.headers.iter().find(|(n, _)| n == name);
    named.map(|(_, value)| value.as_str())
}

fn manual(seconds: i64, action: AutoExpireAction) -> CaptureMode {
    CaptureMode::Manual {
        auto_expire_in: TimeSpan::from_seconds(seconds).unwrap(),
        auto_expire_action: action,
    }
}

async fn created(request: CreatePaymentIntent) -> Value {
    let (client, fake) = Fake::client(200, body("01-created.response.json"));
    client.create(&request).await.unwrap();
    let seen = fake.only_request();
    assert_eq!(
        (seen.method, seen.path_and_query.as_str()),
        (Method::Post, "/payment-intents")
    );
    assert_eq!(header(&seen, "idempotencyKey"), None, "Dojo would ignore it here");
    sent(&seen)
}

#[tokio::test]
async fn the_least_hold_is_dojos_own_example() {
    let amount = example("01-create-manual-minimal.request.json")["amount"]["value"]
        .as_i64()
        .unwrap();
    let reference = example("01-create-manual-minimal.request.json")["reference"]
        .as_str()
        .unwrap()
        .to_owned();
    let currency = example("01-create-manual-minimal.request.json")["amount"]["currencyCode"].clone();
    let request = CreatePaymentIntent::new(
        manual(300, AutoExpireAction::Release),
        Money::new(amount, currency.as_str().unwrap()),
        reference,
    );
    assert_eq!(
        created(request).await,
        example("01-create-manual-minimal.request.json")
    );
}

#[tokio::test]
async fn a_hold_always_says_its_deadline_and_what_happens_then() {
    for (seconds, action, span, name) in [
        (601_200, AutoExpireAction::Release, "6.23:00:00", "Release"),
        (55, AutoExpireAction::Capture, "00:00:55", "Capture"),
    ] {
        let money = Money::new(20_000, "GBP");
        let body = created(CreatePaymentIntent::new(
            manual(seconds, action),
            money,
            "R1".to_owned(),
        ))
        .await;
        assert_eq!(
            body,
            json!({ "captureMode": "Manual", "amount": { "value": 20000, "currencyCode": "GBP" },
                "reference": "R1", "autoExpireIn": span, "autoExpireAction": name })
        );
    }
}

#[tokio::test]
async fn a_payment_at_once_has_no_deadline() {
    let money = Money::new(999, "EUR");
    let body = created(CreatePaymentIntent::new(
        CaptureMode::Auto,
        money,
        "R2".to_owned(),
    ))
    .await;
    assert_eq!(
        body,
        json!({ "captureMode": "Auto", "amount": { "value": 999, "currencyCode": "EUR" }, "reference": "R2" })
    );
}

#[tokio::test]
async fn all_that_a_till_may_say_of_a_hold() {
    let mut request = CreatePaymentIntent::new(
        manual(601_200, AutoExpireAction::Release),
        Money::new(20_000, "GBP"),
        "HTL-1".to_owned(),
    );
    request.description = Some("Room “12” – naïve\n🛎".to_owned());
    request.expire_at = Some("2026-03-07T17:58:02.3770815Z".parse().unwrap());
    request.customer_email = Some("guest@example.com".to_owned());
    request.metadata = BTreeMap::from([("kind".to_owned(), "deposit".to_owned())]);
    request.custom_amount_allowed = true;
    request.item_lines = vec![("Breakfast".to_owned(), 2, Money::new(2_400, "GBP"))];
    assert_eq!(
        created(request).await,
        json!({
            "captureMode": "Manual",
            "amount": { "value": 20000, "currencyCode": "GBP" },
            "reference": "HTL-1",
            "description": "Room “12” – naïve\n🛎",
            "autoExpireIn": "6.23:00:00",
            "autoExpireAction": "Release",
            "expireAt": "2026-03-07T17:58:02.377Z",
            "customer": { "emailAddress": "guest@example.com" },
            "metadata": { "kind": "deposit" },
            "config": { "payment": { "customAmountAllowed": true, "tipsAllowed": false } },
            "itemLines": [{ "name": "Breakfast", "quantity": 2,
                "amountTotal": { "value": 2400, "currencyCode": "GBP" } }],
        })
    );
}

#[tokio::test]
async fn captures_are_bare_numbers_with_the_tip_apart() {
    let full = example("03-capture-full.request.json");
    let part = example("04-capture-partial.request.json");
    let tipped = example("05-capture-with-tip.request.json");
    for (expected, tip) in [(full, None), (part, None), (tipped, Some(500))] {
        let (client, fake) = Fake::client(200, body("03-capture.response.json"));
        let amount = expected["amount"].as_i64().unwrap();
        client.capture(ID, amount, tip).await.unwrap();
        let seen = fake.only_request();
        assert_eq!(seen.path_and_query, format!("/payment-intents/{ID}/captures"));
        assert_eq!(sent(&seen), expected);
        assert_eq!(header(&seen, "idempotencyKey"), None);
    }
    let (client, fake) = Fake::client(200, body("03-capture.response.json"));
    client.capture(ID, i64::MAX, Some(0)).await.unwrap();
    assert_eq!(
        fake.only_request().body.unwrap(),
        br#"{"amount":9223372036854775807,"tipsAmount":0}"#
    );
}

#[tokio::test]
async fn a_refund_has_its_key_in_the_header_and_nowhere_else() {
    let (client, fake) = Fake::client(200, body("07-refund.response.json"));
    let request = RefundRequest {
        amount: 5_000,
        reason: Some("Early check-out".to_owned()),
        notes: Some("Approved by duty manager".to_owned()),
    };
    client.refund(ID, &request, "0198f3aa-2f0e").await.unwrap();
    let seen = fake.only_request();
    assert_eq!(seen.path_and_query, format!("/payment-intents/{ID}/refunds"));
    assert_eq!(header(&seen, "idempotencyKey"), Some("0198f3aa-2f0e"));
    assert_eq!(sent(&seen), example("07-refund.request.json"));

    let (client, fake) = Fake::client(200, body("07-refund.response.json"));
    let bare = RefundRequest {
        amount: 1,
        reason: None,
        notes: None,
    };
    client.refund(ID, &bare, "k").await.unwrap();
    assert_eq!(sent(&fake.only_request()), json!({ "amount": 1 }));
}

#[tokio::test]
async fn releasing_cancelling_and_reading_have_no_body() {
    let (client, fake) = Fake::client(200, body("06-reversal.response.json"));
    client.reverse(ID).await.unwrap();
    let seen = fake.only_request();
    assert_eq!((seen.method, seen.body.clone()), (Method::Post, None));
    assert_eq!(seen.path_and_query, format!("/payment-intents/{ID}/reversal"));

    let (client, fake) = Fake::client(200, body("08-canceled.response.json"));
    client.cancel(ID).await.unwrap();
    let seen = fake.only_request();
    assert_eq!((seen.method, seen.body.clone()), (Method::Delete, None));
    assert_eq!(seen.path_and_query, format!("/payment-intents/{ID}"));

    let (client, fake) = Fake::client(200, body("08-canceled.response.json"));
    client.get(ID).await.unwrap();
    let seen = fake.only_request();
    assert_eq!((seen.method, seen.body.clone()), (Method::Get, None));
    assert_eq!(
        seen.path_and_query,
        format!("/payment-intents/{ID}?returnCanceled=true")
    );
}

#[tokio::test]
async fn amounts_and_tips_that_change_are_money_and_receipts_are_addresses() {
    let intent = body("10-set-amount.response.json");
    let (client, fake) = Fake::client(200, intent.clone());
    client.set_amount(ID, &Money::new(25_000, "GBP")).await.unwrap();
    assert_eq!(sent(&fake.only_request()), example("10-set-amount.request.json"));
    let (client, fake) = Fake::client(200, intent);
    client.set_tips(ID, &Money::new(500, "GBP")).await.unwrap();
    assert_eq!(sent(&fake.only_request()), example("10-set-tips.request.json"));
    let (client, fake) = Fake::client(204, "");
    client
        .send_receipt(ID, &["guest@example.com".to_owned()])
        .await
        .unwrap();
    assert_eq!(
        sent(&fake.only_request()),
        json!({ "emails": ["guest@example.com"] })
    );
}

#[tokio::test]
async fn a_search_asks_for_a_hundred_and_for_the_next_page_by_cursor() {
    let mut request = SearchRequest {
        statuses: vec!["Created".to_owned(), "Authorized".to_owned()],
        start_date: Some("2026-02-27T00:00:00Z".parse().unwrap()),
        end_date: Some("2026-03-09T00:00:00Z".parse().unwrap()),
        after: None,
    };
    let asked = async |request: &SearchRequest| {
        let (client, fake) = Fake::client(200, body("09-search.last.response.json"));
        client.search(request).await.unwrap();
        let text = String::from_utf8(fake.only_request().body.unwrap()).unwrap();
        serde_json::from_str::<Value>(&text.replace(".000Z", "Z")).unwrap()
    };
    assert_eq!(asked(&request).await, example("09-search.request.json"));
    request.after = Some("eyJpZCI6InBpX3NhbmRib3hfIn0".to_owned());
    assert_eq!(asked(&request).await, example("09-search.next.request.json"));
}

#[tokio::test]
async fn an_id_stays_one_part_of_the_path() {
    let (client, fake) = Fake::client(200, body("06-reversal.response.json"));
    client.reverse("pi/../x?y#z é%").await.unwrap();
    assert_eq!(
        fake.only_request().path_and_query,
        "/payment-intents/pi%2F%2E%2E%2Fx%3Fy%23z%20%C3%A9%25/reversal"
    );
}
