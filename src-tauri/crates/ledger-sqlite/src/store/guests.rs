//! The keys of what is about guests, and forgetting them.

use crate::error::StoreError;
use crate::store::findings;
use crate::store::rows::{self, LISTED};
use chrono::{DateTime, Utc};
use holdfast_domain::{Hold, HoldId, TabId};
use holdfast_ledger::LedgerError;
use holdfast_ledger::stored::{GuestKeys, NoKeys, Secrecy, StoredKey};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

/// The keys of a ledger, looked up as they are needed.
pub(crate) struct Keys<'c> {
    c: &'c Connection,
    /// Those that were looked up: rows of a tab, and of a few tabs in turn, ask for the same.
    known: RefCell<HashMap<TabId, Secrecy>>,
    /// Which tabs these holds are on.
    holds: HashMap<HoldId, TabId>,
}

/// More than a list on the screen needs; a check of all rows needs none for long.
const MOST_KNOWN_KEYS: usize = 512;

impl<'c> Keys<'c> {
    pub(crate) fn of(c: &'c Connection) -> Self {
        Self {
            c,
            known: RefCell::default(),
            holds: HashMap::new(),
        }
    }

    /// With those of these tabs, looked up in one go.
    pub(crate) fn of_listed(c: &'c Connection, listed: &str) -> Result<Self, StoreError> {
        let sql = format!(
            "SELECT k.tab, k.key, t.id FROM tab t JOIN guest_key k ON k.tab = t.place WHERE t.id IN {LISTED}"
        );
        let mut query = c.prepare_cached(&sql)?;
        let mut rows = query.query([listed])?;
        let mut known = HashMap::new();
        while let Some(row) = rows.next()? {
            let secrecy = rows::read::<StoredKey>(row, &NoKeys)?.secrecy();
            known.insert(TabId(uuid::Uuid::from_bytes(row.get(2)?)), secrecy);
        }
        Ok(Self {
            c,
            known: RefCell::new(known),
            holds: HashMap::new(),
        })
    }

    /// With that of a tab which isn't written yet.
    pub(crate) fn with(c: &'c Connection, tab: TabId, secrecy: Secrecy) -> Self {
        Self {
            c,
            known: RefCell::new(HashMap::from([(tab, secrecy)])),
            holds: HashMap::new(),
        }
    }

    /// Whose operations are read next: each would look its hold up otherwise.
    pub(crate) fn with_holds(self, holds: &[Hold]) -> Self {
        let holds = holds.iter().map(|hold| (hold.id, hold.tab)).collect();
        Self { holds, ..self }
    }

    /// What is about a tab that the ledger hasn't got isn't kept.
    fn look_up(&self, tab: TabId) -> Result<Secrecy, StoreError> {
        let sql = "SELECT k.tab, k.key FROM tab t LEFT JOIN guest_key k ON k.tab = t.place WHERE t.id = ?1";
        let mut query = self.c.prepare_cached(sql)?;
        let mut rows = query.query([rows::key(&tab.0)])?;
        match rows.next()? {
            Some(row) => Ok(rows::read::<StoredKey>(row, &NoKeys)?.secrecy()),
            None => Ok(Secrecy::Forgotten),
        }
    }

    fn tab_of(&self, hold: HoldId) -> Result<Option<TabId>, StoreError> {
        let mut query = self.c.prepare_cached("SELECT tab FROM hold WHERE id = ?1")?;
        let found = query.query_row([rows::key(&hold.0)], tab_in).optional()?;
        Ok(found)
    }
}

impl GuestKeys for Keys<'_> {
    fn of_tab(&self, tab: TabId) -> Result<Secrecy, LedgerError> {
        if let Some(secrecy) = self.known.borrow().get(&tab) {
            return Ok(secrecy.clone());
        }
        let secrecy = self.look_up(tab)?;
        let mut known = self.known.borrow_mut();
        if known.len() >= MOST_KNOWN_KEYS {
            known.clear();
        }
        known.insert(tab, secrecy.clone());
        Ok(secrecy)
    }

    fn of_hold(&self, hold: HoldId) -> Result<Secrecy, LedgerError> {
        let tab = match self.holds.get(&hold) {
            Some(tab) => Some(*tab),
            None => self.tab_of(hold)?,
        };
        tab.map_or(Ok(Secrecy::Forgotten), |tab| self.of_tab(tab))
    }
}

fn tab_in(row: &Row<'_>) -> rusqlite::Result<TabId> {
    Ok(TabId(uuid::Uuid::from_bytes(row.get(0)?)))
}

/// Tabs that are closed and whose guests are remembered.
const REMEMBERED: &str = "FROM tab t JOIN guest_key k ON k.tab = t.place
  WHERE t.closed_at IS NOT NULL AND k.key <> zeroblob(32)";

/// What keeps a guest from being forgotten, of a tab called `t`: a hold in force, a request that isn't settled, a rest
/// that has yet to be asked for, a renewal, something that a person should look at, or a row of a night that isn't
/// done. States 0, 1 and 2 are open.
const IS_OPEN: &str = "(EXISTS (SELECT 1 FROM hold h WHERE h.tab = t.id AND (h.over = 0
      OR EXISTS (SELECT 1 FROM operation o WHERE o.hold = h.id AND (o.state IN (0, 1, 2) OR o.asks IS NOT NULL))
      OR EXISTS (SELECT 1 FROM finding f WHERE f.hold = h.id AND f.ended_at IS NULL)))
    OR EXISTS (SELECT 1 FROM renewal n WHERE n.tab = t.id AND n.ended_at IS NULL)
    OR EXISTS (SELECT 1 FROM run JOIN run_row w ON w.id > run.id AND substr(w.id, 1, 16) = run.id
                WHERE run.ended_at IS NULL AND w.ended_at IS NULL AND substr(w.id, 17) = t.id))";

/// Which of these tabs' guests can't be forgotten yet: the tab is open, or something on it is.
pub(crate) fn open_among(c: &Connection, tabs: &[TabId]) -> Result<Vec<TabId>, StoreError> {
    let listed = rows::listed(tabs.iter().map(|tab| tab.0))?;
    let sql = format!("SELECT t.id FROM tab t WHERE t.id IN {LISTED} AND (t.closed_at IS NULL OR {IS_OPEN})");
    let mut open: Vec<TabId> = rows::ids(c, &sql, [listed])?.into_iter().map(TabId).collect();
    let waiting = waiting(c)?;
    let also: Vec<TabId> = tabs
        .iter()
        .filter(|tab| waiting.contains(tab) && !open.contains(tab))
        .copied()
        .collect();
    open.extend(also);
    Ok(open)
}

/// Tabs of which something waits for a person.
fn waiting(c: &Connection) -> Result<HashSet<TabId>, StoreError> {
    let open = findings::open(c)?;
    Ok(open.into_iter().filter_map(|finding| finding.tab).collect())
}

/// Tabs that were closed before a time, whose guests are remembered and could be forgotten; the oldest, `limit` at
/// most.
pub(crate) fn closed_before(
    c: &Connection,
    before: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<TabId>, StoreError> {
    let sql = format!(
        "SELECT t.id {REMEMBERED} AND t.closed_at < ?1 AND NOT {IS_OPEN} ORDER BY t.closed_at LIMIT ?2"
    );
    let ids = rows::ids(c, &sql, params![before.timestamp_micros(), limit])?;
    let waiting = waiting(c)?;
    let tabs = ids.into_iter().map(TabId);
    Ok(tabs.filter(|tab| !waiting.contains(tab)).collect())
}

/// Every tab whose guest was forgotten.
pub(crate) fn forgotten(c: &Connection) -> Result<Vec<TabId>, StoreError> {
    let sql = "SELECT t.id FROM guest_key k JOIN tab t ON t.place = k.tab WHERE k.key = zeroblob(32) ORDER BY k.tab";
    Ok(rows::ids(c, sql, [])?.into_iter().map(TabId).collect())
}

/// Overwrites the keys of these tabs' guests; how many of them were still there.
pub(crate) fn forget(t: &Transaction<'_>, tabs: &[TabId]) -> Result<u32, StoreError> {
    let remembered = "guest_key r JOIN tab t ON t.place = r.tab WHERE t.id = ?1 AND r.key <> zeroblob(32)";
    let mut count = 0;
    for tab in tabs {
        if let Some(known) = rows::first::<StoredKey>(t, remembered, [rows::key(&tab.0)])? {
            rows::update(t, &StoredKey { key: None, ..known })?;
            count += 1;
        }
    }
    Ok(count)
}
