//! Keeps the index of tabs up with the ledger. It reads; it never writes. Nothing is read before
//! somebody searches, and then between other work, a little at a time.

use crate::error::StoreError;
use crate::store::holds;
use crate::store::rows::{self, LISTED};
use holdfast_domain::{Hold, HoldId, Line, Tab, TabId};
use holdfast_ledger::Found;
use holdfast_search::{Document, Index, Word, of_query};
use rusqlite::Connection;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Tabs read at a time: a commit that comes meanwhile waits some milliseconds.
const TABS_PER_READ: usize = 100;

/// How far the tabs that were there at the start have been read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Reading {
    /// Nobody has searched.
    #[default]
    NotBegun,
    /// Down to this row, the newest first.
    DownTo(i64),
    /// All of them.
    Done,
    /// A row could not be read; the next search tries again and says why.
    Stuck(i64),
}

/// The index, and what has yet to be read into it.
#[derive(Debug, Default)]
pub(crate) struct TabIndex {
    index: Index,
    reading: Reading,
    changed: HashSet<TabId>,
    changed_holds: HashSet<HoldId>,
}

impl TabIndex {
    /// Takes note that a tab was written.
    pub(crate) fn tab_changed(&mut self, tab: TabId) {
        if self.reading != Reading::NotBegun {
            self.changed.insert(tab);
        }
    }

    /// Takes note that a hold was written.
    pub(crate) fn hold_changed(&mut self, hold: HoldId) {
        if self.reading != Reading::NotBegun {
            self.changed_holds.insert(hold);
        }
    }

    /// Is there something to read while nothing else is to be done?
    pub(crate) fn is_behind(&self) -> bool {
        match self.reading {
            Reading::NotBegun | Reading::Stuck(_) => false,
            Reading::DownTo(_) => true,
            Reading::Done => !self.changed.is_empty() || !self.changed_holds.is_empty(),
        }
    }

    /// Reads a little.
    pub(crate) fn read_on(&mut self, c: &Connection) {
        if let Err(error) = self.read_some(c) {
            tracing::warn!(%error, "the index for searching could not be read");
            self.reading = Reading::Stuck(match self.reading {
                Reading::DownTo(row) | Reading::Stuck(row) => row,
                Reading::NotBegun | Reading::Done => i64::MAX,
            });
        }
    }

    /// Finds, once all is read.
    pub(crate) fn search(&mut self, c: &Connection, query: &str, limit: usize) -> Result<Found, StoreError> {
        self.reading = match self.reading {
            Reading::NotBegun => Reading::DownTo(i64::MAX),
            Reading::Stuck(row) => Reading::DownTo(row),
            reading @ (Reading::DownTo(_) | Reading::Done) => reading,
        };
        if query.trim().is_empty() {
            return Ok(Found::default());
        }
        while self.is_behind() {
            self.read_some(c)?;
        }
        let words = of_query(query);
        let by_number: Result<Vec<_>, _> = words.iter().map(|word| with_number(c, word)).collect();
        let hits = self.index.find(&words, &by_number?, limit);
        Ok(Found {
            open: tabs_at(c, &hits.open)?,
            closed: tabs_at(c, &hits.closed)?,
            closed_count: hits.closed_count,
        })
    }

    fn read_some(&mut self, c: &Connection) -> Result<(), StoreError> {
        if !self.changed.is_empty() || !self.changed_holds.is_empty() {
            return self.read_changed(c);
        }
        let Reading::DownTo(row) = self.reading else {
            return Ok(());
        };
        let sql = "SELECT id, place FROM tab WHERE place < ?1 ORDER BY place DESC LIMIT ?2";
        let mut query = c.prepare_cached(sql)?;
        let most = i64::try_from(TABS_PER_READ).unwrap_or(i64::MAX);
        let found = query.query_map([row, most], |r| Ok((r.get(0)?, r.get(1)?)))?;
        let (mut ids, mut last) = (Vec::new(), row);
        for pair in found {
            let (id, row): ([u8; 16], i64) = pair?;
            ids.push(Uuid::from_bytes(id));
            last = row;
        }
        let count = ids.len();
        self.read(c, &rows::listed(ids)?)?;
        self.reading = if count < TABS_PER_READ {
            self.index.shrink();
            Reading::Done
        } else {
            Reading::DownTo(last)
        };
        Ok(())
    }

    fn read_changed(&mut self, c: &Connection) -> Result<(), StoreError> {
        self.changed
            .extend(holds::tabs_of(c, self.changed_holds.iter().copied())?);
        self.changed_holds.clear();
        let some: Vec<TabId> = self.changed.iter().take(TABS_PER_READ).copied().collect();
        self.read(c, &rows::listed(some.iter().map(|tab| tab.0))?)?;
        self.changed.retain(|tab| !some.contains(tab));
        Ok(())
    }

    fn read(&mut self, c: &Connection, ids: &str) -> Result<(), StoreError> {
        let of_these = |table: &str, key: &str| format!("{table} r WHERE r.{key} IN {LISTED}");
        let mut holds: HashMap<TabId, Vec<Hold>> = HashMap::new();
        for hold in rows::all::<Hold>(c, &of_these("hold", "tab"), [ids])? {
            holds.entry(hold.tab).or_default().push(hold);
        }
        let mut lines: HashMap<TabId, Vec<Line>> = HashMap::new();
        for line in rows::all::<Line>(c, &of_these("line", "tab"), [ids])? {
            lines.entry(line.tab).or_default().push(line);
        }
        let mut places = places(c, ids)?;
        for tab in rows::all::<Tab>(c, &of_these("tab", "id"), [ids])? {
            let holds = holds.remove(&tab.id).unwrap_or_default();
            let lines = lines.remove(&tab.id).unwrap_or_default();
            if let Some(place) = places.remove(&tab.id) {
                self.index.put(place, &Document::of(&tab, &holds, &lines));
            }
        }
        Ok(())
    }
}

/// The places in the index of the tabs `listed`, as [`rows::listed`] has them: the order of their writing, which stays.
fn places(c: &Connection, listed: &str) -> Result<HashMap<TabId, u32>, StoreError> {
    let sql = format!("SELECT place, id FROM tab WHERE id IN {LISTED}");
    let mut query = c.prepare_cached(&sql)?;
    let found = query.query_map([listed], |r| Ok((r.get(0)?, r.get(1)?)))?;
    let mut places = HashMap::new();
    for row in found {
        let (place, id) = row?;
        places.insert(TabId(Uuid::from_bytes(id)), place);
    }
    Ok(places)
}

/// The tabs at these places, in this order.
fn tabs_at(c: &Connection, places: &[u32]) -> Result<Vec<TabId>, StoreError> {
    let sql =
        "SELECT tab.id FROM tab JOIN json_each(?1) AS asked ON tab.place = asked.value ORDER BY asked.key";
    let ids = rows::ids(c, sql, [serde_json::to_string(places)?])?;
    Ok(ids.into_iter().map(TabId).collect())
}

/// The places of tabs with one of Dojo's numbers that has this in it. The numbers all begin alike, so only a good part
/// of one finds anything; they are looked through in their own index.
fn with_number(c: &Connection, word: &Word) -> Result<Vec<u32>, StoreError> {
    if word.rank_as_number().is_none() {
        return Ok(Vec::new());
    }
    let sql = "SELECT DISTINCT tab.place FROM hold JOIN tab ON tab.id = hold.tab
                WHERE hold.place IN (SELECT place FROM hold WHERE instr(lower(intent_id), ?1) > 0)";
    let mut query = c.prepare_cached(sql)?;
    let places = query.query_map([word.text()], |r| r.get(0))?;
    Ok(places.collect::<Result<_, _>>()?)
}
