//! The index of open tabs that a till keeps in memory.

use holdfast_domain::TabId;
use holdfast_ledger::Cursor;
use holdfast_search::{Document, Index, Word};
use std::collections::HashMap;

/// The words of tabs that are closed stay in the index's dictionary; after that number it's made again.
const MOST_CLOSED: usize = 20_000;

/// A tab that a search found. The order is that of hits: the last is the best and, among equals, the newest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    /// How well it fits.
    pub(crate) rank: u32,
    /// When it was closed; while it is open, when it was opened. Milliseconds since 1970.
    pub(crate) at: i64,
    /// Its place in the order of writing.
    pub(crate) place: i64,
    pub(crate) tab: TabId,
}

/// The best of these.
pub(crate) fn best(mut hits: Vec<Hit>, limit: usize) -> Vec<TabId> {
    hits.sort_unstable_by(|one, other| other.cmp(one));
    hits.into_iter().take(limit).map(|hit| hit.tab).collect()
}

/// The index, and up to which change it's been read.
#[derive(Debug, Default)]
pub(crate) struct TabIndex {
    index: Index,
    /// By the index's places, which are given again: what a hit on each of them is, but for its rank.
    tabs: Vec<Hit>,
    free: Vec<u32>,
    places: HashMap<TabId, u32>,
    closed: usize,
    /// None before it's been read at all.
    change: Option<Cursor>,
}

impl TabIndex {
    /// Up to which change it's been read, if it was.
    pub(crate) fn change(&self) -> Option<Cursor> {
        self.change.filter(|_| self.closed < MOST_CLOSED)
    }

    /// Notes that all changes up to this one are in it.
    pub(crate) const fn read_up_to(&mut self, change: Cursor) {
        self.change = Some(change);
    }

    /// Adds an open tab, or replaces what it had of it.
    pub(crate) fn put(&mut self, tab: TabId, place: i64, document: &Document) {
        let hit = Hit {
            rank: 0,
            at: document.at,
            place,
            tab,
        };
        let known = self.places.get(&tab).copied().or_else(|| self.free.pop());
        let at = known.unwrap_or_else(|| u32::try_from(self.tabs.len()).unwrap_or(u32::MAX));
        match self.tabs.get_mut(at as usize) {
            Some(known) => *known = hit,
            None => self.tabs.push(hit),
        }
        self.places.insert(tab, at);
        self.index.put(at, document);
    }

    /// Takes one out that was closed.
    pub(crate) fn remove(&mut self, tab: TabId) {
        if let Some(at) = self.places.remove(&tab) {
            self.index.remove_open(at);
            self.free.push(at);
            self.closed += 1;
        }
    }

    /// Whether it has a tab.
    pub(crate) fn has(&self, tab: TabId) -> bool {
        self.places.contains_key(&tab)
    }

    /// The tabs with these words; `by_number` has the tabs that each word finds among Dojo's numbers.
    pub(crate) fn find(&self, words: &[Word], by_number: &[Vec<TabId>], forgives: bool) -> Vec<Hit> {
        let here = |tabs: &Vec<TabId>| {
            tabs.iter()
                .filter_map(|tab| self.places.get(tab).copied())
                .collect()
        };
        let by_number: Vec<Vec<u32>> = by_number.iter().map(here).collect();
        let found = self.index.ranked(words, &by_number, forgives).into_iter();
        let hits = found.filter_map(|(rank, at)| {
            let hit = *self.tabs.get(at as usize)?;
            Some(Hit { rank, ..hit })
        });
        hits.collect()
    }
}
