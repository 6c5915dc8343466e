//! The table of tabs.

use crate::error::StoreError;
use crate::store::{commit::commit, guests::Keys, holds, operations, rows};
use chrono::{DateTime, Utc};
use holdfast_domain::{Hold, Operation, Tab, TabId};
use holdfast_ledger::stored::{GuestKey, StoredKey};
use holdfast_ledger::{LedgerError, Note, TabSeen};
use rusqlite::{Connection, Transaction};

pub(crate) fn tab(c: &Connection, id: TabId) -> Result<Tab, StoreError> {
    rows::one(c, "tab r WHERE r.id = ?1", [rows::key(&id.0)])
}

/// Where it stands in the order of writing. [`LedgerError::NotFound`].
pub(crate) fn place(c: &Connection, id: TabId) -> Result<i64, StoreError> {
    let mut query = c.prepare_cached("SELECT place FROM tab WHERE id = ?1")?;
    Ok(query.query_row([rows::key(&id.0)], |r| r.get(0))?)
}

pub(crate) fn tabs(c: &Connection, open: bool, limit: i64) -> Result<Vec<Tab>, StoreError> {
    let from = if open {
        "tab r WHERE r.closed_at IS NULL ORDER BY r.opened_at DESC LIMIT ?1"
    } else {
        "tab r WHERE r.closed_at IS NOT NULL ORDER BY r.closed_at DESC LIMIT ?1"
    };
    rows::all(c, from, [limit])
}

pub(crate) const OPEN_IDS: &str =
    "SELECT id FROM tab WHERE closed_at IS NULL ORDER BY opened_at DESC, id DESC LIMIT ?1";

pub(crate) fn open_ids(c: &Connection, limit: i64) -> Result<Vec<TabId>, StoreError> {
    let ids = rows::ids(c, OPEN_IDS, [limit])?;
    Ok(ids.into_iter().map(TabId).collect())
}

pub(crate) fn has_tabs(c: &Connection) -> Result<bool, StoreError> {
    Ok(c.query_row("SELECT EXISTS (SELECT 1 FROM tab)", [], |r| r.get(0))?)
}

/// From the few that may be meant to their tabs: the other way round is every tab that was ever closed. The states are
/// those that are open.
pub(crate) const UNSETTLED: &str = "SELECT tab.id FROM (
    SELECT tab FROM hold WHERE over = 0
     UNION SELECT h.tab FROM operation o CROSS JOIN hold h ON h.id = o.hold WHERE o.state IN (0, 1, 2)
     UNION SELECT h.tab FROM operation o CROSS JOIN hold h ON h.id = o.hold WHERE o.odd IS NOT NULL) AS some
   CROSS JOIN tab ON tab.id = some.tab WHERE tab.closed_at IS NOT NULL ORDER BY tab.closed_at DESC";

pub(crate) fn unsettled_ids(c: &Connection) -> Result<Vec<TabId>, StoreError> {
    let ids = rows::ids(c, UNSETTLED, [])?;
    Ok(ids.into_iter().map(TabId).collect())
}

/// `is_forgotten`: its guest was forgotten before the ledger knew the tab, so nothing about them is kept.
pub(crate) fn add_tab(c: &Connection, tab: &Tab, note: &Note, is_forgotten: bool) -> Result<(), StoreError> {
    commit(c, std::slice::from_ref(note), |t| {
        if is_forgotten {
            insert_with_key(t, tab, None)
        } else {
            insert_tab(t, tab)
        }
    })
}

/// A tab with a key for its guest.
pub(crate) fn insert_tab(t: &Transaction<'_>, tab: &Tab) -> Result<(), StoreError> {
    insert_with_key(t, tab, Some(GuestKey::new()?))
}

fn insert_with_key(t: &Transaction<'_>, tab: &Tab, key: Option<GuestKey>) -> Result<(), StoreError> {
    let mut key = StoredKey { tab: 0, key };
    rows::insert_by(t, tab, &Keys::with(t, tab.id, key.clone().secrecy()))?;
    key.tab = t.last_insert_rowid();
    rows::insert(t, &key).map(drop)
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
        operations::refuse_if_known(t, create.id)?;
        insert_tab(t, tab)?;
        holds::insert_hold(t, hold, create)
    })
}

pub(crate) fn set_closed(
    c: &Connection,
    id: TabId,
    version: i64,
    seen: Option<TabSeen>,
    at: Option<DateTime<Utc>>,
    note: &Note,
) -> Result<(), StoreError> {
    commit(c, std::slice::from_ref(note), |t| {
        refuse_unless_at(version, tab(t, id)?.version)?;
        refuse_unless_as_seen(t, id, seen)?;
        close(t, id, at)
    })
}

/// Nothing is added to a tab that nobody looks at. [`LedgerError::NotFound`].
pub(crate) fn refuse_if_closed(t: &Transaction<'_>, id: TabId) -> Result<(), StoreError> {
    let mut query = t.prepare_cached("SELECT closed_at IS NOT NULL FROM tab WHERE id = ?1")?;
    if query.query_row([rows::key(&id.0)], |r| r.get(0))? {
        return Err(LedgerError::Closed.into());
    }
    Ok(())
}

/// How many operations and lines a tab has: from the tab to its holds, and from each to its operations.
pub(crate) const SEEN: &str = "SELECT
    (SELECT count(*) FROM hold h CROSS JOIN operation o ON o.hold = h.id WHERE h.tab = t.id),
    (SELECT count(*) FROM line l WHERE l.tab = t.id)
   FROM tab t WHERE t.id = ?1";

/// Refuses what rests on a tab to which something was added since.
pub(crate) fn refuse_unless_as_seen(
    t: &Transaction<'_>,
    id: TabId,
    seen: Option<TabSeen>,
) -> Result<(), StoreError> {
    let Some(seen) = seen else {
        return Ok(());
    };
    let mut query = t.prepare_cached(SEEN)?;
    let kept = query.query_row([rows::key(&id.0)], |r| {
        Ok(TabSeen {
            operations: r.get(0)?,
            lines: r.get(1)?,
        })
    })?;
    if kept == seen {
        Ok(())
    } else {
        Err(LedgerError::Changed.into())
    }
}

/// Refuses what was made from another version than the one that is kept.
pub(crate) fn refuse_unless_at(version: i64, kept: i64) -> Result<(), StoreError> {
    if version == kept {
        Ok(())
    } else {
        Err(LedgerError::Changed.into())
    }
}

/// Closes it, or reopens it where no time is given.
pub(crate) fn close(t: &Transaction<'_>, id: TabId, at: Option<DateTime<Utc>>) -> Result<(), StoreError> {
    let known = tab(t, id)?;
    let version = known.version.saturating_add(1);
    rows::update(
        t,
        &Tab {
            closed_at: at,
            version,
            ..known
        },
    )
}

/// Whether it is closed is another matter: [`set_closed`].
pub(crate) fn set_tab(c: &Connection, details: &Tab, note: &Note) -> Result<(), StoreError> {
    commit(c, std::slice::from_ref(note), |t| {
        let known = tab(t, details.id)?;
        refuse_unless_at(details.version, known.version)?;
        rows::update(
            t,
            &Tab {
                closed_at: known.closed_at,
                version: known.version.saturating_add(1),
                ..details.clone()
            },
        )
    })
}
