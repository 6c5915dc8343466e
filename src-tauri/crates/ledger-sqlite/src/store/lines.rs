//! The table of bill lines.

use crate::error::StoreError;
use crate::store::{commit::commit, rows, tabs};
use holdfast_domain::{Line, TabId, balances, bill};
use holdfast_ledger::{BillMove, LedgerError, Note};
use rusqlite::{Connection, Transaction};

pub(crate) fn lines(c: &Connection, tab: TabId) -> Result<Vec<Line>, StoreError> {
    rows::all(c, "line r WHERE r.tab = ?1 ORDER BY r.place", [rows::key(&tab.0)])
}

pub(crate) fn add_line(c: &Connection, line: &Line, note: &Note) -> Result<(), StoreError> {
    commit(c, std::slice::from_ref(note), |t| rows::insert(t, line).map(drop))
}

pub(crate) fn move_bill(c: &Connection, moving: &BillMove, notes: &[Note]) -> Result<(), StoreError> {
    if !balances(&moving.lines) {
        return Err(LedgerError::TooMuch.into());
    }
    commit(c, notes, |t| {
        if let Some(tab) = &moving.opened {
            tabs::insert_tab(t, tab)?;
        }
        for line in &moving.lines {
            refuse_if_moved(t, line, moving)?;
        }
        for line in &moving.lines {
            rows::insert(t, line)?;
        }
        for line in &moving.lines {
            refuse_beyond_bounds(t, line.tab)?;
        }
        moving
            .closed
            .map_or(Ok(()), |(tab, at)| tabs::close(t, tab, Some(at)))
    })
}

/// A decision moves once, however often it comes.
fn refuse_if_moved(t: &Transaction<'_>, line: &Line, moving: &BillMove) -> Result<(), StoreError> {
    let is_new = |tab: TabId| moving.opened.as_ref().is_some_and(|opened| opened.id == tab);
    let decision = |line: &Line| line.moved.as_ref().map(|moved| moved.decision);
    if is_new(line.tab) || decision(line).is_none() {
        return Ok(());
    }
    let known = lines(t, line.tab)?;
    if known.iter().any(|other| decision(other) == decision(line)) {
        return Err(LedgerError::Busy.into());
    }
    Ok(())
}

fn refuse_beyond_bounds(t: &Transaction<'_>, id: TabId) -> Result<(), StoreError> {
    let tab = tabs::tab(t, id)?;
    match bill(&lines(t, id)?, tab.currency) {
        Some(_) => Ok(()),
        None => Err(LedgerError::TooMuch.into()),
    }
}
