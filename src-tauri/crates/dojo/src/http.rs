//! The wire itself, over HTTP.

use crate::transport::{Method, Transport, WireError, WireRequest, WireResponse};
use async_trait::async_trait;
use std::time::Duration;

/// More than any answer of Dojo's; a longer one is cut off and counts as unclear.
const MOST_ANSWER_BYTES: usize = 16 << 20;

/// HTTP over rustls: no redirects, no retries, time limits on connecting and on the whole.
#[derive(Debug, Clone)]
pub struct HttpTransport {
    client: reqwest::Client,
    base: String,
}

impl HttpTransport {
    /// To `base` (scheme and host), with `limit` for a whole exchange; 30 s is usual.
    ///
    /// # Errors
    /// When the operating system gives no TLS or no sockets.
    pub fn new(base: &str, limit: Duration) -> Result<Self, String> {
        let mut builder = reqwest::Client::builder();
        if crate::client::is_here(base) {
            // A proxy would be told the key in the clear. Nothing on this computer shows a certificate, so none
            // is trusted: reading all of the system's takes longer than the rest of a start.
            builder = builder.no_proxy().tls_certs_only([]);
        }
        let client = builder
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(Duration::from_secs(6).min(limit))
            .timeout(limit)
            .user_agent(concat!("Holdfast/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|e| e.to_string())?;
        Ok(Self {
            client,
            base: base.trim_end_matches('/').to_owned(),
        })
    }
}

#[async_trait]
impl Transport for HttpTransport {
    async fn send(&self, request: WireRequest) -> Result<WireResponse, WireError> {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Delete => reqwest::Method::DELETE,
        };
        let mut builder = self
            .client
            .request(method, format!("{}{}", self.base, request.path_and_query));
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        match request.body {
            Some(body) => builder = builder.body(body),
            // Without it, gateways answer 411 to a release.
            None if request.method == Method::Post => builder = builder.header("Content-Length", "0"),
            None => {}
        }
        let mut response = builder.send().await.map_err(|error| {
            if error.is_connect() || error.is_builder() {
                WireError::NotSent(plain(&error))
            } else {
                WireError::Unknown(plain(&error))
            }
        })?;
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
            .collect();
        let mut body = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|e| WireError::Unknown(plain(&e)))?
        {
            if body.len().saturating_add(chunk.len()) > MOST_ANSWER_BYTES {
                return Err(WireError::Unknown("the answer has no end".to_owned()));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(WireResponse {
            status,
            headers,
            body,
        })
    }
}

/// Words for people, without the address.
fn plain(error: &reqwest::Error) -> String {
    let words = if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "Dojo can’t be reached"
    } else {
        "the connection broke"
    };
    words.to_owned()
}
