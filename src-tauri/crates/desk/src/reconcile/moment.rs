//! When Dojo answered.

use chrono::{DateTime, Utc};

/// When an answer was given.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    /// By Dojo's own clock, as far as it is known: nothing is called past by the till's.
    pub(crate) at: DateTime<Utc>,
    /// The same of the last answer that was learnt from in this run of the program.
    pub(crate) last_read: Option<DateTime<Utc>>,
}
