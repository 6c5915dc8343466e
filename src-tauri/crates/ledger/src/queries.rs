//! Whole tabs for the screens, and finding them.

use crate::LedgerError;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use holdfast_domain::{Hold, Line, Operation, Renewal, Tab, TabId};
use serde::{Deserialize, Serialize};

/// A tab with everything on it, all of one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The tab.
    pub tab: Tab,
    /// Its bill, oldest first.
    pub lines: Vec<Line>,
    /// Oldest first, each with its operations, oldest first.
    pub holds: Vec<(Hold, Vec<Operation>)>,
    /// Those that are over too, oldest first.
    pub renewals: Vec<Renewal>,
}

/// A place in the list of what was closed, which is ordered by time and then by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// When the tab there was closed.
    pub closed_at: DateTime<Utc>,
    /// Which tab that is.
    pub tab: TabId,
}

/// What became of a tab that was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Became {
    /// Something was taken.
    Taken,
    /// Something of it was given back.
    Refunded,
    /// Staff released a hold.
    Released,
    /// A hold came to its deadline.
    Lapsed,
    /// No card was ever held.
    Unpaid,
}

/// Which of what was closed is looked for; a part that is none leaves all in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClosedFilter {
    /// Closed at this moment or later.
    pub from: Option<DateTime<Utc>>,
    /// Closed before this moment.
    pub before: Option<DateTime<Utc>>,
    /// A part of the name of who opened it; of A to Z the case does not matter.
    pub person: Option<String>,
    /// The last four digits of a card.
    pub card: Option<String>,
    /// Minor units at least, of what was taken or, where nothing was, of what was asked for.
    pub least: Option<i64>,
    /// Minor units at most, of the same.
    pub most: Option<i64>,
    /// What became of it.
    pub became: Option<Became>,
    /// One of these, which a search found.
    pub among: Option<Vec<TabId>>,
}

/// What a search found, the best first and, among equals, the newest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Open tabs.
    pub open: Vec<TabId>,
    /// Tabs that were closed.
    pub closed: Vec<TabId>,
    /// How many of the latter there are, those beyond the limit included. Counted up to a thousand, or to the limit if
    /// that's more: of a million the rest helps nobody, and takes long.
    pub closed_count: usize,
}

/// Whole tabs for the screens, and finding them.
///
/// # Errors
/// Every call may answer [`LedgerError::Storage`]; the others as said.
#[async_trait]
pub trait Queries: Send + Sync {
    /// Everything on the open tabs, the newest first, at most `limit` of them.
    async fn open_accounts(&self, limit: i64) -> Result<Vec<Account>, LedgerError>;
    /// Everything on these tabs, in this order; ids that are not known are left out.
    async fn accounts(&self, tabs: Vec<TabId>) -> Result<Vec<Account>, LedgerError>;
    /// A page of what was closed and is looked for: the newest `limit`, or those that come after a place.
    async fn closed_accounts(
        &self,
        filter: ClosedFilter,
        after: Option<Place>,
        limit: i64,
    ) -> Result<Vec<Account>, LedgerError>;
    /// Tabs that were closed and on which something is open, or ended so that staff may have to be told.
    async fn unsettled_accounts(&self) -> Result<Vec<Account>, LedgerError>;
    /// Tabs by name, place, reference, last four digits, an amount on them, or a good part of Dojo's
    /// number, spelling forgiven; at most `limit` of the open and of the others. With an empty `query`
    /// it finds nothing and gets ready for the first real one.
    async fn search(&self, query: &str, limit: usize) -> Result<Found, LedgerError>;
}
