//! Where a key may be sent.

use crate::Environment;

/// Sandbox and live alike; the key chooses.
pub const BASE_URL: &str = "https://api.dojo.tech";

/// Where a key of `environment` is sent: to Dojo's own address, or to `other` when that is on this computer and the key
/// opens no real money.
///
/// # Errors
/// [`Misdirected`] for any other address.
pub fn address(other: Option<&str>, environment: Environment) -> Result<String, Misdirected> {
    match other {
        None => Ok(BASE_URL.to_owned()),
        Some(url) if !is_here(url) => Err(Misdirected::Elsewhere(url.to_owned())),
        Some(url) if environment == Environment::Live => Err(Misdirected::LiveKey(url.to_owned())),
        Some(url) => Ok(url.to_owned()),
    }
}

/// Loopback and a port, whole: `http://127.0.0.1:80@elsewhere` begins like it and leads elsewhere.
pub(crate) fn is_here(url: &str) -> bool {
    url.strip_prefix("http://127.0.0.1:").is_some_and(|rest| {
        let port = rest.strip_suffix('/').unwrap_or(rest);
        port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok()
    })
}

/// An address that no key is sent to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Misdirected {
    /// Another computer's, or none at all.
    #[error("{0} is not on this computer; leave the address out")]
    Elsewhere(String),
    /// A program on this computer, which would be told a live key in the clear.
    #[error("a live key is sent to Dojo alone, and not to {0}; leave the address out")]
    LiveKey(String),
}
