//! What another till did.

use chrono::{DateTime, Utc};
use serde::Serialize;
use ts_rs::TS;

/// What was done to a tab at another till that shares the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ElsewhereView {
    /// Under the name of its row.
    pub row: String,
    /// Where, by whom and what: `Changed at Bar 2 by Sam: £40.00 taken`.
    pub title: String,
    /// When, and that the figures are up to date.
    pub words: String,
    /// When it was noted: a person who has seen this one is shown the next.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
}
