//! Why there is no answer: the request wasn't sent, or what came back proves nothing.

use crate::Obstacle;

/// Why a request wasn't sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsent {
    /// It can't be sent as it stands: a header of it, or an address without TLS.
    #[error("it can’t be sent as it stands")]
    Unsendable,
    /// The other end refused the connection.
    #[error("the connection was refused")]
    Refused,
    /// There was no connection in time.
    #[error("no connection in time")]
    NotInTime,
    /// It was too late to send it: see [`Until`](crate::Until).
    #[error("too late to be sent")]
    TooLate,
    /// There was no connection, for a reason that can't be told: no such name, no network.
    #[error("Dojo can’t be reached")]
    Unreachable,
    /// It's known what stands in the way.
    #[error("Dojo can’t be reached: {0:?}")]
    Barred(Obstacle),
}

/// Why an answer proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Lost {
    /// It didn't come in time.
    #[error("no answer in time")]
    NotInTime,
    /// The connection broke before it was whole.
    #[error("the connection broke")]
    Broken,
    /// It is longer than any of Dojo's.
    #[error("the answer has no end")]
    TooLong,
    /// It can't be read.
    #[error("Dojo’s answer can’t be read")]
    Unreadable,
    /// A page came instead: a network's sign-in, or a proxy's own.
    #[error("a page came instead of Dojo’s answer")]
    Page,
    /// A refusal without Dojo's problem body.
    #[error("an answer {0} that is not Dojo’s")]
    NotDojos(u16),
    /// Dojo says that it conflicts with what it has, which may be this very request.
    #[error("Dojo says that this conflicts with what it has (409)")]
    Conflict,
    /// A redirection, which is never followed.
    #[error("a redirection ({0})")]
    Redirected(u16),
    /// Another status.
    #[error("Dojo answered {0}")]
    Status(u16),
}
