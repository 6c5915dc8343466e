//! Closings of the night, and their rows.

use crate::error::StoreError;
use crate::store::{commit::commit, rows};
use holdfast_domain::{RunId, TabId};
use holdfast_ledger::stored::StoredRunRow;
use holdfast_ledger::{LedgerError, Note, RowEnded, Run, RunState};
use rusqlite::{Connection, Transaction};
use uuid::Uuid;

pub(crate) fn begin(c: &Connection, run: &Run, note: &Note) -> Result<(), StoreError> {
    commit(c, std::slice::from_ref(note), |t| insert(t, run))
}

/// A run with its rows, in one commit: what was confirmed is there whole or not at all.
pub(crate) fn insert(t: &Transaction<'_>, run: &Run) -> Result<(), StoreError> {
    rows::insert(t, run)?;
    for (row, number) in run.rows.iter().zip(1..) {
        let row = StoredRunRow {
            run: run.id,
            number,
            row: row.clone(),
        };
        rows::insert(t, &row)?;
    }
    Ok(())
}

pub(crate) const NEWEST: &str = "run r ORDER BY r.place DESC LIMIT 1";

/// Ids of a run's rows begin with its own, so they lie side by side.
pub(crate) const ROWS: &str = "run_row r WHERE r.id BETWEEN ?1 AND ?2 ORDER BY r.number";

pub(crate) fn newest(c: &Connection) -> Result<Option<Run>, StoreError> {
    let Some(mut run) = rows::first::<Run>(c, NEWEST, [])? else {
        return Ok(None);
    };
    let of_it = rows::all::<StoredRunRow>(c, ROWS, row_ids(run.id))?;
    run.rows = of_it.into_iter().map(|row| row.row).collect();
    Ok(Some(run))
}

/// Which is the newest.
pub(crate) fn newest_id(c: &Connection) -> Result<Option<RunId>, StoreError> {
    let found = rows::ids(c, "SELECT id FROM run ORDER BY place DESC LIMIT 1", [])?;
    Ok(found.into_iter().next().map(RunId))
}

/// The first and the last id that a row of `run` may have.
pub(crate) fn row_ids(run: RunId) -> [Vec<u8>; 2] {
    [Uuid::nil(), Uuid::max()].map(|tab| row_id(run, TabId(tab)))
}

fn row_id(run: RunId, tab: TabId) -> Vec<u8> {
    [run.0.into_bytes(), tab.0.into_bytes()].concat()
}

/// One that hasn't ended.
fn open(t: &Transaction<'_>, id: RunId) -> Result<Run, StoreError> {
    let found = rows::first::<Run>(
        t,
        "run r WHERE r.id = ?1 AND r.ended_at IS NULL",
        [rows::key(&id.0)],
    )?;
    Ok(found.ok_or(LedgerError::NotFound)?)
}

pub(crate) fn end_row(
    c: &Connection,
    run: RunId,
    tab: TabId,
    ended: RowEnded,
    note: &Note,
) -> Result<(), StoreError> {
    commit(c, std::slice::from_ref(note), |t| {
        open(t, run)?;
        let of_it = "run_row r WHERE r.id = ?1 AND r.ended_at IS NULL";
        let found = rows::first::<StoredRunRow>(t, of_it, [row_id(run, tab)])?;
        let mut row = found.ok_or(LedgerError::NotFound)?;
        row.row.ended = Some(ended);
        rows::update(t, &row)
    })
}

pub(crate) fn set_state(c: &Connection, id: RunId, state: RunState, note: &Note) -> Result<(), StoreError> {
    commit(c, std::slice::from_ref(note), |t| {
        let mut run = open(t, id)?;
        match state {
            RunState::GoesOn => run.stopped_at = None,
            RunState::Stopped(at) => run.stopped_at = Some(at),
            RunState::Ended(at) => run.ended_at = Some(at),
        }
        rows::update(t, &run)
    })
}
