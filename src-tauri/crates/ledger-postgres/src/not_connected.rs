//! Why a connection wasn't made. What a person has to put right has words of its own; the rest may pass by itself.

use crate::error::unreachable;
use holdfast_ledger::LedgerError;
use rustls::CertificateError;
use std::error::Error as _;
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

/// A server that refuses the role, has no such database, or shows another certificate, is there.
pub(crate) fn not_connected(error: &Error) -> LedgerError {
    match error.code() {
        None => match of_encryption(error) {
            Some(words) => LedgerError::Storage(words),
            None => unreachable(told(error)),
        },
        Some(&SqlState::CANNOT_CONNECT_NOW | &SqlState::TOO_MANY_CONNECTIONS) => unreachable(told(error)),
        Some(&SqlState::INVALID_PASSWORD | &SqlState::INVALID_AUTHORIZATION_SPECIFICATION) => {
            LedgerError::NotAdmitted
        }
        Some(_) => LedgerError::Storage(format!(
            "the shared ledger refused the connection: {}",
            told(error)
        )),
    }
}

/// What an error says, with what lies under it.
pub(crate) fn told(error: &Error) -> String {
    match (error.as_db_error(), error.source()) {
        (Some(told), _) => told.message().to_owned(),
        (None, Some(source)) => format!("{error}: {source}"),
        (None, None) => error.to_string(),
    }
}

fn of_encryption(error: &Error) -> Option<String> {
    if let Some(refused) = of_rustls(error) {
        return Some(of_certificate(refused));
    }
    // The library tells these apart by its words alone.
    let words = told(error);
    if words.contains("server does not support TLS") {
        return Some("the ledger’s server doesn’t encrypt connections: turn ssl on there".to_owned());
    }
    words
        .starts_with("authentication error")
        .then(|| format!("the ledger’s server can’t be relied on with a password: {words}"))
}

/// Why TLS wasn't made, if it was for the certificate; a wire that was cut has no such reason.
fn of_rustls(error: &Error) -> Option<&CertificateError> {
    let io = error.source()?.downcast_ref::<std::io::Error>()?;
    if let rustls::Error::InvalidCertificate(why) = io.get_ref()?.downcast_ref::<rustls::Error>()? {
        return Some(why);
    }
    None
}

#[expect(clippy::wildcard_enum_match_arm, reason = "rustls adds reasons as it likes")]
fn of_certificate(why: &CertificateError) -> String {
    match why {
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            "nobody whom this computer trusts vouches for the certificate of the ledger’s server. Where it’s one of \
             your own, have the till enrolled with it (`holdfast-cli ledger --trust server.crt enrol …`); else find \
             out who answers there"
                .to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "the certificate of the ledger’s server is for another name than the one in its address: use the name in \
             the certificate"
                .to_owned()
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "the certificate of the ledger’s server has expired: have it renewed, and look at this computer’s clock"
                .to_owned()
        }
        other => format!("the certificate of the ledger’s server can’t be used: {other}"),
    }
}
