//! The index of tabs that a till keeps in memory.

use holdfast_domain::TabId;
use holdfast_ledger::Found;
use holdfast_search::{Document, Index, Word};
use std::collections::HashMap;
use uuid::Uuid;

/// The index, and up to which change it's been read.
#[derive(Debug, Default)]
pub(crate) struct TabIndex {
    index: Index,
    /// The index knows tabs by the order in which it met them.
    tabs: Vec<TabId>,
    places: HashMap<TabId, u32>,
    /// Of which incarnation of the ledger, for numbers of changes that were lost are given again. None before it's been
    /// read at all.
    change: Option<(Uuid, i64)>,
}

impl TabIndex {
    /// Of which incarnation and up to which change it's been read, if it was.
    pub(crate) const fn change(&self) -> Option<(Uuid, i64)> {
        self.change
    }

    /// Notes that all changes up to this one are in it.
    pub(crate) const fn read_up_to(&mut self, incarnation: Uuid, change: i64) {
        self.change = Some((incarnation, change));
    }

    /// Adds a tab, or replaces what it had of it.
    pub(crate) fn put(&mut self, tab: TabId, document: &Document) {
        let next = u32::try_from(self.tabs.len()).unwrap_or(u32::MAX);
        let place = *self.places.entry(tab).or_insert(next);
        if place == next {
            self.tabs.push(tab);
        }
        self.index.put(place, document);
    }

    /// A tab's number in the index.
    pub(crate) fn place(&self, tab: TabId) -> Option<u32> {
        self.places.get(&tab).copied()
    }

    /// The tabs with these words; `by_number` has the places that each word finds among Dojo's numbers.
    pub(crate) fn find(&self, words: &[Word], by_number: &[Vec<u32>], limit: usize) -> Found {
        let hits = self.index.find(words, by_number, limit);
        Found {
            open: self.tabs_at(&hits.open),
            closed: self.tabs_at(&hits.closed),
            closed_count: hits.closed_count,
        }
    }

    fn tabs_at(&self, places: &[u32]) -> Vec<TabId> {
        let tabs = places
            .iter()
            .filter_map(|place| self.tabs.get(usize::try_from(*place).ok()?));
        tabs.copied().collect()
    }
}
