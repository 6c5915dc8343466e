//! How something looks. Nothing is decided by it.

use holdfast_domain::Urgency;
use serde::Serialize;
use ts_rs::TS;

/// How pressing something is, and so how it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Tone {
    /// Nothing to do.
    Quiet,
    /// All is well.
    Good,
    /// Something is awaited.
    Wait,
    /// Soon.
    Warn,
    /// Now.
    Bad,
}

impl From<Urgency> for Tone {
    fn from(urgency: Urgency) -> Self {
        match urgency {
            Urgency::Over => Self::Quiet,
            Urgency::Well => Self::Good,
            Urgency::Awaited => Self::Wait,
            Urgency::Soon => Self::Warn,
            Urgency::Now => Self::Bad,
        }
    }
}
