//! The wire as a port: one request out, one answer in, nothing re-sent.

use crate::{Checkout, Lost, Unsent};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Acts.
    Post,
    /// Cancels.
    Delete,
}

/// Until when a request may begin to leave. A computer that slept since somebody was told that it would be sent sends
/// nothing: by then others may have concluded that it never was.
#[derive(Clone)]
pub struct Until {
    since_boot: Arc<dyn Fn() -> Duration + Send + Sync>,
    end: Duration,
}

impl Until {
    /// Until `since_boot` says `end`. It has to count the time that the computer sleeps.
    pub fn new(since_boot: Arc<dyn Fn() -> Duration + Send + Sync>, end: Duration) -> Self {
        Self { since_boot, end }
    }

    /// Whether it is too late to begin.
    pub fn is_over(&self) -> bool {
        (self.since_boot)() >= self.end
    }
}

impl fmt::Debug for Until {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Until")
            .field("end", &self.end)
            .finish_non_exhaustive()
    }
}

/// One request. Its headers hold the key, so `Debug` shows their names only.
#[derive(Clone)]
pub struct WireRequest {
    /// Method.
    pub method: Method,
    /// From the first slash on.
    pub path_and_query: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// JSON, if any.
    pub body: Option<Vec<u8>>,
    /// Until when it may begin to leave; none for as long as it takes.
    pub until: Option<Until>,
}

impl WireRequest {
    /// Whether it is too late to send it.
    pub fn is_over(&self) -> bool {
        self.until.as_ref().is_some_and(Until::is_over)
    }
}

impl fmt::Debug for WireRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("WireRequest")
            .field("method", &self.method)
            .field("path_and_query", &self.path_and_query)
            .field("headers", &names)
            .field("body", &self.body.as_deref().map(String::from_utf8_lossy))
            .field("until", &self.until)
            .finish()
    }
}

/// One whole answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireResponse {
    /// HTTP status.
    pub status: u16,
    /// Names (any case) and values.
    pub headers: Vec<(String, String)>,
    /// The body, whole.
    pub body: Vec<u8>,
}

impl WireResponse {
    /// The Date header.
    pub fn date(&self) -> Option<DateTime<Utc>> {
        let (_, value) = self
            .headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("date"))?;
        DateTime::parse_from_rfc2822(value).ok().map(|date| date.to_utc())
    }

    /// Whether it's a page for people and not Dojo's JSON.
    pub(crate) fn is_page(&self) -> bool {
        let says_so = self.headers.iter().any(|(name, value)| {
            name.eq_ignore_ascii_case("content-type") && value.to_ascii_lowercase().starts_with("text/html")
        });
        // 511: "network authentication required" (RFC 6585). Other troubles of Dojo's own gateway come as pages too.
        self.status == 511
            || (self.status < 500 && (says_so || self.body.trim_ascii_start().starts_with(b"<")))
    }
}

/// Why there is no whole answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WireError {
    /// Before a byte was handed over (name, connection, TLS).
    NotSent(Unsent),
    /// Any time after that.
    Unknown(Lost),
}

/// Carries a request to Dojo.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends `request` at most once, and not at all once [`WireRequest::until`] is over: that is looked at as late as
    /// the transport can, because making a connection may take longer than the computer was awake.
    async fn send(&self, request: WireRequest) -> Result<WireResponse, WireError>;

    /// Whose checkout page the answers' links may lead to.
    fn checkout(&self) -> Checkout {
        Checkout::Dojo
    }
}
