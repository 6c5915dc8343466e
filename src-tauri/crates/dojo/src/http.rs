//! The wire itself, over HTTP.

use crate::Checkout;
use crate::no_answer::{Lost, Unsent};
use crate::obstacle::Obstacle;
use crate::transport::{Method, Transport, Until, WireError, WireRequest, WireResponse};
use async_trait::async_trait;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use reqwest::header::{CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Certificate, tls};
use rustls::pki_types::CertificateDer;
use std::error::Error;
use std::io::ErrorKind;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use zeroize::Zeroize;

/// More than any answer of Dojo's; a longer one is cut off and counts as unclear.
const MOST_ANSWER_BYTES: usize = 16 << 20;

/// HTTP over rustls: no redirects, no retries, time limits on connecting and on the whole.
#[derive(Debug, Clone)]
pub struct HttpTransport {
    client: reqwest::Client,
    base: String,
}

impl HttpTransport {
    /// To `base` (scheme and host), with `limit` for a whole exchange; 30 s is usual. Dojo is trusted by the
    /// authorities that browsers trust, and by none that was added to this computer.
    ///
    /// # Errors
    /// When the operating system gives no TLS or no sockets.
    pub fn new(base: &str, limit: Duration) -> Result<Self, String> {
        Self::trusting(base, limit, webpki_root_certs::TLS_SERVER_ROOT_CERTS)
    }

    /// The same, trusting `roots` and nobody else.
    ///
    /// # Errors
    /// When the operating system gives no TLS or no sockets, or a root can't be read.
    pub fn trusting(base: &str, limit: Duration, roots: &[CertificateDer<'_>]) -> Result<Self, String> {
        let mut builder = reqwest::Client::builder();
        builder = if crate::address::is_here(base) {
            // A proxy would be told the key in the clear. Nothing on this computer shows a certificate.
            builder.no_proxy().tls_certs_only([])
        } else {
            let roots = roots.iter().map(|root| Certificate::from_der(root));
            let roots: Vec<Certificate> = roots.collect::<Result<_, _>>().map_err(|e| e.to_string())?;
            builder
                .https_only(true)
                .tls_version_min(tls::Version::TLS_1_2)
                .tls_certs_only(roots)
        };
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
    async fn send(&self, mut request: WireRequest) -> Result<WireResponse, WireError> {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Delete => reqwest::Method::DELETE,
        };
        let headers = headers(&request).ok_or(WireError::NotSent(Unsent::Unsendable))?;
        // The key's text isn't needed any more; what goes out is marked as secret.
        for (_, value) in &mut request.headers {
            value.zeroize();
        }
        let mut builder = self
            .client
            .request(method, format!("{}{}", self.base, request.path_and_query))
            .headers(headers);
        builder = match (request.body, request.until) {
            (Some(body), Some(until)) => builder.body(reqwest::Body::wrap(Timely {
                bytes: Some(body.into()),
                until,
            })),
            (Some(body), None) => builder.body(body),
            // The client asks for no body, so the permit isn't tested here: a release may leave late after a sleep
            // (money-safety.md says why that is harmless).
            (None, _) => builder,
        };
        let mut response = builder.send().await.map_err(failed)?;
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
            .collect();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|e| WireError::Unknown(lost(&e)))? {
            if body.len().saturating_add(chunk.len()) > MOST_ANSWER_BYTES {
                return Err(WireError::Unknown(Lost::TooLong));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(WireResponse {
            status,
            headers,
            body,
        })
    }

    fn checkout(&self) -> Checkout {
        Checkout::of(&self.base)
    }
}

/// A body that fails once it is too late. It is asked for when there is a connection, before the request's first byte
/// is written; and a request whose body doesn't come is none.
struct Timely {
    bytes: Option<Bytes>,
    until: Until,
}

/// It was too late for a body.
#[derive(Debug, thiserror::Error)]
#[error("too late to be sent")]
struct TooLate;

impl Body for Timely {
    type Data = Bytes;
    type Error = TooLate;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TooLate>>> {
        if self.bytes.is_some() && self.until.is_over() {
            return Poll::Ready(Some(Err(TooLate)));
        }
        Poll::Ready(self.bytes.take().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}

/// As they go out; none when one of them can't. The key is marked, so that nothing that prints them shows it.
fn headers(request: &WireRequest) -> Option<HeaderMap> {
    let mut headers = HeaderMap::new();
    for (name, value) in &request.headers {
        let mut value = HeaderValue::from_str(value).ok()?;
        value.set_sensitive(name.eq_ignore_ascii_case("authorization"));
        headers.append(HeaderName::from_bytes(name.as_bytes()).ok()?, value);
    }
    if request.body.is_none() && request.method == Method::Post {
        // Without it, gateways answer 411 to a release.
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    Some(headers)
}

/// Why there is no answer. The cause is logged, without the address: an id stands in it.
fn failed(error: reqwest::Error) -> WireError {
    let error = error.without_url();
    if is(&error, |cause| cause.is::<TooLate>()) {
        tracing::warn!("it was too late to send a request: this computer slept or was held up");
        return WireError::NotSent(Unsent::TooLate);
    }
    let obstacle = Obstacle::of(&error);
    tracing::warn!(?obstacle, cause = causes(&error), "Dojo was not reached");
    match obstacle {
        Some(obstacle) if error.is_connect() => WireError::NotSent(Unsent::Barred(obstacle)),
        _ if error.is_connect() => WireError::NotSent(unconnected(&error)),
        _ if error.is_builder() => WireError::NotSent(Unsent::Unsendable),
        _ => WireError::Unknown(lost(&error)),
    }
}

/// The error and all that it came of.
fn causes(error: &(dyn Error + 'static)) -> String {
    let (mut words, mut next) = (error.to_string(), error.source());
    while let Some(cause) = next {
        words = format!("{words}: {cause}");
        next = cause.source();
    }
    words
}

/// Why there is no connection.
fn unconnected(error: &reqwest::Error) -> Unsent {
    if error.is_timeout() {
        Unsent::NotInTime
    } else if is(error, is_refused) {
        Unsent::Refused
    } else {
        Unsent::Unreachable
    }
}

/// Whether the error or one of its causes is `such`.
fn is(error: &(dyn Error + 'static), such: fn(&(dyn Error + 'static)) -> bool) -> bool {
    such(error) || error.source().is_some_and(|cause| is(cause, such))
}

/// Whether the other end would have no connection.
fn is_refused(error: &(dyn Error + 'static)) -> bool {
    let io = error.downcast_ref::<std::io::Error>();
    io.is_some_and(|io| io.kind() == ErrorKind::ConnectionRefused)
}

/// What became of an answer.
fn lost(error: &reqwest::Error) -> Lost {
    if error.is_timeout() {
        Lost::NotInTime
    } else {
        Lost::Broken
    }
}
