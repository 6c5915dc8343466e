//! A transport that answers what a test tells it and keeps what it was given.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use async_trait::async_trait;
use holdfast_dojo::{ApiKey, Client, Transport, WireError, WireRequest, WireResponse};
use std::sync::{Arc, Mutex};

/// The body of an example, by its file's name.
pub(crate) fn body(name: &str) -> Vec<u8> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bodies/").to_owned() + name;
    std::fs::read(&path).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// Answers everything alike.
pub(crate) struct Fake {
    answer: (u16, Vec<u8>),
    seen: Mutex<Vec<WireRequest>>,
}

impl Fake {
    /// A client whose every request gets `status` and `body`.
    pub(crate) fn client(status: u16, body: impl Into<Vec<u8>>) -> (Client, Arc<Self>) {
        let fake = Arc::new(Self {
            answer: (status, body.into()),
            seen: Mutex::default(),
        });
        let key = ApiKey::parse("sk_sandbox_0123456789abcdef").unwrap();
        (Client::new(fake.clone(), key), fake)
    }

    /// The only request there was.
    pub(crate) fn only_request(&self) -> WireRequest {
        let seen = self.seen.lock().unwrap();
        assert_eq!(seen.len(), 1, "one request each");
        seen[0].clone()
    }
}

#[async_trait]
impl Transport for Fake {
    async fn send(&self, request: WireRequest) -> Result<WireResponse, WireError> {
        self.seen.lock().unwrap().push(request);
        let date = ("Date".to_owned(), "Sun, 08 Mar 2026 10:12:45 GMT".to_owned());
        Ok(WireResponse {
            status: self.answer.0,
            headers: vec![date],
            body: self.answer.1.clone(),
        })
    }
}
