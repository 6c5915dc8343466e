//! Every word that any tab has, once, and which tabs have it: names come back, and there are far fewer words than
//! tabs.

use super::edit_distance::{letters_in, near};
use super::tokenize::{Word, may_be_inside, rank_of};
use hashbrown::HashTable;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

/// No tab.
const NONE: u32 = u32::MAX;

/// Words and who has them, by number. Most words are had by one tab, as its reference is, so nothing is made for a word
/// alone but a place in each of these lists.
#[derive(Debug)]
pub(super) struct Dictionary {
    /// Every number, to be found by its word.
    numbers: HashTable<u32>,
    hasher: RandomState,
    /// All words in a row, with a blank before, between and after them: one look finds all that have some letters.
    all: String,
    /// Where in that row each begins.
    begins: Vec<u32>,
    /// Which letters each has.
    letters: Vec<u32>,
    /// The first tab that has it.
    first: Vec<u32>,
    /// The others, in no order, by the word's number.
    others: HashMap<u32, Vec<u32>>,
}

impl Default for Dictionary {
    fn default() -> Self {
        Self {
            numbers: HashTable::new(),
            hasher: RandomState::new(),
            all: " ".to_owned(),
            begins: Vec::new(),
            letters: Vec::new(),
            first: Vec::new(),
            others: HashMap::new(),
        }
    }
}

/// The word that begins here.
fn word_at(all: &str, begin: u32) -> &str {
    let rest = all.get(begin as usize..).unwrap_or_default();
    rest.split(' ').next().unwrap_or_default()
}

impl Dictionary {
    /// The number of a word, which is added if it is new; none when there is no room for another.
    pub(super) fn number(&mut self, word: &str) -> Option<u32> {
        let Self {
            numbers,
            hasher,
            all,
            begins,
            ..
        } = self;
        let of = |number: &u32| word_at(all, begins[*number as usize]);
        let hash = hasher.hash_one(word);
        if let Some(known) = numbers.find(hash, |number| of(number) == word) {
            return Some(*known);
        }
        let number = u32::try_from(begins.len()).ok()?;
        let begin = u32::try_from(all.len()).ok()?;
        numbers.insert_unique(hash, number, |number| hasher.hash_one(of(number)));
        begins.push(begin);
        all.push_str(word);
        all.push(' ');
        self.letters.push(letters_in(word.chars()));
        self.first.push(NONE);
        Some(number)
    }

    /// Which tabs have it.
    pub(super) fn tabs(&self, word: u32) -> impl Iterator<Item = u32> {
        let first = self.first[word as usize];
        let others = self.others.get(&word).into_iter().flatten();
        std::iter::once(first)
            .filter(|first| *first != NONE)
            .chain(others.copied())
    }

    /// The words that a tab has: each word is asked.
    pub(super) fn words_of(&self, tab: u32) -> Vec<u32> {
        let all = (0_u32..).zip(&self.first).map(|(word, _)| word);
        all.filter(|word| self.tabs(*word).any(|other| other == tab))
            .collect()
    }

    /// Notes that a tab has the word.
    pub(super) fn insert(&mut self, word: u32, tab: u32) {
        let first = &mut self.first[word as usize];
        if *first == NONE {
            *first = tab;
        } else {
            self.others.entry(word).or_default().push(tab);
        }
    }

    /// Notes that a tab no longer has the word.
    pub(super) fn remove(&mut self, word: u32, tab: u32) {
        let others = self.others.get_mut(&word);
        let first = &mut self.first[word as usize];
        if *first == tab {
            *first = others.and_then(Vec::pop).unwrap_or(NONE);
        } else if let Some(others) = others
            && let Some(at) = others.iter().position(|other| *other == tab)
        {
            others.swap_remove(at);
        }
    }

    /// Gives back what was taken for words and tabs that may still come.
    pub(super) fn shrink(&mut self) {
        let Self {
            numbers,
            hasher,
            all,
            begins,
            ..
        } = self;
        all.shrink_to_fit();
        numbers.shrink_to_fit(|number| hasher.hash_one(word_at(all, begins[*number as usize])));
        begins.shrink_to_fit();
        self.letters.shrink_to_fit();
        self.first.shrink_to_fit();
        self.others.values_mut().for_each(Vec::shrink_to_fit);
        self.others.shrink_to_fit();
    }

    /// The words that fit as they are: how well, and which.
    pub(super) fn fits(&self, word: &Word) -> Vec<(u32, u32)> {
        let mut fits = Vec::new();
        for text in word.spellings() {
            self.each_with(text, |begin, known| {
                let end = self.all.as_bytes().get(begin + text.len());
                let is_first = self.all.as_bytes().get(begin.wrapping_sub(1)) == Some(&b' ');
                fits.push((rank_of(is_first, end == Some(&b' ')), known));
            });
        }
        fits
    }

    /// Calls with each place at which `text` is, as far as it may count there, and the word that this is in.
    fn each_with(&self, text: &str, mut call: impl FnMut(usize, u32)) {
        let mut found_at = |begin: usize| {
            let after = self.begins.partition_point(|other| *other as usize <= begin);
            let word = after.checked_sub(1).and_then(|at| u32::try_from(at).ok());
            word.into_iter().for_each(|word| call(begin, word));
        };
        if may_be_inside(text) {
            self.all.match_indices(text).for_each(|(at, _)| found_at(at));
        } else {
            let first = format!(" {text}");
            self.all
                .match_indices(&first)
                .for_each(|(at, _)| found_at(at + 1));
        }
    }

    /// The words that fit with a slip or two: how well, and which.
    pub(super) fn nearly_fits(&self, word: &Word) -> Vec<(u32, u32)> {
        let Some(wanted) = near(word.letters()) else {
            return Vec::new();
        };
        let all = (0_u32..).zip(&self.letters);
        let likely = all.filter(|(_, letters)| wanted.may_be(**letters));
        likely
            .filter_map(|(known, _)| {
                let other = word_at(&self.all, *self.begins.get(known as usize)?);
                Some((wanted.rank(other)?, known))
            })
            .collect()
    }
}
