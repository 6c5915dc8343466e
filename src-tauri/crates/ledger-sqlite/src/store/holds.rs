//! The table of holds.

use crate::error::StoreError;
use crate::store::{commit::commit, movements, operations, rows, tabs};
use chrono::{DateTime, Utc};
use holdfast_domain::{Hold, HoldId, Operation, TabId};
use holdfast_ledger::{Learnt, Note, Progress, TabSeen};
use rusqlite::{Connection, Transaction};

pub(crate) fn hold(c: &Connection, id: HoldId) -> Result<Hold, StoreError> {
    rows::one(c, "hold r WHERE r.id = ?1", [rows::key(&id.0)])
}

pub(crate) fn holds(c: &Connection, tab: TabId) -> Result<Vec<Hold>, StoreError> {
    rows::all(c, "hold r WHERE r.tab = ?1 ORDER BY r.place", [rows::key(&tab.0)])
}

/// Each part by an index of its own: together they would be every operation that there ever was. The states are those
/// that are open, and absent, rejected and conflict.
pub(crate) const LIVE_HOLDS: &str = "(
    SELECT id FROM hold WHERE over = 0
     UNION SELECT hold FROM operation INDEXED BY operation_one_open WHERE state IN (0, 1, 2)
     UNION SELECT hold FROM operation INDEXED BY operation_failed
            WHERE state IN (5, 7, 8) AND settled_at > ?1) AS some
   CROSS JOIN hold r ON r.id = some.id ORDER BY r.id";

pub(crate) fn live_holds(c: &Connection, since: DateTime<Utc>) -> Result<Vec<Hold>, StoreError> {
    rows::all(c, LIVE_HOLDS, [since.timestamp_micros()])
}

/// The tabs of these holds.
pub(crate) fn tabs_of(
    c: &Connection,
    holds: impl IntoIterator<Item = HoldId>,
) -> Result<Vec<TabId>, StoreError> {
    let sql = format!("SELECT DISTINCT tab FROM hold WHERE id IN {}", rows::LISTED);
    let tabs = rows::ids(c, &sql, [rows::listed(holds.into_iter().map(|hold| hold.0))?])?;
    Ok(tabs.into_iter().map(TabId).collect())
}

pub(crate) fn every_hold(c: &Connection) -> Result<Vec<HoldId>, StoreError> {
    let ids = rows::ids(c, "SELECT id FROM hold ORDER BY over, place DESC", [])?;
    Ok(ids.into_iter().map(HoldId).collect())
}

pub(crate) fn add_hold(
    c: &Connection,
    hold: &Hold,
    create: &Operation,
    seen: Option<TabSeen>,
    note: &Note,
) -> Result<(), StoreError> {
    commit(c, std::slice::from_ref(note), |t| {
        insert_hold_on(t, hold, create, seen)
    })
}

/// The same as [`insert_hold`], on a tab that is as somebody saw it. What was found at Dojo rests on nothing that was
/// seen.
pub(crate) fn insert_hold_on(
    t: &Transaction<'_>,
    hold: &Hold,
    create: &Operation,
    seen: Option<TabSeen>,
) -> Result<(), StoreError> {
    operations::refuse_if_known(t, create.id)?;
    if seen.is_some() {
        tabs::refuse_if_closed(t, hold.tab)?;
        tabs::refuse_unless_as_seen(t, hold.tab, seen)?;
    }
    insert_hold(t, hold, create)
}

/// A hold with the operation that is to create it.
pub(crate) fn insert_hold(t: &Transaction<'_>, hold: &Hold, create: &Operation) -> Result<(), StoreError> {
    rows::insert(t, hold)?;
    operations::insert_operation(t, create)?;
    movements::note(t, hold.id)
}

pub(crate) fn record(
    c: &Connection,
    id: HoldId,
    learnt: Learnt,
    progress: Option<Progress>,
    notes: &[Note],
) -> Result<i64, StoreError> {
    commit(c, notes, |t| {
        let mut hold = hold(t, id)?;
        if let Some(version) = learnt.read_from {
            tabs::refuse_unless_at(version, hold.version)?;
        }
        learnt.put_into(&mut hold);
        let version = update_hold(t, hold)?;
        progress.map_or(Ok(()), |progress| operations::move_on(t, progress))?;
        movements::note(t, id)?;
        Ok(version)
    })
}

/// Writes the next version of a hold; which that is.
pub(crate) fn update_hold(t: &Transaction<'_>, hold: Hold) -> Result<i64, StoreError> {
    let version = hold.version.saturating_add(1);
    rows::update(t, &Hold { version, ..hold })?;
    Ok(version)
}
