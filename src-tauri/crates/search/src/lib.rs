//! Finding a tab by what somebody remembers of it, spelt as they can.
//!
//! The index is in memory and derived: it answers places only, and what is shown of the tabs there comes from the
//! ledger. So it can neither be damaged on the disk nor show a wrong amount, and no commit that is about money waits
//! for it or could fail with it. It knows nothing of where tabs are stored: the store numbers them and feeds
//! it with [`Document`]s.

mod dictionary;
mod edit_distance;
mod marks;
#[cfg(test)]
mod model;
mod tokenize;

use dictionary::Dictionary;
pub use edit_distance::ONE_SLIP_RANK;
use holdfast_domain::{Hold, Line, Tab, bill};
pub use marks::{parts_of, words_in};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
pub use tokenize::{Word, of_query};

/// With fewer hits than this, misspelt words count too.
pub const FEW_HITS: usize = 8;

/// Closed tabs are counted up to this, or to the limit if that's more.
pub const MOST_COUNTED: usize = 1_000;

/// What a tab can be found by.
#[derive(Debug, Default)]
pub struct Document {
    /// When it was closed; while it is open, when it was opened. Milliseconds since 1970.
    pub at: i64,
    /// Is it open?
    pub is_open: bool,
    /// Name, place, reference, last four digits.
    pub texts: Vec<String>,
    /// Minor units: its bill, what was asked for, held and taken.
    pub amounts: Vec<i64>,
}

impl Document {
    /// That of a tab with what is on it.
    pub fn of(tab: &Tab, holds: &[Hold], lines: &[Line]) -> Self {
        let at = tab.closed_at.unwrap_or(tab.opened_at);
        let mut texts = vec![tab.name.clone(), tab.reference.clone()];
        texts.extend(tab.place.clone());
        let mut amounts: Vec<i64> = bill(lines, tab.currency)
            .map(|bill| bill.minor)
            .into_iter()
            .collect();
        for hold in holds {
            let card = hold.seen.as_ref().and_then(|seen| seen.card.as_ref());
            texts.extend(card.and_then(|card| card.last_four.clone()));
            amounts.extend([hold.asked, hold.authorised(), hold.captured()]);
        }
        Self {
            at: at.timestamp_millis(),
            is_open: tab.closed_at.is_none(),
            texts,
            amounts,
        }
    }
}

/// What a search found, by place: the best first and, among equals, the newest.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Hits {
    /// Open tabs.
    pub open: Vec<u32>,
    /// Tabs that were closed.
    pub closed: Vec<u32>,
    /// How many of the latter there are, those beyond the limit included, up to [`MOST_COUNTED`].
    pub closed_count: usize,
}

/// When something was, and whether it is open, in as little as there is of it: a time twice, and one more when open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Moment(i64);

impl Moment {
    /// No tab has this place.
    const NONE: Self = Self(i64::MIN);

    fn of(document: &Document) -> Self {
        Self(document.at.saturating_mul(2) | i64::from(document.is_open))
    }

    fn at(self) -> i64 {
        self.0 >> 1
    }

    fn is_open(self) -> bool {
        self.0 & 1 == 1
    }
}

/// All tabs by their words. Each has a place, a number that is given to it elsewhere.
#[derive(Debug, Default)]
pub struct Index {
    moments: Vec<Moment>,
    words: Dictionary,
    /// Which words those have that are open, in order: of these something changes every minute. What was closed
    /// changes hardly ever, and then the dictionary is looked through.
    of_open: HashMap<u32, Box<[u32]>>,
}

impl Index {
    /// Takes a tab in, or its new words.
    pub fn put(&mut self, place: u32, document: &Document) {
        let moment = Moment::of(document);
        let mut has: Vec<u32> = tokenize::of(&document.texts, &document.amounts)
            .iter()
            .filter_map(|word| self.words.number(word))
            .collect();
        has.sort_unstable();
        has.dedup();
        let at = place as usize;
        if self.moments.len() <= at {
            self.moments.resize(at + 1, Moment::NONE);
        }
        let had = match self.moments[at] {
            Moment::NONE => Box::default(),
            _ => self
                .of_open
                .remove(&place)
                .unwrap_or_else(|| self.words.words_of(place).into_boxed_slice()),
        };
        self.moments[at] = moment;
        for word in had.iter().filter(|word| has.binary_search(word).is_err()) {
            self.words.remove(*word, place);
        }
        for word in has.iter().filter(|word| had.binary_search(word).is_err()) {
            self.words.insert(*word, place);
        }
        if document.is_open {
            self.of_open.insert(place, has.into_boxed_slice());
        }
    }

    /// Takes a tab out that is open. Its place may be given to another.
    pub fn remove_open(&mut self, place: u32) {
        let had = self.of_open.remove(&place).unwrap_or_default();
        had.iter().for_each(|word| self.words.remove(*word, place));
        if let Some(moment) = self.moments.get_mut(place as usize) {
            *moment = Moment::NONE;
        }
    }

    /// Keeps no room for more than there is: all that was there before has been taken in.
    pub fn shrink(&mut self) {
        self.moments.shrink_to_fit();
        self.words.shrink();
    }

    /// Tabs that have each of `words`; at most `limit` of the open and of the others. Where a word may be one of Dojo's
    /// numbers, `by_number` has the places of the tabs with it, beside the word.
    pub fn find(&self, words: &[Word], by_number: &[Vec<u32>], limit: usize) -> Hits {
        if words.is_empty() {
            return Hits::default();
        }
        let mut hits = self.ranked(words, by_number, false);
        if hits.len() < FEW_HITS {
            hits = self.ranked(words, by_number, true);
        }
        let of = |is_open: bool| {
            let hits = hits.iter();
            hits.filter(move |(_, place)| self.moment(*place).is_open() == is_open)
        };
        Hits {
            open: self.best(of(true), limit),
            closed: self.best(of(false), limit),
            closed_count: of(false).count().min(limit.max(MOST_COUNTED)),
        }
    }

    /// How well each tab fits that has all of `words`, and its place, in no order; with a slip or two where that is
    /// forgiven.
    pub fn ranked(&self, words: &[Word], by_number: &[Vec<u32>], forgives: bool) -> Vec<(u32, u32)> {
        self.hits(words, by_number, |all, word| {
            let mut fits = all.fits(word);
            if forgives {
                fits.extend(all.nearly_fits(word));
            }
            fits
        })
    }

    fn moment(&self, place: u32) -> Moment {
        self.moments.get(place as usize).copied().unwrap_or(Moment::NONE)
    }

    /// How well each tab fits that has all of `words`, and its place.
    fn hits(
        &self,
        words: &[Word],
        by_number: &[Vec<u32>],
        fits: impl Fn(&Dictionary, &Word) -> Vec<(u32, u32)>,
    ) -> Vec<(u32, u32)> {
        let mut hits: Option<Vec<(u32, u32)>> = None;
        for (number, word) in words.iter().enumerate() {
            // None is 0: the least that fits is more.
            let mut best = vec![0_u32; self.moments.len()];
            let mut touched = Vec::new();
            let mut fit = |rank: u32, place: u32| {
                // One that has come since, and is not taken in yet, is not known here.
                let Some(best) = best.get_mut(place as usize) else {
                    return;
                };
                if *best == 0 {
                    touched.push(place);
                }
                *best = rank.max(*best);
            };
            for (rank, known) in fits(&self.words, word) {
                self.words.tabs(known).for_each(|place| fit(rank, place));
            }
            if let Some(rank) = word.rank_as_number() {
                let places = by_number.get(number).into_iter().flatten();
                places.for_each(|place| fit(rank, *place));
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
    fn best<'a>(&self, hits: impl Iterator<Item = &'a (u32, u32)>, limit: usize) -> Vec<u32> {
        let mut kept: BinaryHeap<Reverse<(u32, i64, u32)>> = BinaryHeap::new();
        for (rank, place) in hits {
            let at = self.moment(*place).at();
            let is_full = kept.len() >= limit;
            let is_worse = |Reverse((least, oldest, _)): &Reverse<_>| (rank, at) < (least, *oldest);
            if is_full && kept.peek().is_none_or(is_worse) {
                continue;
            }
            kept.push(Reverse((*rank, at, *place)));
            if is_full {
                kept.pop();
            }
        }
        let best = kept.into_sorted_vec().into_iter();
        best.map(|Reverse((_, _, place))| place).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number_of(place: u32) -> String {
        format!("pi_sandbox_m{place}abcdefgh")
    }

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
        for (number, (name, place, card, amount, is_open)) in (0_u32..).zip(tabs) {
            let document = Document {
                at: i64::from(number),
                is_open,
                texts: [name, place, "HF-7K3QXX", card].map(str::to_owned).to_vec(),
                amounts: vec![amount],
            };
            index.put(number, &document);
        }
        index.shrink();
        index
    }

    /// The places in the list above, open ones first.
    fn found(query: &str) -> Vec<u32> {
        let words = of_query(query);
        let with = |word: &Word| {
            (0..6)
                .filter(|place| number_of(*place).contains(word.text()))
                .collect()
        };
        let by_number: Vec<Vec<u32>> = words.iter().map(with).collect();
        let found = index().find(&words, &by_number, 10);
        assert_eq!(found.closed_count, found.closed.len());
        [found.open, found.closed].concat()
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
        for (number, name) in (0_u32..).zip(["Lisanna", "Annabel", "Anna", "Anna"]) {
            let document = Document {
                at: i64::from(number),
                is_open: true,
                texts: vec![name.to_owned()],
                ..Document::default()
            };
            index.put(number, &document);
        }
        let order = |limit| index.find(&of_query("anna"), &[], limit).open;
        assert_eq!(order(10), [3, 2, 1, 0]);
        assert_eq!(order(2), [3, 2]);
    }
}
