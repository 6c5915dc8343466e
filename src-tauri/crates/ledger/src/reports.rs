//! What moved, and the night reports made of it.

use crate::{LedgerError, Note};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use holdfast_domain::{Currency, JournalHead, Movement, NightReport, Sums};

/// What the next night report is made of, read at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreported {
    /// The newest report.
    pub last: Option<NightReport>,
    /// All that moved since, in order.
    pub movements: Vec<Movement>,
    /// The journal's head.
    pub journal: JournalHead,
}

/// What moved, and the night reports made of it.
///
/// # Errors
/// Every call may answer [`LedgerError::Storage`]; the others as said.
#[async_trait]
pub trait Reports: Send + Sync {
    /// The movements from `first` to `last`, both included, in order. They are written by the ledger
    /// itself, in the commit that changes what a hold's record says.
    async fn movements(&self, first: i64, last: i64) -> Result<Vec<Movement>, LedgerError>;
    /// The movements that happened from `from` on and before `to`, in that order.
    async fn movements_at(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<Movement>, LedgerError>;
    /// The sums of `currency` between each of `edges` and the next, and what was held at the latter.
    async fn day_sums(
        &self,
        currency: Currency,
        edges: Vec<DateTime<Utc>>,
    ) -> Result<Vec<(Sums, i64)>, LedgerError>;
    /// What the next night report is made of.
    async fn unreported(&self) -> Result<Unreported, LedgerError>;
    /// Keeps a report for ever. [`LedgerError::Busy`] unless it has the next number and begins with the
    /// movement after the last one's.
    async fn add_report(&self, report: &NightReport, note: Note) -> Result<(), LedgerError>;
    /// One report. [`LedgerError::NotFound`].
    async fn report(&self, number: i64) -> Result<NightReport, LedgerError>;
    /// The newest `limit` reports, or the newest before a number.
    async fn reports(&self, before: Option<i64>, limit: i64) -> Result<Vec<NightReport>, LedgerError>;
}
