//! Closing the night, row by row: durable before its first request, so that nothing is lost or repeated.

use crate::{LedgerError, Note};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use holdfast_domain::{Actor, RowTrouble, RunId, TabId};

/// One closing of the night.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// Who began it.
    pub by: Actor,
    /// When it was stopped; none while it may go on by itself.
    pub stopped_at: Option<DateTime<Utc>>,
    /// When nothing was left of it to do.
    pub ended_at: Option<DateTime<Utc>>,
    /// Its tabs, in the order in which they are closed.
    pub rows: Vec<RunRow>,
}

/// One tab of a closing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRow {
    /// Which. A run has each tab once.
    pub tab: TabId,
    /// Its title when that was confirmed.
    pub name: String,
    /// What was confirmed, as the desk wrote it: its decisions with their ids, and what the person saw.
    pub plan: String,
    /// How it ended.
    pub ended: Option<RowEnded>,
}

/// How a row of a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowEnded {
    /// When the row was carried out, by the clock that deadlines are counted by.
    pub at: DateTime<Utc>,
    /// Why it couldn't be carried out; none when it was.
    pub trouble: Option<RowTrouble>,
}

/// Whether a run goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunState {
    /// It goes on.
    GoesOn,
    /// It was stopped.
    Stopped(DateTime<Utc>),
    /// Nothing is left to do, or the rest was given up.
    Ended(DateTime<Utc>),
}

/// Closing the night, row by row.
///
/// # Errors
/// Every call may answer [`LedgerError::Storage`]; the others as said.
#[async_trait]
pub trait Runs: Send + Sync {
    /// Makes a run durable with all its rows. [`LedgerError::Busy`] while another hasn't ended.
    async fn begin_run(&self, run: &Run, note: Note) -> Result<(), LedgerError>;
    /// The run that was begun last, if there is one.
    async fn newest_run(&self) -> Result<Option<Run>, LedgerError>;
    /// Notes how a row ended. [`LedgerError::NotFound`] unless the run has that tab, hasn't ended, and the row hasn't
    /// either.
    async fn end_run_row(
        &self,
        run: RunId,
        tab: TabId,
        ended: RowEnded,
        note: Note,
    ) -> Result<(), LedgerError>;
    /// Notes whether it goes on. [`LedgerError::NotFound`] unless there is such a run that hasn't ended.
    async fn set_run_state(&self, run: RunId, state: RunState, note: Note) -> Result<(), LedgerError>;
}
