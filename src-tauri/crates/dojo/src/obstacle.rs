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
    /// The proxy wants a name and a password before it lets anything through.
    ProxyPassword,
}

/// Nobody uses a certificate that ended longer ago, or that begins later.
#[cfg(feature = "http")]
const CERTIFICATE_SLACK_SECONDS: u64 = 7 * 24 * 3_600;

/// What hyper-util calls a proxy's 407; the type itself is private there. The test below notices another word for it.
#[cfg(feature = "http")]
const PROXY_AUTH_REQUIRED: &str = "tunnel error: proxy authorization required";

#[cfg(feature = "http")]
impl Obstacle {
    /// From what went wrong while connecting, if TLS did.
    pub(crate) fn of(error: &(dyn std::error::Error + 'static)) -> Option<Self> {
        let mut next = Some(error);
        while let Some(error) = next {
            if let Some(error) = error.downcast_ref::<rustls::Error>() {
                return Self::of_tls(error);
            }
            if error.to_string() == PROXY_AUTH_REQUIRED {
                return Some(Self::ProxyPassword);
            }
            // An I/O error leaves what it was made of out of its sources.
            next = match error.downcast_ref::<std::io::Error>().and_then(|e| e.get_ref()) {
                Some(inside) => Some(inside),
                None => error.source(),
            };
        }
        None
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "rustls adds errors as it likes")]
    fn of_tls(error: &rustls::Error) -> Option<Self> {
        use rustls::{AlertDescription, CertificateError, Error, InvalidMessage};
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
            // What a network's sign-in says to whatever connects: `HTTP/1.1 302`, where TLS is due.
            Error::InvalidMessage(InvalidMessage::InvalidContentType) => Self::Page,
            _ => return None,
        })
    }
}

#[cfg(all(test, feature = "http"))]
mod tests {
    use super::Obstacle;
    use std::io::{Read, Write};
    use std::net::TcpListener;

    #[tokio::test]
    async fn a_proxy_that_wants_a_password_is_known() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a port");
        let proxy = format!("http://{}", listener.local_addr().expect("it has an address"));
        std::thread::spawn(move || {
            for mut socket in listener.incoming().flatten() {
                let _begun = socket.read(&mut [0; 4096]);
                let _gone = socket.write_all(b"HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n");
            }
        });
        let client = reqwest::Client::builder()
            .proxy(reqwest::Proxy::https(proxy).expect("it is an address"))
            .tls_certs_only([])
            .build()
            .expect("there is TLS");
        let asked = client.get("https://api.dojo.tech/").send().await;
        let error = asked.expect_err("nobody answers");
        assert!(error.is_connect(), "nothing was sent: {error:?}");
        assert_eq!(Obstacle::of(&error), Some(Obstacle::ProxyPassword), "{error:?}");
    }
}
