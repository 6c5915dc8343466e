//! The table of bill lines.

use crate::error::StoreError;
use crate::store::{commit::commit, rows, tabs};
use holdfast_domain::{Line, LineId, TabId, balances, bill};
use holdfast_ledger::{BillMove, LedgerError, Note, TabSeen};
use rusqlite::{Connection, Transaction};

pub(crate) fn lines(c: &Connection, tab: TabId) -> Result<Vec<Line>, StoreError> {
    rows::all(c, "line r WHERE r.tab = ?1 ORDER BY r.place", [rows::key(&tab.0)])
}

pub(crate) fn add_line(
    c: &Connection,
    line: &Line,
    seen: Option<TabSeen>,
    note: &Note,
) -> Result<(), StoreError> {
    commit(c, std::slice::from_ref(note), |t| {
        let mut all = lines(t, line.tab)?;
        refuse_if_off(&all, line.takes_off)?;
        tabs::refuse_if_closed(t, line.tab)?;
        tabs::refuse_unless_as_seen(t, line.tab, seen)?;
        rows::insert(t, line)?;
        all.push(line.clone());
        refuse_beyond_bounds(t, line.tab, &all)
    })
}

/// A line is taken off once, by whichever press or till.
fn refuse_if_off(known: &[Line], takes_off: Option<LineId>) -> Result<(), StoreError> {
    let is_off = takes_off.is_some() && known.iter().any(|other| other.takes_off == takes_off);
    if is_off {
        return Err(LedgerError::Known.into());
    }
    Ok(())
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
            tabs::refuse_if_closed(t, line.tab)?;
        }
        for (tab, seen) in &moving.seen {
            tabs::refuse_unless_as_seen(t, *tab, Some(*seen))?;
        }
        for line in &moving.lines {
            rows::insert(t, line)?;
        }
        for line in &moving.lines {
            refuse_beyond_bounds(t, line.tab, &lines(t, line.tab)?)?;
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
    if is_new(line.tab) {
        return Ok(());
    }
    let known = lines(t, line.tab)?;
    refuse_if_off(&known, line.takes_off)?;
    if decision(line).is_some() && known.iter().any(|other| decision(other) == decision(line)) {
        return Err(LedgerError::Known.into());
    }
    Ok(())
}

fn refuse_beyond_bounds(t: &Transaction<'_>, id: TabId, lines: &[Line]) -> Result<(), StoreError> {
    let tab = tabs::tab(t, id)?;
    match bill(lines, tab.currency) {
        Some(_) => Ok(()),
        None => Err(LedgerError::TooMuch.into()),
    }
}
