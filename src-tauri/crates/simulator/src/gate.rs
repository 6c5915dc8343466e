//! Who may ask. The simulator listens on a computer where other programs, and pages in a browser, may call it too.

use std::net::IpAddr;
use std::path::Path;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Where the levers' key is expected.
pub(crate) const KEY_HEADER: &str = "x-simulator-key";

/// The file in the data folder that says it, for the owner of the folder alone.
const KEY_FILE: &str = "control-key";

/// Who may call it, and work its levers: pay, wind the clock, order faults, see the truth.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Control {
    /// Every program on this computer, the API with any of the sandbox's keys; never a page in a browser.
    #[default]
    Open,
    /// Those who know the one key of this start, which lies in the data folder for its owner alone.
    Keyed,
    /// Nobody works the levers: what runs it calls [`Running`](crate::Running).
    Off,
}

/// What a request has to show.
#[derive(Debug, Clone)]
pub(crate) struct Gate {
    /// Where it listens.
    pub(crate) address: IpAddr,
    /// Host and port of the public address, if there is one.
    pub(crate) public: Option<String>,
    pub(crate) has_levers: bool,
    /// The one key that opens the API and the levers; none where any of the sandbox's opens the API.
    pub(crate) key: Option<String>,
}

/// The key of this start, written where only the folder's owner reads it.
pub(crate) fn key(control: Control, folder: Option<&Path>) -> anyhow::Result<Option<String>> {
    if control != Control::Keyed {
        return Ok(None);
    }
    let key = format!("sk_sandbox_{:032x}", rand::random::<u128>());
    if let Some(folder) = folder {
        let path = folder.join(KEY_FILE);
        if path.exists() {
            std::fs::remove_file(&path)?;
        }
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        std::io::Write::write_all(&mut options.open(&path)?, key.as_bytes())?;
    }
    Ok(Some(key))
}

impl Gate {
    /// Whether a browser that was told this name can have meant this program: a name of somebody's own may lead here.
    fn is_host(&self, host: &str) -> bool {
        if self.public.as_deref() == Some(host) {
            return true;
        }
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let name = name.trim_start_matches('[').trim_end_matches(']');
        let is_here = name == "localhost" && self.address.is_loopback();
        // A test's own proxy has another port.
        is_here
            || name
                .parse::<IpAddr>()
                .is_ok_and(|ip| self.address.is_unspecified() || ip == self.address)
    }

    fn refusal(&self, method: &Method, path: &str, headers: &HeaderMap) -> Option<StatusCode> {
        let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let Some(host) = said("host").filter(|host| self.is_host(host)) else {
            return Some(StatusCode::MISDIRECTED_REQUEST);
        };
        let is_own = |origin: &str| {
            let from = origin.split_once("://").map_or("", |(_, from)| from);
            from == host || self.public.as_deref() == Some(from)
        };
        if headers.contains_key("origin") && !said("origin").is_some_and(is_own) {
            return Some(StatusCode::FORBIDDEN);
        }
        if path.starts_with("/_simulator/") {
            return self.control_refusal(method, headers);
        }
        None
    }

    fn control_refusal(&self, method: &Method, headers: &HeaderMap) -> Option<StatusCode> {
        let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        if !self.has_levers {
            return Some(StatusCode::NOT_FOUND);
        }
        if self.key.is_some() && said(KEY_HEADER) != self.key.as_deref() {
            return Some(StatusCode::FORBIDDEN);
        }
        // A page in a browser can send any other type unasked.
        let has_body = *method == Method::POST || *method == Method::PUT;
        let is_json = said("content-type").is_some_and(|kind| kind.starts_with("application/json"));
        (has_body && !is_json).then_some(StatusCode::UNSUPPORTED_MEDIA_TYPE)
    }

    /// Whether this is the one key that is let in.
    pub(crate) fn lets_in(&self, headers: &HeaderMap) -> bool {
        let Some(key) = &self.key else {
            return true;
        };
        let said = headers.get("authorization").and_then(|value| value.to_str().ok());
        said.and_then(|said| said.strip_prefix("Basic ")) == Some(key.as_str())
    }
}

/// Refuses what no client of ours sends, and tells browsers to keep the pages to themselves.
pub(crate) async fn keep(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let refused = gate.refusal(request.method(), request.uri().path(), request.headers());
    let is_page = request.uri().path().starts_with("/checkout/");
    let mut response = match refused {
        Some(status) => status.into_response(),
        None => next.run(request).await,
    };
    if is_page || refused.is_some() {
        for (name, value) in PAGE_HEADERS {
            response
                .headers_mut()
                .insert(name, HeaderValue::from_static(value));
        }
    }
    response
}

const PAGE_HEADERS: [(HeaderName, &str); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::CACHE_CONTROL, "no-store"),
    (header::REFERRER_POLICY, "no-referrer"),
];
