//! What figures and dates are shown by: the time, the warnings and the business days.

use chrono::{DateTime, Utc};
use holdfast_domain::{BusinessDays, Warnings};

/// The moment, and the settings that decide how it reads.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    pub(crate) now: DateTime<Utc>,
    /// By the clock that is most behind: nothing is over before it says so.
    pub(crate) earliest: DateTime<Utc>,
    pub(crate) warnings: Warnings,
    /// By the venue's own wall.
    pub(crate) days: BusinessDays,
}
