//! Every answer that Dojo is known to give, read by the client; and every way in which one may be thin.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod fake;

use chrono::{DateTime, Utc};
use fake::{Fake, body};
use holdfast_dojo::{
    AutoExpireAction, CaptureStatus, Money, PaymentIntent, RefundRequest, SearchRequest, Status,
};
use serde_json::{Value, json};

const ID: &str = "pi_sandbox_6p477TZOmECe5zUHszJCCg";

async fn read(body: Vec<u8>) -> PaymentIntent {
    let (client, fake) = Fake::client(200, body);
    let intent = client.get(ID).await.unwrap().value;
    fake.only_request();
    intent
}

async fn read_json(body: Value) -> PaymentIntent {
    read(body.to_string().into_bytes()).await
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// What the till lives on: status, captured amounts with tips and their fates, refunded.
type Gist = (Status, Vec<(i64, Option<i64>, CaptureStatus)>, i64);

fn gist(intent: &PaymentIntent) -> Gist {
    let captures = intent.captures.iter().flatten();
    let captures = captures.map(|c| (c.amount.unwrap(), c.tips_amount, c.status.clone()));
    (
        intent.status.clone(),
        captures.collect(),
        intent.refunded_amount.unwrap(),
    )
}

#[tokio::test]
async fn a_life_of_a_hold_as_dojo_tells_it() {
    use CaptureStatus::{Created, Declined, Successful};
    let all = (20_000, None, Successful);
    let part = (12_550, None, Successful);
    let stations: [(&str, Gist); 13] = [
        ("01-created", (Status::Created, vec![], 0)),
        ("02-authorized", (Status::Authorized, vec![], 0)),
        ("02-authorized-with-details", (Status::Authorized, vec![], 0)),
        (
            "03-capture-pending",
            (Status::Authorized, vec![(20_000, None, Created)], 0),
        ),
        (
            "03-capture-declined",
            (Status::Authorized, vec![(20_000, None, Declined)], 0),
        ),
        ("03-captured-full", (Status::Captured, vec![all.clone()], 0)),
        (
            "04-partially-captured.status-authorized",
            (Status::Authorized, vec![part.clone()], 0),
        ),
        (
            "04-partially-captured.status-captured",
            (Status::Captured, vec![part], 0),
        ),
        (
            "05-captured-with-tip",
            (Status::Captured, vec![(4_200, Some(500), Successful)], 0),
        ),
        ("06-reversed", (Status::Reversed, vec![], 0)),
        (
            "07-partially-refunded",
            (Status::Captured, vec![all.clone()], 5_000),
        ),
        ("07-refunded", (Status::Refunded, vec![all], 20_000)),
        ("08-canceled", (Status::Canceled, vec![], 0)),
    ];
    for (name, expected) in stations {
        let intent = read(body(&format!("{name}.response.json"))).await;
        assert_eq!(gist(&intent), expected, "{name}");
        assert_eq!(intent.id.as_deref(), Some(ID), "{name}");
        assert_eq!(intent.reference.as_deref(), Some("HTL-2026-000412"), "{name}");
        assert_eq!(intent.capture_mode.as_deref(), Some("Manual"), "{name}");
        assert_eq!(intent.auto_expire_in.unwrap().seconds(), 601_200, "{name}");
        assert_eq!(
            intent.auto_expire_action,
            Some(AutoExpireAction::Release),
            "{name}"
        );
        assert_eq!(
            intent.expire_at,
            Some(at("2026-04-05T17:58:02.3771391Z")),
            "{name}"
        );
        assert_eq!(
            intent.created_at,
            Some(at("2026-03-06T17:58:02.3770815Z")),
            "{name}"
        );
    }
}

#[tokio::test]
async fn the_card_is_known_from_the_events_before_the_details_come() {
    for name in ["02-authorized", "02-authorized-with-details", "03-captured-full"] {
        let intent = read(body(&format!("{name}.response.json"))).await;
        let card = intent.card().unwrap();
        assert_eq!(card.last_four.as_deref(), Some("1005"), "{name}");
        assert_eq!(card.brand.as_deref(), Some("MASTERCARD"), "{name}");
        assert_eq!(intent.auth_code().as_deref(), Some("123456"), "{name}");
        assert_eq!(
            intent.authorised_at(),
            Some(at("2026-03-06T18:02:11.973410318Z")),
            "{name}"
        );
    }
    let unpaid = read(body("01-created.response.json")).await;
    assert_eq!(
        (unpaid.card(), unpaid.authorised_at(), unpaid.auth_code()),
        (None, None, None)
    );
}

#[tokio::test]
async fn a_tip_an_amount_that_changed_and_what_the_till_wrote_come_back() {
    let tipped = read(body("05-captured-with-tip.response.json")).await;
    assert_eq!(tipped.tips_amount, Some(Money::new(500, "GBP")));
    assert_eq!(tipped.total_amount, Some(Money::new(5_500, "GBP")));
    let changed = read(body("10-set-amount.response.json")).await;
    assert_eq!(changed.amount, Some(Money::new(25_000, "GBP")));
    assert_eq!(changed.requested_amount, Some(Money::new(20_000, "GBP")));
    let local = "0198f3aa-2f0e-7c11-9a3e-1f0a2b3c4d5e".to_owned();
    assert_eq!(changed.metadata.get("local-id"), Some(&Some(local)));
    assert!(changed.payment_link.unwrap().ends_with(ID));
}

#[tokio::test]
async fn acts_are_answered_by_an_id_and_nothing_more() {
    let client = |name| Fake::client(200, body(name)).0;
    let capture = client("03-capture.response.json")
        .capture(ID, 1, None)
        .await
        .unwrap();
    assert_eq!(
        capture.value.capture_id.as_deref(),
        Some("cp_itIiJMEAvES3ynYF_Yhs2g")
    );
    assert_eq!(capture.server_date, Some(at("2026-03-08T10:12:45Z")));
    let reversal = client("06-reversal.response.json").reverse(ID).await.unwrap();
    assert_eq!(
        reversal.value.reversal_id.as_deref(),
        Some("rvs_g8mCx87TykeQ6BOXqxZ9NQ")
    );
    let refund = RefundRequest {
        amount: 1,
        reason: None,
        notes: None,
    };
    let refund = client("07-refund.response.json")
        .refund(ID, &refund, "k")
        .await
        .unwrap();
    assert_eq!(
        refund.value.refund_id.as_deref(),
        Some("rfnd_g8mCx87TykeQ6BOXqxZ9NQ")
    );
    Fake::client(204, "")
        .0
        .send_receipt(ID, &["a@example.com".to_owned()])
        .await
        .unwrap();
}

#[tokio::test]
async fn a_reversal_is_named_by_either_word_or_by_both() {
    for answer in [
        r#"{"id":"rvs_127usj"}"#,
        r#"{"reversalId":"rvs_127usj","message":"m"}"#,
        r#"{"id":"rvs_127usj","reversalId":"rvs_127usj"}"#,
        r#"{"id":null,"reversalId":"rvs_127usj"}"#,
        r#"{"id":"rvs_127usj","reversalId":null}"#,
    ] {
        let reversed = Fake::client(200, answer).0.reverse(ID).await.unwrap().value;
        assert_eq!(reversed.reversal_id.as_deref(), Some("rvs_127usj"), "{answer}");
    }
}

#[tokio::test]
async fn a_search_goes_on_until_there_is_no_cursor() {
    let search = async |name| {
        let (client, _) = Fake::client(200, body(name));
        client.search(&SearchRequest::default()).await.unwrap().value
    };
    let first = search("09-search.page1.response.json").await;
    let statuses: Vec<_> = first.data.iter().map(|i| i.status.clone()).collect();
    assert_eq!(statuses, [Status::Authorized, Status::Created]);
    assert_eq!(first.after.as_deref(), Some("eyJpZCI6InBpX3NhbmRib3hfIn0"));
    let last = search("09-search.last.response.json").await;
    assert_eq!((last.data.len(), last.after), (0, None));
    for thin in [r"{}", r#"{"data":null,"after":null}"#] {
        let page = Fake::client(200, thin)
            .0
            .search(&SearchRequest::default())
            .await
            .unwrap()
            .value;
        assert_eq!((page.data.len(), page.after), (0, None), "{thin}");
    }
}

#[tokio::test]
async fn any_one_field_may_be_null_missing_or_joined_by_strangers() {
    for name in [
        "02-authorized-with-details.response.json",
        "05-captured-with-tip.response.json",
    ] {
        let whole: Value = serde_json::from_slice(&body(name)).unwrap();
        for field in whole.as_object().unwrap().keys() {
            let mut without = whole.clone();
            without[field] = Value::Null;
            read_json(without.clone()).await;
            without.as_object_mut().unwrap().remove(field);
            read_json(without).await;
        }
    }
    let thinnest = read_json(json!({})).await;
    assert_eq!(thinnest.status, Status::Other(String::new()));
    assert_eq!((thinnest.id, thinnest.captures), (None, None));
    let strangers = json!({ "id": "pi_1", "status": "Authorized", "new": { "deep": [1, null] },
        "captures": [{ "id": "cp_1", "amount": 5, "status": "Successful", "fee": 1.5 }] });
    assert_eq!(
        gist_of_first(&read_json(strangers).await),
        (Some(5), CaptureStatus::Successful)
    );
}

fn gist_of_first(intent: &PaymentIntent) -> (Option<i64>, CaptureStatus) {
    let first = &intent.captures.as_ref().unwrap()[0];
    (first.amount, first.status.clone())
}

#[tokio::test]
async fn a_word_that_nobody_knows_is_kept_and_taken_for_nothing_else() {
    let intent = read_json(json!({ "status": "PartiallyCaptured", "autoExpireAction": "Ask",
        "captures": [{ "amount": 5, "status": "Settling" }, { "amount": null, "status": null }, {}] }))
    .await;
    assert_eq!(intent.status, Status::Other("PartiallyCaptured".to_owned()));
    assert_eq!(
        intent.auto_expire_action,
        Some(AutoExpireAction::Other("Ask".to_owned()))
    );
    let fates: Vec<_> = intent.captures.unwrap().into_iter().map(|c| c.status).collect();
    let other = |text: &str| CaptureStatus::Other(text.to_owned());
    assert_eq!(fates, [other("Settling"), other(""), other("")]);
}

#[tokio::test]
async fn times_have_any_fraction_and_year_one_is_none() {
    for digits in [
        "",
        ".9",
        ".973",
        ".9734",
        ".97341",
        ".973410",
        ".9734103",
        ".97341031",
        ".973410318",
    ] {
        let text = format!("2026-03-06T18:02:11{digits}Z");
        let intent = read_json(json!({ "createdAt": text })).await;
        assert_eq!(intent.created_at, Some(at(&text)), "{text}");
    }
    let offset = read_json(json!({ "createdAt": "2026-03-06T19:02:11.973+01:00" })).await;
    assert_eq!(offset.created_at, Some(at("2026-03-06T18:02:11.973Z")));
    for none in [
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00.0000000+00:00",
        "2026-03-06T18:02:11",
        "soon",
        "",
    ] {
        let intent = read_json(json!({ "createdAt": none, "autoExpireIn": none })).await;
        assert_eq!((intent.created_at, intent.auto_expire_in), (None, None), "{none}");
    }
}
