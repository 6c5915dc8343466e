//! Forgetting guests.

use crate::{LedgerError, Note};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use holdfast_domain::TabId;

/// Forgetting guests: what is about one is encrypted with a key of its tab's own, and that key is destroyed. Figures,
/// times and who did what stay, and so does every seal.
///
/// # Errors
/// Every call may answer [`LedgerError::Storage`]; the others as said.
#[async_trait]
pub trait Guests: Send + Sync {
    /// Destroys the keys of these tabs, for good: no backup that is restored later brings them back. Of those that
    /// are forgotten already it does nothing. Nothing more is kept of what is about a forgotten guest, either.
    /// [`LedgerError::Busy`], and none is forgotten, unless each tab is closed, with nothing in force, unsettled or
    /// waiting for a person.
    async fn forget(&self, tabs: Vec<TabId>, note: Note) -> Result<(), LedgerError>;
    /// Tabs that were closed before a time, whose guests can be forgotten and aren't yet: the oldest, at most `limit`.
    async fn to_forget(&self, closed_before: DateTime<Utc>, limit: i64) -> Result<Vec<TabId>, LedgerError>;
    /// Which of these tabs' guests can't be forgotten yet.
    async fn not_to_forget(&self, tabs: Vec<TabId>) -> Result<Vec<TabId>, LedgerError>;
}
