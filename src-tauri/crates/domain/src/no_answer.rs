//! Why a request has no answer of Dojo's.

use serde::{Deserialize, Serialize};

/// Why a request has no answer of Dojo's that can be used. Up to `PermitOver` nothing left this
/// computer; from `NotInTime` on nobody knows what Dojo did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoAnswer {
    /// It had no payment intent to go to.
    NoIntent,
    /// A request for a hold is sent in another way.
    OpenedElsewhere,
    /// It can't be sent as it stands: a header of it, or an address without TLS.
    Unsendable,
    /// There was no connection, for none of the reasons below.
    Unreachable,
    /// The other end refused the connection.
    ConnectionRefused,
    /// There was no connection in time.
    NotConnectedInTime,
    /// The certificate is of no authority that we know.
    CertificateUntrusted,
    /// The certificate is another server's.
    OtherServer,
    /// No TLS that we use was offered.
    OldTls,
    /// The certificate's dates are so far off that this computer's clock must be wrong.
    ClockWrong,
    /// By this computer's clock the certificate ended a short while ago.
    CertificateExpired,
    /// By this computer's clock the certificate begins in a short while.
    CertificateNotYetValid,
    /// The proxy wants a password.
    ProxyPassword,
    /// Its permit was over: another till may have concluded already that it never left.
    PermitOver,
    /// The answer didn't come in time.
    NotInTime,
    /// The connection broke before the answer was whole.
    Broken,
    /// The answer is longer than any of Dojo's.
    TooLong,
    /// The answer can't be read.
    Unreadable,
    /// A web page came instead.
    WebPage,
    /// An answer with this status that isn't Dojo's.
    NotDojos(u16),
    /// Dojo says that it conflicts with what it has, which may be the same request.
    Conflict,
    /// A redirection with this status.
    Redirected(u16),
    /// Another status, which proves nothing.
    Status(u16),
}
