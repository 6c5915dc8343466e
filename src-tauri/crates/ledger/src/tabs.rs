//! Tabs and their bills.

use crate::{LedgerError, Note};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use holdfast_domain::{Hold, Line, Operation, Tab, TabId};

/// Tabs and their bills.
///
/// # Errors
/// Every call may answer [`LedgerError::Storage`]; the others as said.
#[async_trait]
pub trait Tabs: Send + Sync {
    /// Adds a tab.
    async fn add_tab(&self, tab: &Tab, note: Note) -> Result<(), LedgerError>;
    /// Adds a tab with its first hold and the operation that is to create it, in one commit.
    /// [`LedgerError::Busy`] when that operation is known.
    async fn open_tab(
        &self,
        tab: &Tab,
        hold: &Hold,
        create: &Operation,
        notes: Vec<Note>,
    ) -> Result<(), LedgerError>;
    /// Rewrites a tab's details. [`LedgerError::NotFound`].
    async fn set_tab(&self, tab: &Tab, note: Note) -> Result<(), LedgerError>;
    /// Closes a tab, or reopens it.
    async fn set_closed(&self, tab: TabId, at: Option<DateTime<Utc>>, note: Note) -> Result<(), LedgerError>;
    /// Adds a line to a bill.
    async fn add_line(&self, line: &Line, note: Note) -> Result<(), LedgerError>;
    /// One tab. [`LedgerError::NotFound`].
    async fn tab(&self, id: TabId) -> Result<Tab, LedgerError>;
    /// Tabs: the open ones, or the newest `limit` closed ones.
    async fn tabs(&self, open: bool, limit: i64) -> Result<Vec<Tab>, LedgerError>;
    /// Whether a tab was ever opened.
    async fn has_tabs(&self) -> Result<bool, LedgerError>;
    /// All lines of a bill, oldest first.
    async fn lines(&self, tab: TabId) -> Result<Vec<Line>, LedgerError>;
}
