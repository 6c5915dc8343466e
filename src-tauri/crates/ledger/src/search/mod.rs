//! Finding a tab by what somebody remembers of it, spelt as they can.
//!
//! The index is in memory and derived: it gives ids only, and what is shown of them comes from the
//! ledger. So it can neither be damaged on the disk nor show a wrong amount, and no commit that is
//! about money waits for it or could fail with it.

mod dictionary;
#[cfg(test)]
mod model;
mod near;
mod words;

use dictionary::Dictionary;
use holdfast_domain::TabId;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
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

/// All tabs by their words. Each has a place, in the order in which they came in.
#[derive(Debug, Default)]
pub(crate) struct Index {
    places: HashMap<TabId, u32>,
    tabs: Vec<TabId>,
    /// When, as in [`Remembered`], and whether it is open.
    moments: Vec<(i64, bool)>,
    words: Dictionary,
    /// Which words each has, in order.
    of_tab: Vec<Box<[u32]>>,
    /// Plain, with a blank between.
    numbers: Vec<Box<str>>,
}

impl Index {
    /// Takes a tab in, or its new words.
    pub(crate) fn put(&mut self, tab: TabId, said: &Remembered) {
        let moment = (said.at, said.is_open);
        let numbers = words::of(&said.numbers, &[]).join(" ").into_boxed_str();
        let mut has: Vec<u32> = words::of(&said.texts, &said.amounts)
            .iter()
            .map(|word| self.words.number(word))
            .collect();
        has.sort_unstable();
        has.dedup();
        let has = has.into_boxed_slice();
        let next = u32::try_from(self.tabs.len()).unwrap_or(u32::MAX);
        let place = *self.places.entry(tab).or_insert(next);
        let had = if place == next {
            self.tabs.push(tab);
            self.moments.push(moment);
            self.numbers.push(numbers);
            self.of_tab.push(has.clone());
            Box::default()
        } else {
            self.moments[place as usize] = moment;
            self.numbers[place as usize] = numbers;
            std::mem::replace(&mut self.of_tab[place as usize], has.clone())
        };
        for word in had.iter().filter(|word| has.binary_search(word).is_err()) {
            self.words.left(*word, place);
        }
        for word in has.iter().filter(|word| had.binary_search(word).is_err()) {
            self.words.come(*word, place);
        }
    }

    /// Tabs that have each word of `query`; at most `limit` of the open and of the others.
    pub(crate) fn find(&self, query: &str, limit: usize) -> Found {
        let words = words::of_query(query);
        if words.is_empty() {
            return Found::default();
        }
        let mut hits = self.hits(&words, Dictionary::fits);
        if hits.len() < FEW {
            hits = self.hits(&words, |all, word| {
                let mut fits = all.fits(word);
                fits.extend(all.nearly_fits(word));
                fits
            });
        }
        let of = |is_open: bool| {
            let hits = hits.iter();
            hits.filter(move |(_, place)| self.moments[*place as usize].1 == is_open)
        };
        Found {
            open: self.best(of(true), limit),
            closed: self.best(of(false), limit),
            closed_count: of(false).count(),
        }
    }

    /// How well each tab fits that has all of `words`, and its place.
    fn hits(&self, words: &[Word], fits: impl Fn(&Dictionary, &Word) -> Vec<(u32, u32)>) -> Vec<(u32, u32)> {
        let mut hits: Option<Vec<(u32, u32)>> = None;
        for word in words {
            // None is 0: the least that fits is more.
            let mut best = vec![0_u32; self.tabs.len()];
            let mut touched = Vec::new();
            let mut fit = |rank: u32, place: u32| {
                let best = &mut best[place as usize];
                if *best == 0 {
                    touched.push(place);
                }
                *best = rank.max(*best);
            };
            for (rank, known) in fits(&self.words, word) {
                let tabs = self.words.tabs(known);
                tabs.iter().for_each(|place| fit(rank, *place));
            }
            if let Some(rank) = word.is_number_of_dojos() {
                for (place, numbers) in (0..).zip(&self.numbers) {
                    if numbers.contains(word.text()) {
                        fit(rank, place);
                    }
                }
            }
            hits = Some(match hits {
                None => touched
                    .into_iter()
                    .map(|place| (best[place as usize], place))
                    .collect(),
                Some(before) => before
                    .into_iter()
                    .filter(|(_, place)| best[*place as usize] > 0)
                    .map(|(sum, place)| (sum.saturating_add(best[place as usize]), place))
                    .collect(),
            });
        }
        hits.unwrap_or_default()
    }

    /// The `limit` best of `hits`, the best first and, among equals, the newest.
    fn best<'a>(&self, hits: impl Iterator<Item = &'a (u32, u32)>, limit: usize) -> Vec<TabId> {
        let mut kept: BinaryHeap<Reverse<(u32, i64, TabId)>> = BinaryHeap::new();
        for (rank, place) in hits {
            let (at, _) = self.moments[*place as usize];
            let is_full = kept.len() >= limit;
            let is_worse = |Reverse((least, oldest, _)): &Reverse<_>| (rank, at) < (least, *oldest);
            if is_full && kept.peek().is_none_or(is_worse) {
                continue;
            }
            kept.push(Reverse((*rank, at, self.tabs[*place as usize])));
            if is_full {
                kept.pop();
            }
        }
        let best = kept.into_sorted_vec().into_iter();
        best.map(|Reverse((_, _, tab))| tab).collect()
    }
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
