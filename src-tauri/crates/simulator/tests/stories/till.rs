//! A till that speaks to a simulator of its own.

use std::path::Path;

use holdfast_simulator::{Control, Options, Running, serve};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};

pub(crate) const GOOD: &str = "5200000000001005";
pub(crate) const DECLINED: &str = "4456530000001013";

pub(crate) struct Till {
    pub(crate) running: Running,
    pub(crate) client: Client,
    pub(crate) version: &'static str,
}

impl Till {
    pub(crate) async fn new() -> Self {
        Self::with_data(None).await
    }

    pub(crate) async fn with_data(data: Option<&Path>) -> Self {
        let options = Options {
            address: ([127, 0, 0, 1], 0).into(),
            public_url: None,
            data: data.map(Path::to_owned),
            seed: Some(7),
            control: Control::Open,
        };
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self {
            running: serve(options).await.unwrap(),
            client,
            version: "2026-02-27",
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.running.base_url())
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, self.url(path))
            .header("Authorization", "Basic sk_sandbox_story")
            .header("version", self.version)
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        read(self.request(Method::POST, path).json(&body).send().await.unwrap()).await
    }

    pub(crate) async fn get(&self, id: &str) -> Value {
        let path = format!("/payment-intents/{id}?returnCanceled=true");
        read(self.request(Method::GET, &path).send().await.unwrap())
            .await
            .1
    }

    pub(crate) async fn refund(&self, id: &str, key: &str, amount: i64) -> (u16, Value) {
        let request = self.request(Method::POST, &format!("/payment-intents/{id}/refunds"));
        read(
            request
                .header("idempotencyKey", key)
                .json(&json!({"amount": amount}))
                .send()
                .await
                .unwrap(),
        )
        .await
    }

    pub(crate) async fn capture(&self, id: &str, amount: i64) -> (u16, Value) {
        self.post(
            &format!("/payment-intents/{id}/captures"),
            json!({"amount": amount}),
        )
        .await
    }

    pub(crate) async fn reverse(&self, id: &str) -> (u16, Value) {
        let request = self.request(Method::POST, &format!("/payment-intents/{id}/reversal"));
        read(request.send().await.unwrap()).await
    }

    pub(crate) async fn control(&self, path: &str, body: Value) -> (u16, Value) {
        let url = self.url(&format!("/_simulator/{path}"));
        read(self.client.post(url).json(&body).send().await.unwrap()).await
    }

    pub(crate) async fn switch(&self, switches: Value) {
        let answer = self
            .client
            .put(self.url("/_simulator/switches"))
            .json(&switches)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200);
    }

    pub(crate) async fn truth(&self) -> Value {
        read(
            self.client
                .get(self.url("/_simulator/truth"))
                .send()
                .await
                .unwrap(),
        )
        .await
        .1
    }

    pub(crate) async fn fault(&self, operation: &str, fault: &str) {
        let order = json!({"operation": operation, "fault": fault});
        assert_eq!(self.control("faults", order).await.0, 200);
    }

    pub(crate) async fn fault_after(&self, operation: &str, fault: &str, seconds: i64) {
        let order = json!({"operation": operation, "fault": fault, "delay": seconds});
        assert_eq!(self.control("faults", order).await.0, 200);
    }

    pub(crate) async fn wind(&self, by: &str) {
        assert_eq!(self.control("clock", json!({"advance": by})).await.0, 200);
    }

    pub(crate) async fn cancel(&self, id: &str) -> (u16, Value) {
        let request = self.request(Method::DELETE, &format!("/payment-intents/{id}"));
        read(request.send().await.unwrap()).await
    }

    /// What really became of one intent.
    pub(crate) async fn inside(&self, id: &str) -> Value {
        let truth = self.truth().await;
        let intents = truth["intents"].as_array().unwrap();
        intents.iter().find(|intent| intent["id"] == id).unwrap().clone()
    }

    pub(crate) async fn pay(&self, id: &str, card: &str) -> Value {
        self.control(&format!("pay/{id}"), json!({"card": card})).await.1["outcome"].clone()
    }

    /// A Manual intent, not paid yet.
    pub(crate) async fn open(&self, amount: i64, changes: Value) -> String {
        let mut body = json!({
            "captureMode": "Manual",
            "amount": {"value": amount, "currencyCode": "GBP"},
            "reference": "TAB-0001",
            "autoExpireIn": "5.00:00:00",
            "autoExpireAction": "Release",
        });
        body.as_object_mut()
            .unwrap()
            .extend(changes.as_object().cloned().unwrap_or_default());
        let (status, intent) = self.post("/payment-intents", body).await;
        assert_eq!(status, 200, "{intent}");
        intent["id"].as_str().unwrap().to_owned()
    }

    /// A Manual intent that a good card has paid.
    pub(crate) async fn hold(&self, amount: i64) -> String {
        let id = self.open(amount, json!({})).await;
        assert_eq!(self.pay(&id, GOOD).await, "authorized");
        id
    }
}

pub(crate) async fn read(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}
