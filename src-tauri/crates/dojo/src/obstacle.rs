//! What stands between this computer and Dojo, where that can be told.

/// What stands in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// The certificate is of no authority that we know: something on the network reads along, or stands in Dojo's
    /// place.
    Inspected,
    /// By this computer's clock the certificate ended a short while ago.
    Expired,
    /// By this computer's clock the certificate begins in a short while.
    NotYetValid,
    /// The certificate's dates are so far off that this computer's clock must be wrong.
    ClockWrong,
    /// The certificate is another server's.
    OtherServer,
    /// No TLS 1.2 or newer.
    OldTls,
    /// A page where Dojo's answer is due: a network's sign-in, or a proxy's own.
    Page,
}

/// Nobody uses a certificate that ended longer ago, or that begins later.
#[cfg(feature = "http")]
const CERTIFICATE_SLACK_SECONDS: u64 = 7 * 24 * 3_600;

#[cfg(feature = "http")]
impl Obstacle {
    /// From what went wrong while connecting, if TLS did.
    pub(crate) fn of(error: &(dyn std::error::Error + 'static)) -> Option<Self> {
        let mut next = Some(error);
        while let Some(error) = next {
            if let Some(error) = error.downcast_ref::<rustls::Error>() {
                return Self::of_tls(error);
            }
            // An I/O error leaves what it was made of out of its sources.
            next = match error.downcast_ref::<std::io::Error>().and_then(|e| e.get_ref()) {
                Some(inside) => Some(inside),
                None => error.source(),
            };
        }
        None
    }

    fn of_tls(error: &rustls::Error) -> Option<Self> {
        use rustls::{AlertDescription, CertificateError, Error};
        let is_far = |later: rustls::pki_types::UnixTime, sooner: rustls::pki_types::UnixTime| {
            later.as_secs().saturating_sub(sooner.as_secs()) > CERTIFICATE_SLACK_SECONDS
        };
        Some(match error {
            Error::InvalidCertificate(CertificateError::ExpiredContext { time, not_after }) => {
                if is_far(*time, *not_after) {
                    Self::ClockWrong
                } else {
                    Self::Expired
                }
            }
            Error::InvalidCertificate(CertificateError::NotValidYetContext { time, not_before }) => {
                if is_far(*not_before, *time) {
                    Self::ClockWrong
                } else {
                    Self::NotYetValid
                }
            }
            Error::InvalidCertificate(CertificateError::Expired) => Self::Expired,
            Error::InvalidCertificate(CertificateError::NotValidYet) => Self::NotYetValid,
            Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            ) => Self::OtherServer,
            Error::InvalidCertificate(_) => Self::Inspected,
            Error::PeerIncompatible(_) | Error::AlertReceived(AlertDescription::ProtocolVersion) => {
                Self::OldTls
            }
            _ => return None,
        })
    }
}

/// Whether an answer is a page for people and not Dojo's JSON.
pub(crate) fn is_page(response: &crate::WireResponse) -> bool {
    let says_so = response.headers.iter().any(|(name, value)| {
        name.eq_ignore_ascii_case("content-type") && value.to_ascii_lowercase().starts_with("text/html")
    });
    // 511: "network authentication required" (RFC 6585). Other troubles of Dojo's own gateway come as pages too.
    response.status == 511
        || (response.status < 500 && (says_so || response.body.trim_ascii_start().starts_with(b"<")))
}
