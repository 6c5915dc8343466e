//! Every call of the payment-intent page, each one exchange.

use crate::failure::refusal;
use crate::{
    ApiKey, Checkout, CreatePaymentIntent, Failure, Lost, Method, Money, PaymentIntent, RefundRequest,
    SearchPage, SearchRequest, Transport, Unsent, Until, WireError, WireRequest, WireResponse,
};
use chrono::{DateTime, Utc};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Value, json};
use std::sync::Arc;

/// The API version that every request names.
pub const VERSION: &str = "2026-02-27";

/// An answer and the time on Dojo's clock when it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dated<T> {
    /// What was answered.
    pub value: T,
    /// The Date header.
    pub server_date: Option<DateTime<Utc>>,
}

/// Answer to a capture: accepted, not final.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Captured {
    /// `cp_…`.
    pub capture_id: Option<String>,
}

/// Answer to a reversal.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "ReversedAnswer")]
pub struct Reversed {
    /// `rvs_…`.
    pub reversal_id: Option<String>,
}

/// The schema says `reversalId`, its example `id`. Two fields, for an alias refuses an answer with both.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReversedAnswer {
    reversal_id: Option<String>,
    id: Option<String>,
}

impl From<ReversedAnswer> for Reversed {
    fn from(answer: ReversedAnswer) -> Self {
        Self {
            reversal_id: answer.reversal_id.or(answer.id),
        }
    }
}

/// Answer to a refund: no amount and no status.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Refunded {
    /// `rfnd_…`.
    pub refund_id: Option<String>,
}

/// Dojo with one key.
#[derive(Clone)]
pub struct Client {
    transport: Arc<dyn Transport>,
    key: ApiKey,
    until: Option<Until>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

type Reply<T> = Result<Dated<T>, Failure>;

impl Client {
    /// Over a transport, with a key.
    pub fn new(transport: Arc<dyn Transport>, key: ApiKey) -> Self {
        Self {
            transport,
            key,
            until: None,
        }
    }

    /// The same, whose requests leave until then or not at all: [`Unsent::TooLate`].
    #[must_use]
    pub fn until(&self, until: Option<Until>) -> Self {
        Self {
            until,
            ..self.clone()
        }
    }

    /// Whose checkout page its links may lead to.
    pub fn checkout(&self) -> Checkout {
        self.transport.checkout()
    }

    /// POST /payment-intents. Dojo has no idempotency key here: twice is two intents.
    pub async fn create(&self, request: &CreatePaymentIntent) -> Reply<PaymentIntent> {
        self.json(Method::Post, "/payment-intents", Some(request.body()), None)
            .await
    }

    /// GET /payment-intents/{id}, always with `returnCanceled=true`.
    pub async fn get(&self, id: &str) -> Reply<PaymentIntent> {
        self.json(
            Method::Get,
            &format!("{}?returnCanceled=true", intent(id)),
            None,
            None,
        )
        .await
    }

    /// DELETE /payment-intents/{id}: only while unpaid.
    pub async fn cancel(&self, id: &str) -> Reply<PaymentIntent> {
        self.json(Method::Delete, &intent(id), None, None).await
    }

    /// POST …/captures: bare minor units, the tip apart.
    pub async fn capture(&self, id: &str, amount: i64, tip: Option<i64>) -> Reply<Captured> {
        let mut body = json!({ "amount": amount });
        if let Some(tip) = tip {
            body["tipsAmount"] = json!(tip);
        }
        self.json(
            Method::Post,
            &format!("{}/captures", intent(id)),
            Some(body),
            None,
        )
        .await
    }

    /// POST …/reversal: all of it, no body.
    pub async fn reverse(&self, id: &str) -> Reply<Reversed> {
        self.json(Method::Post, &format!("{}/reversal", intent(id)), None, None)
            .await
    }

    /// POST …/refunds: the one call with an idempotency key.
    pub async fn refund(&self, id: &str, request: &RefundRequest, key: &str) -> Reply<Refunded> {
        self.json(
            Method::Post,
            &format!("{}/refunds", intent(id)),
            Some(request.body()),
            Some(key),
        )
        .await
    }

    /// POST …/amount: only if it was allowed at the creation.
    pub async fn set_amount(&self, id: &str, amount: &Money) -> Reply<PaymentIntent> {
        let body = json!({ "amount": amount });
        self.json(Method::Post, &format!("{}/amount", intent(id)), Some(body), None)
            .await
    }

    /// POST …/tips-amount: only if it was allowed at the creation.
    pub async fn set_tips(&self, id: &str, tip: &Money) -> Reply<PaymentIntent> {
        let body = json!({ "tipsAmount": tip });
        self.json(
            Method::Post,
            &format!("{}/tips-amount", intent(id)),
            Some(body),
            None,
        )
        .await
    }

    /// POST …/receipt: 204, no body.
    pub async fn send_receipt(&self, id: &str, emails: &[String]) -> Reply<()> {
        let path = format!("{}/receipt", intent(id));
        let response = self
            .exchange(Method::Post, &path, Some(json!({ "emails": emails })), None)
            .await?;
        // Dojo says nothing here; a page of some other server's is not its yes.
        if !response.body.is_empty() && serde_json::from_slice::<IgnoredAny>(&response.body).is_err() {
            return Err(unreadable(&response));
        }
        Ok(Dated {
            server_date: response.date(),
            value: (),
        })
    }

    /// POST /payment-intents/search.
    pub async fn search(&self, request: &SearchRequest) -> Reply<SearchPage> {
        self.json(
            Method::Post,
            "/payment-intents/search",
            Some(request.body()),
            None,
        )
        .await
    }

    async fn json<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
        idempotency_key: Option<&str>,
    ) -> Reply<T> {
        let response = self.exchange(method, path, body, idempotency_key).await?;
        let server_date = response.date();
        match serde_json::from_slice(&response.body) {
            Ok(value) => Ok(Dated { value, server_date }),
            // The words of the error may quote the body, so they stay out of what is shown.
            Err(_) => Err(unreadable(&response)),
        }
    }

    async fn exchange(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
        idempotency_key: Option<&str>,
    ) -> Result<WireResponse, Failure> {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut headers = vec![
            // The raw key: Dojo's `Basic` is not HTTP Basic.
            // Once in memory: the transport wipes it.
            ("Authorization".to_owned(), format!("Basic {}", self.key.reveal())),
            header("version", VERSION),
            header("Accept", "application/json"),
        ];
        if body.is_some() {
            headers.push(header("Content-Type", "application/json"));
        }
        if let Some(key) = idempotency_key {
            headers.push(header("idempotencyKey", key));
        }
        let body = body.map(|b| b.to_string().into_bytes());
        let request = WireRequest {
            method,
            path_and_query: path.to_owned(),
            headers,
            body,
            until: self.until.clone(),
        };
        if request.is_over() {
            return Err(Failure::NotSent { why: Unsent::TooLate });
        }
        match self.transport.send(request).await {
            Ok(response) if (200..300).contains(&response.status) => Ok(response),
            Ok(response) => Err(refusal(&response)),
            Err(WireError::NotSent(why)) => Err(Failure::NotSent { why }),
            Err(WireError::Unknown(why)) => Err(Failure::Unknown {
                why,
                status: None,
                server_date: None,
            }),
        }
    }
}

fn unreadable(response: &WireResponse) -> Failure {
    Failure::Unknown {
        why: if response.is_page() {
            Lost::Page
        } else {
            Lost::Unreadable
        },
        status: Some(response.status),
        server_date: response.date(),
    }
}

fn intent(id: &str) -> String {
    format!("/payment-intents/{}", path_part(id))
}

/// All but what Dojo's ids consist of, so that an id can be no more than one part of a path.
const NOT_IN_IDS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_');

fn path_part(id: &str) -> PercentEncode<'_> {
    utf8_percent_encode(id, NOT_IN_IDS)
}
