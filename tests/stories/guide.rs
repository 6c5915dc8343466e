//! The sample requests of Dojo's guide, sent as `curl` would send them, without a client of ours.

use anyhow::{Context, Result};
use holdfast_tests::{GOOD, KEY, Till};
use reqwest::Method;
use serde_json::{Value, json};

/// The version in the guide's Manual samples. It was never published, and any date is taken.
const OLD: &str = "2022-07-04";
/// From here on a field that the interface lacks is refused.
const STRICT: &str = "2024-02-05";

struct Guide {
    till: Till,
    http: reqwest::Client,
    version: &'static str,
}

impl Guide {
    async fn open(version: &'static str) -> Result<Self> {
        Ok(Self {
            till: Till::open().await?,
            http: reqwest::Client::new(),
            version,
        })
    }

    /// One request with the guide's headers, in the guide's spelling.
    async fn curl(&self, method: Method, path: &str, body: Option<Value>) -> Result<(u16, Value)> {
        let mut request = self
            .http
            .request(method, format!("{}{path}", self.till.address()))
            .header("Content-Type", "application/json")
            .header("Authorization", format!("Basic {KEY}"))
            .header("Version", self.version);
        if path.ends_with("/refunds") {
            request = request.header("IdempotencyKey", "8f1b6f0e-7d4b-4e63-a5c9-3b1f0d2c4a56");
        }
        if let Some(body) = body {
            request = request.body(serde_json::to_string_pretty(&body)?);
        }
        let answer = request.send().await?;
        let (status, text) = (answer.status().as_u16(), answer.text().await?);
        Ok((status, serde_json::from_str(&text).unwrap_or(Value::Null)))
    }

    async fn post(&self, path: &str, body: Value) -> Result<(u16, Value)> {
        self.curl(Method::POST, path, Some(body)).await
    }

    /// Creates what `body` says; the new intent's path.
    async fn created(&self, body: Value) -> Result<String> {
        let (status, intent) = self.post("/payment-intents", body).await?;
        anyhow::ensure!(status == 200, "{intent}");
        Ok(format!(
            "/payment-intents/{}",
            intent["id"].as_str().context("no id")?
        ))
    }

    async fn get(&self, path: &str) -> Result<Value> {
        let (status, intent) = self.curl(Method::GET, path, None).await?;
        anyhow::ensure!(status == 200, "{intent}");
        Ok(intent)
    }

    async fn pay(&self, path: &str) -> Result<String> {
        let id = path.rsplit('/').next().unwrap_or_default();
        self.till.pay_intent(id, GOOD).await
    }
}

fn auto() -> Value {
    json!({
        "captureMode": "Auto",
        "amount": { "value": 1000, "currencyCode": "GBP" },
        "reference": "Order 245",
        "description": "Demo payment intent"
    })
}

/// As the guide has it: a field that no interface of today knows, and a date without a zone, long past.
fn manual() -> Value {
    json!({
        "captureMode": "Manual",
        "autoExpireAt": "2023-12-01T00:00:00",
        "amount": { "value": 1000, "currencyCode": "GBP" },
        "reference": "Order 245",
        "description": "Demo payment intent"
    })
}

/// What an unpaid intent can be changed in has to be said when it is made.
fn changeable(mut body: Value) -> Value {
    body["config"] = json!({ "payment": { "customAmountAllowed": true, "tipsAllowed": true } });
    body
}

#[tokio::test]
async fn a_payment_as_the_guide_writes_it_is_made_looked_at_paid_and_refunded() -> Result<()> {
    for version in [OLD, STRICT] {
        let guide = Guide::open(version).await?;
        let path = guide.created(auto()).await?;
        let intent = guide.get(&path).await?;
        assert_eq!(
            (&intent["status"], &intent["captureMode"]),
            (&json!("Created"), &json!("Auto"))
        );
        assert_eq!(intent["reference"], "Order 245");
        assert_eq!(guide.pay(&path).await?, "captured");
        assert_eq!(guide.get(&path).await?["status"], "Captured");
        let refund = json!({ "amount": 1000, "refundReason": "Demo refund" });
        let (status, answer) = guide.post(&format!("{path}/refunds"), refund).await?;
        assert_eq!(
            (status, &answer["refundReason"]),
            (200, &json!("Demo refund")),
            "{answer}"
        );
        let refund = answer["refundId"].as_str().context("no refund")?;
        let read = guide.get(&format!("/payment-intents/refunds/{refund}")).await?;
        assert_eq!(read, answer);
        assert_eq!(guide.get(&path).await?["status"], "Refunded");
    }
    Ok(())
}

#[tokio::test]
async fn a_hold_as_the_guide_writes_it_is_made_and_taken() -> Result<()> {
    let guide = Guide::open(OLD).await?;
    let path = guide.created(manual()).await?;
    let intent = guide.get(&path).await?;
    assert_eq!(
        (&intent["status"], &intent["captureMode"]),
        (&json!("Created"), &json!("Manual"))
    );
    assert_eq!(guide.pay(&path).await?, "authorized");
    assert_eq!(guide.get(&path).await?["status"], "Authorized");
    let (status, capture) = guide
        .post(&format!("{path}/captures"), json!({ "amount": 1000 }))
        .await?;
    assert_eq!(status, 200, "{capture}");
    let intent = guide.get(&path).await?;
    assert_eq!(intent["status"], "Captured");
    assert_eq!(intent["captures"][0]["id"], capture["captureId"]);
    let (status, refund) = guide
        .post(&format!("{path}/refunds"), json!({ "amount": 250 }))
        .await?;
    assert_eq!(status, 200, "{refund}");
    assert_eq!(guide.get(&path).await?["refundedAmount"], 250);
    Ok(())
}

#[tokio::test]
async fn a_hold_as_the_guide_writes_it_is_reversed() -> Result<()> {
    let guide = Guide::open(OLD).await?;
    let path = guide.created(manual()).await?;
    guide.pay(&path).await?;
    let (status, answer) = guide
        .curl(Method::POST, &format!("{path}/reversal"), None)
        .await?;
    assert_eq!(status, 200, "{answer}");
    assert!(answer["reversalId"].is_string(), "{answer}");
    assert_eq!(guide.get(&path).await?["status"], "Reversed");
    Ok(())
}

#[tokio::test]
async fn an_unpaid_one_is_changed_and_cancelled() -> Result<()> {
    for (version, body) in [(OLD, auto()), (OLD, manual()), (STRICT, auto())] {
        let guide = Guide::open(version).await?;
        let path = guide.created(changeable(body)).await?;
        let money = json!({ "value": 1500, "currencyCode": "GBP" });
        let (status, intent) = guide
            .post(&format!("{path}/amount"), json!({ "amount": money }))
            .await?;
        assert_eq!(
            (status, &intent["amount"]["value"]),
            (200, &json!(1500)),
            "{intent}"
        );
        assert_eq!(intent["requestedAmount"]["value"], 1000);
        let (status, intent) = guide
            .post(&format!("{path}/tips-amount"), json!({ "tipsAmount": money }))
            .await?;
        assert_eq!(
            (status, &intent["totalAmount"]["value"]),
            (200, &json!(3000)),
            "{intent}"
        );
        let (status, intent) = guide.curl(Method::DELETE, &path, None).await?;
        assert_eq!((status, &intent["status"]), (200, &json!("Canceled")), "{intent}");
        // A cancelled intent hides from who does not ask for it.
        let (status, _) = guide.curl(Method::GET, &path, None).await?;
        assert_eq!(status, 404);
        let (status, _) = guide
            .curl(Method::GET, &format!("{path}?returnCanceled=true"), None)
            .await?;
        assert_eq!(status, if version == OLD { 404 } else { 200 });
    }
    Ok(())
}

#[tokio::test]
async fn the_guides_hold_ends_after_seven_days_whatever_its_date_says() -> Result<()> {
    let guide = Guide::open(OLD).await?;
    let path = guide.created(manual()).await?;
    guide.pay(&path).await?;
    guide.till.wind("6.23:59:00").await?;
    assert_eq!(guide.get(&path).await?["status"], "Authorized");
    guide.till.wind("00:02:00").await?;
    assert_eq!(guide.get(&path).await?["status"], "Reversed");
    Ok(())
}

#[tokio::test]
async fn fields_that_nobody_knows_are_passed_over_at_first_and_refused_later() -> Result<()> {
    let mut strange = auto();
    strange["tableNumber"] = json!(12);
    for (version, status) in [
        (OLD, 200),
        ("2024-02-04", 200),
        (STRICT, 400),
        ("2026-02-27", 400),
    ] {
        let guide = Guide::open(version).await?;
        for (body, named) in [(strange.clone(), "TableNumber"), (manual(), "AutoExpireAt")] {
            let (seen, answer) = guide.post("/payment-intents", body).await?;
            assert_eq!(seen, status, "{version}: {answer}");
            assert_eq!(
                answer["errors"].get(named).is_some(),
                status == 400,
                "{version}: {answer}"
            );
        }
        let path = guide.created(auto()).await?;
        for (ending, body) in [
            ("captures", json!({ "amount": 1000, "strange": 1 })),
            (
                "amount",
                json!({ "amount": { "value": 1, "currencyCode": "GBP" }, "strange": 1 }),
            ),
            ("refunds", json!({ "amount": 1000, "strange": 1 })),
        ] {
            let (_, answer) = guide.post(&format!("{path}/{ending}"), body).await?;
            assert_eq!(
                answer["errors"].get("Strange").is_some(),
                status == 400,
                "{version}: {answer}"
            );
        }
    }
    Ok(())
}

#[tokio::test]
async fn todays_manual_sample_with_its_capital_letters_works_in_every_version_that_has_it() -> Result<()> {
    for version in [STRICT, "2025-09-10", "2026-02-27"] {
        let guide = Guide::open(version).await?;
        let path = guide
            .created(json!({
                "captureMode": "Manual",
                "AutoExpireAction": "Release",
                "AutoExpireIn": "00:00:55",
                "amount": { "value": 1000, "currencyCode": "GBP" },
                "reference": "Order 245"
            }))
            .await?;
        guide.pay(&path).await?;
        let tip = json!({ "amount": 800, "tipsAmount": 100 });
        let (status, answer) = guide.post(&format!("{path}/captures"), tip).await?;
        assert_eq!(status, 200, "{answer}");
        assert_eq!(guide.get(&path).await?["captures"][0]["tipsAmount"], 100);
        guide.till.wind("00:01:00").await?;
        let (status, answer) = guide
            .post(&format!("{path}/captures"), json!({ "amount": 100 }))
            .await?;
        assert_eq!(status, 409, "{answer}");
    }
    Ok(())
}

#[tokio::test]
async fn service_charge_and_cashback_are_part_of_what_the_card_is_asked_for() -> Result<()> {
    let guide = Guide::open("2026-02-27").await?;
    let mut body = auto();
    body["serviceChargeAmount"] = json!({ "value": 125, "currencyCode": "GBP" });
    body["cashbackAmount"] = json!({ "value": 500, "currencyCode": "GBP" });
    let path = guide.created(body.clone()).await?;
    guide.pay(&path).await?;
    let intent = guide.get(&path).await?;
    assert_eq!(intent["totalAmount"]["value"], 1_625);
    assert_eq!(intent["serviceChargeAmount"], body["serviceChargeAmount"]);
    let (status, answer) = guide
        .post(&format!("{path}/refunds"), json!({ "amount": 1_625 }))
        .await?;
    assert_eq!(status, 200, "{answer}");
    body["cashbackAmount"]["currencyCode"] = json!("EUR");
    let (status, answer) = guide.post("/payment-intents", body).await?;
    assert_eq!(status, 400, "{answer}");
    Ok(())
}
