//! Copies of the ledger, and what it knows of itself after one was put back.

use crate::{LedgerError, Note};
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::time::Duration;

/// No backup is kept for longer, however few there are, and nor is what was set aside for one: guests who were
/// forgotten are still in them. They go with the second day's backup after that, in case a clock was wrong on the
/// first.
pub const BACKUPS_KEPT_FOR: TimeDelta = TimeDelta::weeks(8);

/// A backup of the ledger: one file, whole by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Backup {
    /// Its file name, `ledger-YYYY-MM-DDTHH-MM-SS.db`, in UTC.
    pub name: String,
    /// When it was taken, by the clock that deadlines are counted by.
    pub taken_at: DateTime<Utc>,
}

/// A backup that was written and checked just now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackedUp {
    /// The copy that was made.
    pub backup: Backup,
    /// Entries in its journal.
    pub entries: i64,
    /// Why there is no copy in the second folder.
    pub second: Option<NoSecondCopy>,
}

/// Where a further copy of a backup goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondFolder {
    /// The copy lies in it under the till's name and the data folder's.
    pub path: PathBuf,
    /// The till's name in it: two tills' copies in one place would push each other out. None where it has no name.
    pub till: Option<String>,
    /// The public key that the copy is encrypted to; none leaves it as it is.
    pub sealed_for: Option<String>,
    /// How long the copy is waited for. It may go on afterwards: nobody can call off what a disk was asked.
    pub within: Duration,
}

/// Why there is no second copy; the first one counts all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoSecondCopy {
    /// The folder's disk has not answered, for this copy or for one before it.
    Silent,
    /// Why it could not be made, in words for people.
    Failed(String),
}

/// What the ledger holds and a backup does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Newer {
    /// Tabs that the backup does not know.
    pub tabs: i64,
    /// Operations that the backup does not know, or knows in an earlier state.
    pub operations: i64,
    /// Lines of bills that the backup does not know.
    pub lines: i64,
}

/// How the ledger came to be older than what was done with it. Kept in the ledger itself, so that
/// neither a restart nor a crash forgets that Dojo has to be asked about everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// When that was found or done, by the clock that deadlines are counted by.
    pub at: DateTime<Utc>,
    /// The newest thing that the ledger knows of; none when it knows nothing.
    pub knows_until: Option<DateTime<Utc>>,
    /// The backup that was put back; none when the file itself was found to be older than it was.
    pub backup: Option<String>,
    /// The folder in which the file that was there before lies.
    pub set_aside: Option<String>,
    /// When every hold had been read from Dojo again.
    pub read_again_at: Option<DateTime<Utc>>,
}

/// Counts of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// The file's format.
    pub format: i64,
    /// What is counted, in words, and how many there are.
    pub rows: Vec<(String, i64)>,
}

/// Copies of the ledger, and what it knows of itself after one was put back.
///
/// # Errors
/// Every call may answer [`LedgerError::Storage`]; the others as said.
#[async_trait]
pub trait Backups: Send + Sync {
    /// Takes a backup while work goes on, checks it, and only then lets it count; the newest of the
    /// last 7 days and 8 weeks with a backup are kept. `second` is for a further copy.
    /// [`LedgerError::Damaged`] when the copy is not sound.
    async fn back_up(
        &self,
        now: DateTime<Utc>,
        second: Option<SecondFolder>,
    ) -> Result<BackedUp, LedgerError>;
    /// All backups, the newest first.
    async fn backups(&self) -> Result<Vec<Backup>, LedgerError>;
    /// What this ledger holds and that backup does not. [`LedgerError::NotFound`],
    /// [`LedgerError::Damaged`].
    async fn newer_than(&self, backup: &str) -> Result<Newer, LedgerError>;
    /// Whether, when and why this ledger turned out older than what was done with it.
    async fn restored(&self) -> Result<Option<Restored>, LedgerError>;
    /// Notes how far that has been made good.
    async fn set_restored(&self, restored: &Restored, note: Note) -> Result<(), LedgerError>;
    /// How much of everything there is.
    async fn counts(&self) -> Result<Counts, LedgerError>;
}
