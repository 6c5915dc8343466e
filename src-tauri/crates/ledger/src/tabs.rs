//! Tabs and their bills.

use crate::{LedgerError, Note, Permit, TabSeen};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use holdfast_domain::{Hold, Line, Operation, Tab, TabId};

/// A part of one bill on its way to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillMove {
    /// The tab that it goes to, where that is a new one.
    pub opened: Option<Tab>,
    /// What both bills get. Together they add up to nothing.
    pub lines: Vec<Line>,
    /// What somebody saw of the tabs that were there, as far as the move rests on it.
    pub seen: Vec<(TabId, TabSeen)>,
    /// The tab that is closed with it, and when.
    pub closed: Option<(TabId, DateTime<Utc>)>,
}

/// Tabs and their bills.
///
/// # Errors
/// Every call may answer [`LedgerError::Storage`], [`LedgerError::Unreachable`] or [`LedgerError::Fenced`]; the others
/// as said. Where several would apply it is the first of [`LedgerError::Known`], [`LedgerError::Closed`],
/// [`LedgerError::Changed`], [`LedgerError::Busy`] and [`LedgerError::TooMuch`].
#[async_trait]
pub trait Tabs: Send + Sync {
    /// Adds a tab. [`LedgerError::Known`].
    async fn add_tab(&self, tab: &Tab, note: Note) -> Result<(), LedgerError>;
    /// Adds a tab with its first hold and the operation that is to create it, in one commit.
    /// [`LedgerError::Known`] when that operation is.
    async fn open_tab(
        &self,
        tab: &Tab,
        hold: &Hold,
        create: &Operation,
        notes: Vec<Note>,
    ) -> Result<Permit, LedgerError>;
    /// Rewrites the details of a tab that is of `tab`'s version. [`LedgerError::Changed`] otherwise;
    /// [`LedgerError::NotFound`].
    async fn set_tab(&self, tab: &Tab, note: Note) -> Result<(), LedgerError>;
    /// Closes a tab of that version, or reopens it. [`LedgerError::Changed`] when it's of another, or isn't as it was
    /// `seen`; [`LedgerError::NotFound`].
    async fn set_closed(
        &self,
        tab: TabId,
        version: i64,
        seen: Option<TabSeen>,
        at: Option<DateTime<Utc>>,
        note: Note,
    ) -> Result<(), LedgerError>;
    /// Adds a line to a bill. [`LedgerError::Known`] when the line that it takes off is off already;
    /// [`LedgerError::Closed`]; [`LedgerError::Changed`] when the tab isn't as it was `seen`; [`LedgerError::TooMuch`]
    /// when the bill would leave its bounds ([`holdfast_domain::bill`]); [`LedgerError::NotFound`].
    async fn add_line(&self, line: &Line, seen: Option<TabSeen>, note: Note) -> Result<(), LedgerError>;
    /// Writes both halves of a move, or none. [`LedgerError::Known`] when the decision has moved something already, or
    /// a line that it takes off is off; [`LedgerError::Closed`] of either tab; [`LedgerError::Changed`];
    /// [`LedgerError::TooMuch`] when the lines don't add up to nothing, or a bill would leave its bounds.
    async fn move_bill(&self, moving: &BillMove, notes: Vec<Note>) -> Result<(), LedgerError>;
    /// One tab. [`LedgerError::NotFound`].
    async fn tab(&self, id: TabId) -> Result<Tab, LedgerError>;
    /// Tabs: the open ones, or the newest `limit` closed ones.
    async fn tabs(&self, open: bool, limit: i64) -> Result<Vec<Tab>, LedgerError>;
    /// Whether a tab was ever opened.
    async fn has_tabs(&self) -> Result<bool, LedgerError>;
    /// All lines of a bill, oldest first.
    async fn lines(&self, tab: TabId) -> Result<Vec<Line>, LedgerError>;
}
