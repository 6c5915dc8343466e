//! Several tills on one ledger: who does what only one of them does, and what the others have written.

use crate::LedgerError;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use holdfast_domain::{Actor, Event, HoldId, TabId};
use std::time::Duration;
use uuid::Uuid;

/// What one till at a time does for all of them. No money rests on it: two that did the same would ask Dojo twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Duty {
    /// Reading Dojo's record of what is open, going on with renewals, raising warnings, and concluding that a request
    /// of another till's never left.
    Watch,
    /// Closing the night.
    Night,
}

/// Who has a duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lease {
    /// This till, for as long as it runs: no other one has the ledger.
    Endless,
    /// This till, for this time, counted from before the call. It asks again well before that.
    For(Duration),
    /// Another till.
    Elsewhere,
}

/// Up to where somebody knows the changes of a ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// Of which ledger, and since which restore or start: a cursor of another one says nothing.
    pub of: Uuid,
    /// The number of the newest change.
    pub number: i64,
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Change {
    /// A tab, or its bill.
    Tab(TabId),
    /// A hold, or an operation on it.
    Hold(HoldId),
    /// Anything else, such as a setting, a finding or a run.
    House,
}

/// What was written since somebody looked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// To ask with the next time.
    pub cursor: Cursor,
    /// In the order of writing; none when nobody knows any more, so that everything has to be read again.
    pub since: Option<Vec<Change>>,
}

/// What was done to a tab, as the journal has it without what is about a guest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// To which.
    pub tab: TabId,
    /// When it was noted, by the clock that deadlines are counted by.
    pub at: DateTime<Utc>,
    /// Who did it.
    pub by: Actor,
    /// What people call the till where it was done; none for this one.
    pub till: Option<String>,
    /// What happened.
    pub event: Event,
}

/// What the journal has of tabs since somebody looked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The number of the journal's newest entry, to ask with the next time.
    pub until: i64,
    /// In the order of writing.
    pub deeds: Vec<Done>,
}

/// The clock of the server that several tills share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerClock {
    /// What it says.
    pub at: DateTime<Utc>,
    /// What people call the till that asked.
    pub till: String,
}

/// Several tills on one ledger.
///
/// # Errors
/// Every call may answer [`LedgerError::Storage`], [`LedgerError::Unreachable`] or [`LedgerError::Fenced`].
#[async_trait]
pub trait Tills: Send + Sync {
    /// Takes a duty that nobody has, or keeps it.
    async fn lease(&self, duty: Duty) -> Result<Lease, LedgerError>;
    /// What was written after a place, by this till and by others; without one, where that place is now. Each writing
    /// call is in it before it returns.
    async fn changes(&self, after: Option<Cursor>) -> Result<Changes, LedgerError>;
    /// The server's clock; none where there is no server, for one till has the ledger.
    async fn server_clock(&self) -> Result<Option<ServerClock>, LedgerError> {
        Ok(None)
    }
    /// What was done to tabs after an entry of the journal, here and at other tills; without one, within the last
    /// quarter of an hour. Where one till has the ledger, nobody asks.
    async fn written(&self, after: Option<i64>) -> Result<Written, LedgerError> {
        Ok(Written {
            until: after.unwrap_or_default(),
            deeds: Vec::new(),
        })
    }
}
