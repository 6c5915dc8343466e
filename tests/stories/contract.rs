//! What goes over the wire, held against Dojo's published interface, both ways.

use anyhow::{Context, Result};
use holdfast_desk::{Decision, OpenTab};
use holdfast_dojo::{
    AutoExpireAction, CaptureMode, CreatePaymentIntent, Failure, Method, Money, RefundRequest, SearchRequest,
    TimeSpan, WireRequest, WireResponse,
};
use holdfast_domain::{Actor, Currency, DeadlineAction, Hold, HoldId, Kind, OperationKind, OperationState};
use holdfast_simulator::engine::{BY_NAME, DeadlineCapture};
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, KEY, Till, decision, interface::Interface, recorder::Exchange};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A departure from the interface that is meant.
struct Exception {
    /// How the finding ends.
    what: &'static str,
    /// Why it has to be.
    why: &'static str,
}

const EXCEPTIONS: &[Exception] = &[
    Exception {
        what: "/paymentEvents: not in the schema",
        why: "the interface's own examples have it, its schema has not; the card's digits are only there",
    },
    Exception {
        what: "/paymentSource: not in the schema",
        why: "the interface's own examples have it, its schema has not",
    },
    Exception {
        what: "/config/branding: not in the schema",
        why: "the interface's own examples have it, its schema has not",
    },
    Exception {
        what: "/config/tradingName: not in the schema",
        why: "the interface's own examples have it, its schema has not",
    },
    Exception {
        what: "/payment-intents/search answers 200 : no field is allowed",
        why: "the schema of a page adds to another one a part without fields that allows no others",
    },
    Exception {
        what: "/payment-intents asks /customer/emailAddress: not in the schema",
        why: "the schema of a customer is put together from two parts, neither of which allows the other's",
    },
];

/// In the story each of them has to work once at least, or nothing is proved about it.
const ALL_THAT_THE_CLIENT_CAN: [&str; 10] = [
    "delete /payment-intents/{paymentIntentId}",
    "get /payment-intents/{paymentIntentId}",
    "post /payment-intents",
    "post /payment-intents/search",
    "post /payment-intents/{paymentIntentId}/amount",
    "post /payment-intents/{paymentIntentId}/captures",
    "post /payment-intents/{paymentIntentId}/receipt",
    "post /payment-intents/{paymentIntentId}/refunds",
    "post /payment-intents/{paymentIntentId}/reversal",
    "post /payment-intents/{paymentIntentId}/tips-amount",
];

fn decide(hold: HoldId, kind: OperationKind, amount: i64, tip: i64) -> Decision {
    let reason = match kind {
        OperationKind::Receipt => Some("guest@example.com".to_owned()),
        OperationKind::Refund => Some("One bottle was corked".to_owned()),
        _ => None,
    };
    Decision {
        id: decision(),
        hold,
        kind,
        amount,
        service: 0,
        tip,
        cause: holdfast_domain::Cause::Person,
        reason,
        by: Actor::staff("Sam"),
        seen: holdfast_desk::Seen::default(),
        then_ask: 0,
        of: None,
    }
}

async fn paid(till: &Till, kind: Kind, name: &str) -> Result<Hold> {
    let tab = till.opened(kind, name, "100").await?;
    let hold = till.hold(tab).await?;
    till.pay(&hold, GOOD).await?;
    till.hold(tab).await
}

/// All that staff can do, each once at least.
async fn everything_staff_do(till: &Till) -> Result<()> {
    use OperationKind::{Cancel, Capture, Receipt, Refund, Reversal, SetAmount, SetTips};
    let unpaid = till
        .desk
        .open_tab(OpenTab {
            place: Some("Terrace".to_owned()),
            email: Some("guest@example.com".to_owned()),
            deadline_action: Some(DeadlineAction::Capture),
            allow_change: true,
            ..OpenTab::of(Kind::Tab, "Table 3", "80", Currency::Eur)
        })
        .await?;
    let unpaid = till.hold(unpaid).await?.id;
    let held = paid(till, Kind::Deposit, "Room 7 🛏").await?.id;
    let other = paid(till, Kind::Tab, "Booth 2").await?.id;
    let taken = paid(till, Kind::Payment, "Taxi").await?.id;
    for step in [
        decide(unpaid, SetAmount, 9_000, 0),
        decide(unpaid, SetTips, 0, 500),
        decide(unpaid, Cancel, 0, 0),
        decide(held, Capture, 4_000, 250),
        decide(held, Capture, 1_000, 0),
        decide(held, Refund, 700, 0),
        decide(held, Receipt, 0, 0),
        decide(other, Reversal, 0, 0),
        decide(taken, Refund, 10_000, 0),
    ] {
        let (kind, done) = (step.kind, till.desk.press(step).await?);
        assert_eq!(done.state, OperationState::Succeeded, "{kind:?}: {done:?}");
    }
    Ok(())
}

fn refused(failure: Option<Failure>) -> Option<u16> {
    match failure? {
        Failure::Rejected { status, .. } => Some(status),
        Failure::Unknown { status, .. } => status,
        Failure::NotSent { .. } => None,
    }
}

/// What the desk never lets happen, asked of the client directly.
async fn everything_that_dojo_refuses(till: &Till) -> Result<()> {
    let client = till.client(KEY)?;
    let mut fixed =
        CreatePaymentIntent::new(CaptureMode::Auto, Money::new(500, "EUR"), "HF-FIXED".to_owned());
    fixed.item_lines = vec![("Breakfast".to_owned(), 2, Money::new(500, "EUR"))];
    let id = client.create(&fixed).await?.value.id.context("no id")?;
    let held = paid(till, Kind::Tab, "Stool 4")
        .await?
        .intent_id
        .context("no id")?;
    let one = Money::new(100, "EUR");
    let stranger = till.client("sk_prod_of_another_venue")?;
    let refusals = [
        (400, refused(client.capture(&held, 10_001, None).await.err())),
        (401, refused(stranger.get(&held).await.err())),
        (401, refused(stranger.capture(&held, 100, None).await.err())),
        (401, refused(stranger.create(&fixed).await.err())),
        (404, refused(client.get("pi_nobody_knows").await.err())),
        (400, refused(client.cancel(&held).await.err())),
        (405, refused(client.set_amount(&id, &one).await.err())),
        (405, refused(client.set_tips(&id, &one).await.err())),
        (409, refused(client.capture(&id, 100, None).await.err())),
        (409, refused(client.reverse(&id).await.err())),
        (
            404,
            refused(
                client
                    .send_receipt("pi_nobody_knows", &["a@example.com".to_owned()])
                    .await
                    .err(),
            ),
        ),
        (
            400,
            refused(client.send_receipt(&held, &["nobody".to_owned()]).await.err()),
        ),
    ];
    for (number, (expected, seen)) in refusals.into_iter().enumerate() {
        assert_eq!(seen, Some(expected), "refusal {number}");
    }
    Ok(())
}

/// One more than a page of a hundred.
async fn a_search_of_two_pages(till: &Till) -> Result<()> {
    let client = till.client(KEY)?;
    for number in 0..101 {
        let reference = format!("HF-MANY-{number}");
        let one = CreatePaymentIntent::new(CaptureMode::Auto, Money::new(100, "GBP"), reference);
        client.create(&one).await?;
    }
    let mut request = SearchRequest {
        statuses: vec!["Created".to_owned()],
        start_date: Some(chrono::DateTime::UNIX_EPOCH),
        end_date: Some(chrono::DateTime::UNIX_EPOCH + chrono::TimeDelta::days(36_500)),
        ..SearchRequest::default()
    };
    let first = client.search(&request).await?.value;
    assert_eq!(first.data.len(), 100);
    request.after = first.after;
    assert!(request.after.is_some());
    let last = client.search(&request).await?.value;
    assert!(!last.data.is_empty() && last.after.is_none());
    Ok(())
}

#[tokio::test]
async fn every_request_and_every_answer_is_one_that_the_interface_provides_for() -> Result<()> {
    let till = Till::open().await?;
    everything_staff_do(&till).await?;
    let hold = paid(&till, Kind::Tab, "Refund looked up").await?;
    for (kind, amount) in [(OperationKind::Capture, 9_000), (OperationKind::Refund, 1_000)] {
        till.desk.press(decide(hold.id, kind, amount, 0)).await?;
    }
    everything_that_dojo_refuses(&till).await?;
    a_search_of_two_pages(&till).await?;

    let mut interface = Interface::load()?;
    let (mut findings, mut done) = (BTreeSet::new(), BTreeSet::new());
    for exchange in till.wire.exchanges() {
        findings.extend(interface.judge(&exchange)?);
        if exchange.answer.as_ref().is_some_and(|a| a.status < 300) {
            done.extend(interface.name(&exchange));
        }
    }
    assert_eq!(done.into_iter().collect::<Vec<_>>(), ALL_THAT_THE_CLIENT_CAN);
    for exception in EXCEPTIONS {
        let before = findings.len();
        findings.retain(|finding| !finding.ends_with(exception.what));
        assert!(
            findings.len() < before,
            "not needed any more: {} ({})",
            exception.what,
            exception.why
        );
    }
    assert!(findings.is_empty(), "{findings:#?}");
    Ok(())
}

/// A hold from its creation to a refund, and one that is cancelled, while Dojo does what the fault says.
async fn a_life_with(till: &Till, fault: &str) -> Result<()> {
    let client = till.client(KEY)?;
    for operation in ["create", "get", "search", "refunds", "cancel"] {
        till.fault(operation, fault).await?;
    }
    let mode = CaptureMode::Manual {
        auto_expire_in: TimeSpan::parse("5.00:00:00").context("no interval")?,
        auto_expire_action: AutoExpireAction::Release,
    };
    let made = CreatePaymentIntent::new(mode, Money::new(1_000, "GBP"), "HF-ODD".to_owned());
    let id = client.create(&made).await?.value.id.context("no id")?;
    till.pay_intent(&id, GOOD).await?;
    client.get(&id).await?;
    client.search(&SearchRequest::default()).await?;
    // An intent that was stored as a payment is taken already.
    let _taken = client.capture(&id, 500, None).await;
    let refund = RefundRequest {
        amount: 200,
        reason: None,
        notes: None,
    };
    client.refund(&id, &refund, "a key").await?;
    client.get(&id).await?;
    let other = client.create(&made).await?.value.id.context("no id")?;
    client.cancel(&other).await?;
    for span in ["00:01:00", "5.00:00:00"] {
        till.wind(span).await?;
        client.get(&other).await?;
        client.get(&id).await?;
    }
    till.clear_faults().await
}

#[tokio::test]
async fn what_a_named_fault_bends_is_still_an_answer_of_the_interface() -> Result<()> {
    let till = Till::open().await?;
    // A switch leaves out what a fault leaves out, but for this one.
    till.switch(|switches| switches.deadline_capture = DeadlineCapture::Unlisted)?;
    for fault in BY_NAME {
        a_life_with(&till, fault)
            .await
            .with_context(|| (*fault).to_owned())?;
    }
    let (mut interface, mut findings) = (Interface::load()?, BTreeSet::new());
    for exchange in till.wire.exchanges() {
        findings.extend(interface.judge(&exchange)?);
    }
    findings.retain(|finding| !EXCEPTIONS.iter().any(|known| finding.ends_with(known.what)));
    assert!(findings.is_empty(), "{findings:#?}");
    Ok(())
}

#[test]
fn the_judge_sees_what_is_wrong() -> Result<()> {
    let asked =
        |path: &str, version: Option<&str>, body: Option<Value>, status: u16, answer: &Value| Exchange {
            request: WireRequest {
                method: Method::Post,
                path_and_query: path.to_owned(),
                headers: version
                    .map(|version| ("Version".to_owned(), version.to_owned()))
                    .into_iter()
                    .collect(),
                body: body.map(|body| body.to_string().into_bytes()),
                until: None,
            },
            answer: Some(WireResponse {
                status,
                headers: Vec::new(),
                body: answer.to_string().into_bytes(),
            }),
        };
    let (capture, today) = ("/payment-intents/pi_1/captures", Some("2026-02-27"));
    let body = || Some(json!({ "amount": 2_000, "tipsAmount": null }));
    let good = json!({ "message": null, "captureId": "cp_1" });
    let mut interface = Interface::load()?;
    let mut count = |exchange| interface.judge(&exchange).map(|findings| findings.len());
    assert_eq!(count(asked(capture, today, body(), 200, &good))?, 0);
    for wrong in [
        asked("/payment-intents/pi_1/capture", today, body(), 200, &good),
        asked(
            "/payment-intents/pi_1/captures?dryRun=true",
            today,
            body(),
            200,
            &good,
        ),
        asked(capture, None, body(), 200, &good),
        asked(capture, Some("27/02/2026"), body(), 200, &good),
        asked(capture, today, None, 200, &good),
        asked(
            capture,
            today,
            Some(json!({ "amount": { "value": 2_000 } })),
            200,
            &good,
        ),
        asked(
            capture,
            today,
            Some(json!({ "amount": 20, "Tip": 2 })),
            200,
            &good,
        ),
        asked(capture, today, Some(json!({ "tipsAmount": 5 })), 200, &good),
        asked(capture, today, body(), 404, &good),
        asked(capture, today, body(), 200, &json!({ "captureId": 7 })),
        asked(capture, today, body(), 200, &json!({ "id": "cp_1" })),
        asked(capture, today, body(), 409, &json!({ "status": "Conflict" })),
    ] {
        assert_eq!(count(wrong.clone())?, 1, "{wrong:?}");
    }
    Ok(())
}

#[tokio::test]
async fn the_simulator_knows_every_field_that_the_interface_lets_a_client_send() -> Result<()> {
    let till = Till::open().await?;
    let interface = Interface::load()?;
    let http = reqwest::Client::new();
    for (path, schema) in [
        ("", "CreatePaymentIntentRequest"),
        ("/search", "SearchPaymentIntentRequest"),
        ("/pi_1/captures", "CreateCaptureRequest"),
        ("/pi_1/refunds", "CreateRefundRequest"),
        ("/pi_1/amount", "SetAmountRequest"),
        ("/pi_1/tips-amount", "SetTipsAmountRequest"),
        ("/pi_1/receipt", "SendEmailReceiptRequest"),
    ] {
        let fields = interface.fields(schema);
        assert!(!fields.is_empty(), "{schema}");
        // Null is as good as absent, so that only an unknown name can be what is wrong with a field.
        let body: serde_json::Map<String, Value> =
            fields.into_iter().map(|name| (name, Value::Null)).collect();
        let answer = http
            .post(format!("{}/payment-intents{path}", till.address()))
            .header("Authorization", format!("Basic {KEY}"))
            .header("version", "2026-02-27")
            .header("idempotencyKey", "1")
            .json(&body)
            .send()
            .await?
            .text()
            .await?;
        assert!(!answer.contains("Could not find"), "{schema}: {answer}");
    }
    Ok(())
}
