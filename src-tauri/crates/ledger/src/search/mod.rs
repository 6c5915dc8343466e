//! Finding a tab by what somebody remembers of it, spelt as they can.
//!
//! The index is in memory and derived: it gives ids only, and what is shown of them comes from the
//! ledger. So it can neither be damaged on the disk nor show a wrong amount, and no commit that is
//! about money waits for it or could fail with it.

mod near;
mod words;

use holdfast_domain::TabId;
use std::cmp::Reverse;
use std::collections::HashMap;
use words::Word;

/// What a search found, the best first and, among equals, the newest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Open tabs.
    pub open: Vec<TabId>,
    /// Tabs that were put away.
    pub closed: Vec<TabId>,
    /// How many of the latter there are, those beyond the limit included.
    pub closed_count: usize,
}

/// With fewer hits than this, words that are nearly the same count too.
const FEW: usize = 8;

/// What can be remembered of a tab.
#[derive(Debug, Default)]
pub(crate) struct Remembered {
    /// When it was put away; while it is open, when it was opened. Milliseconds since 1970.
    pub(crate) at: i64,
    /// Has it not been put away?
    pub(crate) is_open: bool,
    /// Name, place, reference, last four digits.
    pub(crate) texts: Vec<String>,
    /// Minor units: its bill, what was asked for, held and taken.
    pub(crate) amounts: Vec<i64>,
    /// Dojo's numbers. They all begin alike, so only a good part of one finds anything.
    pub(crate) numbers: Vec<String>,
}

#[derive(Debug)]
struct Entry {
    tab: TabId,
    at: i64,
    is_open: bool,
    /// Plain words with a blank before, between and after them.
    words: Box<str>,
    numbers: Box<str>,
}

/// All tabs by their words.
#[derive(Debug, Default)]
pub(crate) struct Index {
    entries: Vec<Entry>,
    places: HashMap<TabId, usize>,
}

impl Index {
    /// Takes a tab in, or its new words.
    pub(crate) fn put(&mut self, tab: TabId, said: &Remembered) {
        let entry = Entry {
            tab,
            at: said.at,
            is_open: said.is_open,
            words: words::joined(&said.texts, &said.amounts),
            numbers: words::joined(&said.numbers, &[]),
        };
        let place = *self.places.entry(tab).or_insert(self.entries.len());
        match self.entries.get_mut(place) {
            Some(old) => *old = entry,
            None => self.entries.push(entry),
        }
    }

    /// Tabs that have each word of `query`; at most `limit` of the open and of the others.
    pub(crate) fn find(&self, query: &str, limit: usize) -> Found {
        let words = words::of_query(query);
        if words.is_empty() {
            return Found::default();
        }
        let mut hits = self.hits(&words, Word::rank);
        if hits.len() < FEW {
            hits = self.hits(&words, |word, all, numbers| {
                word.rank(all, numbers).or_else(|| word.near(all))
            });
        }
        let (open, closed): (Vec<_>, Vec<_>) = hits.into_iter().partition(|(_, entry)| entry.is_open);
        Found {
            closed_count: closed.len(),
            open: best(open, limit),
            closed: best(closed, limit),
        }
    }

    fn hits(&self, words: &[Word], rank: impl Fn(&Word, &str, &str) -> Option<u32>) -> Vec<(u32, &Entry)> {
        let hit = |entry: &Entry| {
            words.iter().try_fold(0_u32, |sum, word| {
                Some(sum.saturating_add(rank(word, &entry.words, &entry.numbers)?))
            })
        };
        let all = self.entries.iter();
        all.filter_map(|entry| Some((hit(entry)?, entry))).collect()
    }
}

fn best(mut hits: Vec<(u32, &Entry)>, limit: usize) -> Vec<TabId> {
    let order = |(rank, entry): &(u32, &Entry)| Reverse((*rank, entry.at, entry.tab));
    if hits.len() > limit {
        hits.select_nth_unstable_by_key(limit, order);
        hits.truncate(limit);
    }
    hits.sort_unstable_by_key(order);
    hits.into_iter().map(|(_, entry)| entry.tab).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn index() -> Index {
        let mut index = Index::default();
        let tabs: [(&str, &str, &str, i64, bool); 6] = [
            ("Ámira", "Table 12", "1005", 8_640, true),
            ("Room 14, O. Brandt", "Terrace", "1096", 25_000, true),
            ("Marsh wedding", "Function room", "4471", 120_050, true),
            ("🎉 Zoë & “the six”", "Bar", "0226", 1_250, true),
            ("أميرة", "Booth 9", "8830", 2_000, false),
            ("Brandon", "Bar", "1005", 2_500, false),
        ];
        for (at, (name, place, card, amount, is_open)) in (0_i64..).zip(tabs) {
            let said = Remembered {
                at,
                is_open,
                texts: [name, place, "HF-7K3QXX", card].map(str::to_owned).to_vec(),
                amounts: vec![amount],
                numbers: vec![format!("pi_sandbox_{name:.1}{at}abcdefgh")],
            };
            index.put(
                TabId(Uuid::from_u64_pair(0, u64::try_from(at).unwrap_or(0))),
                &said,
            );
        }
        index
    }

    /// The places in the list above, open ones first.
    fn found(query: &str) -> Vec<u64> {
        let found = index().find(query, 10);
        assert_eq!(found.closed_count, found.closed.len());
        let all = found.open.iter().chain(&found.closed);
        all.map(|tab| tab.0.as_u64_pair().1).collect()
    }

    #[test]
    fn by_name_place_reference_card_and_amount() {
        for (query, tabs) in [
            ("amira", vec![0]),
            ("room 14", vec![1]),
            ("14 room", vec![1]),
            ("terr", vec![1]),
            ("1096", vec![1]),
            ("86.40", vec![0]),
            ("£86,4", vec![0]),
            ("€ 250", vec![1]),
            ("1,200", vec![2]),
            ("1,200.50", vec![2]),
            ("zoe six", vec![3]),
            ("🎉", vec![3]),
            ("اميرة", vec![4]),
            ("dding", vec![2]),
            ("1005", vec![0, 5]),
            ("pi_sandbox_M2abc", vec![2]),
        ] {
            assert_eq!(found(query), tabs, "{query}");
        }
    }

    #[test]
    fn spelling_is_forgiven_when_little_is_found_and_never_of_a_number() {
        assert_eq!(found("brant"), [1, 5]);
        assert_eq!(found("brnadt"), [1, 5]);
        assert_eq!(found("almira"), [0]);
        assert_eq!(found("weding marsch"), [2]);
        for none in ["1006", "86.41", "pi_sandbox", "mia", "14 amira", "  ", "…"] {
            assert!(found(none).is_empty(), "{none}");
        }
    }

    #[test]
    fn the_right_word_before_its_beginning_before_its_middle_and_the_newest_before_the_older() {
        assert_eq!(found("bar"), [3, 5]);
        let mut index = Index::default();
        for (number, name) in (0_u64..).zip(["Lisanna", "Annabel", "Anna", "Anna"]) {
            let said = Remembered {
                at: i64::try_from(number).unwrap_or(0),
                is_open: true,
                texts: vec![name.to_owned()],
                ..Remembered::default()
            };
            index.put(TabId(Uuid::from_u64_pair(0, number)), &said);
        }
        let order = |limit| -> Vec<u64> {
            let found = index.find("anna", limit);
            found.open.iter().map(|tab| tab.0.as_u64_pair().1).collect()
        };
        assert_eq!(order(10), [3, 2, 1, 0]);
        assert_eq!(order(2), [3, 2]);
    }
}
