//! The table of tabs.

use crate::error::StoreError;
use crate::integrity::row_hash::{self, HashedTable};
use crate::store::{
    commit::{commit, json},
    holds, rows,
};
use chrono::{DateTime, Utc};
use holdfast_domain::{Hold, Operation, Tab, TabId};
use holdfast_ledger::Note;
use rusqlite::{Connection, Transaction, params};

pub(crate) fn tab(c: &Connection, id: TabId) -> Result<Tab, StoreError> {
    rows::body(c, "SELECT body FROM tab WHERE id = ?1", &id.to_string())
}

pub(crate) fn tabs(c: &Connection, open: bool, limit: i64) -> Result<Vec<Tab>, StoreError> {
    let sql = if open {
        "SELECT body FROM tab WHERE closed_at IS NULL ORDER BY opened_at DESC LIMIT ?1"
    } else {
        "SELECT body FROM tab WHERE closed_at IS NOT NULL ORDER BY closed_at DESC LIMIT ?1"
    };
    rows::bodies(c, sql, [limit])
}

pub(crate) const OPEN_IDS: &str =
    "SELECT id FROM tab WHERE closed_at IS NULL ORDER BY opened_at DESC, id DESC LIMIT ?1";

pub(crate) fn open_ids(c: &Connection, limit: i64) -> Result<Vec<TabId>, StoreError> {
    rows::ids(c, OPEN_IDS, [limit])
}

pub(crate) fn has_tabs(c: &Connection) -> Result<bool, StoreError> {
    Ok(c.query_row("SELECT EXISTS (SELECT 1 FROM tab)", [], |r| r.get(0))?)
}

/// From the few that may be meant to their tabs: the other way round is every tab that was ever put away.
pub(crate) const UNSETTLED: &str = "SELECT tab.id FROM (
    SELECT tab FROM hold WHERE over = 0
     UNION SELECT h.tab FROM operation o CROSS JOIN hold h ON h.id = o.hold
            WHERE o.state IN ('intended', 'accepted', 'unknown')
     UNION SELECT h.tab FROM operation o CROSS JOIN hold h ON h.id = o.hold
            WHERE o.state IN ('absent', 'conflict') OR (o.state = 'succeeded' AND o.detail IS NOT NULL)) AS some
   CROSS JOIN tab ON tab.id = some.tab WHERE tab.closed_at IS NOT NULL ORDER BY tab.closed_at DESC";

pub(crate) fn unsettled_ids(c: &Connection) -> Result<Vec<TabId>, StoreError> {
    rows::ids(c, UNSETTLED, [])
}

pub(crate) fn add_tab(c: &Connection, tab: &Tab, note: &Note) -> Result<(), StoreError> {
    commit(c, std::slice::from_ref(note), |t| insert_tab(t, tab))
}

pub(crate) fn insert_tab(t: &Transaction<'_>, tab: &Tab) -> Result<(), StoreError> {
    t.prepare_cached("INSERT INTO tab (id, body, opened_at) VALUES (?1, ?2, ?3)")?
        .execute(params![
            tab.id.to_string(),
            json(tab)?,
            tab.opened_at.to_rfc3339()
        ])?;
    row_hash::set(t, HashedTable::Tab, &tab.id.to_string())
}

/// A tab with its first hold: neither is ever there alone.
pub(crate) fn open_tab(
    c: &Connection,
    tab: &Tab,
    hold: &Hold,
    create: &Operation,
    notes: &[Note],
) -> Result<(), StoreError> {
    commit(c, notes, |t| {
        insert_tab(t, tab)?;
        holds::insert_hold(t, hold, create)
    })
}

pub(crate) fn set_closed(
    c: &Connection,
    id: TabId,
    at: Option<DateTime<Utc>>,
    note: &Note,
) -> Result<(), StoreError> {
    commit(c, std::slice::from_ref(note), |t| {
        let mut tab = tab(t, id)?;
        tab.closed_at = at;
        t.prepare_cached("UPDATE tab SET body = ?2, closed_at = ?3 WHERE id = ?1")?
            .execute(params![id.to_string(), json(&tab)?, at.map(|at| at.to_rfc3339())])?;
        row_hash::set(t, HashedTable::Tab, &id.to_string())
    })
}

/// Whether it is put away is another matter: [`set_closed`].
pub(crate) fn set_tab(c: &Connection, details: &Tab, note: &Note) -> Result<(), StoreError> {
    commit(c, std::slice::from_ref(note), |t| {
        let tab = Tab {
            closed_at: tab(t, details.id)?.closed_at,
            ..details.clone()
        };
        t.execute(
            "UPDATE tab SET body = ?2 WHERE id = ?1",
            params![tab.id.to_string(), json(&tab)?],
        )?;
        row_hash::set(t, HashedTable::Tab, &tab.id.to_string())
    })
}
