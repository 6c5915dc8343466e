//! Every word that any tab has, once, and which tabs have it: names come back, and there are far fewer words than
//! tabs.

use super::near::{letters_in, near};
use super::words::{Word, may_be_inside, rank_of};
use std::collections::HashMap;

/// Words and who has them, by number.
#[derive(Debug)]
pub(super) struct Dictionary {
    numbers: HashMap<Box<str>, u32>,
    /// All of them in a row, with a blank before, between and after them: one look finds all that have some letters.
    all: String,
    /// Where in that row each begins.
    begins: Vec<usize>,
    /// Which letters each has.
    letters: Vec<u32>,
    /// Which tabs have it, by place, in no order.
    tabs: Vec<Vec<u32>>,
}

impl Default for Dictionary {
    fn default() -> Self {
        Self {
            numbers: HashMap::new(),
            all: " ".to_owned(),
            begins: Vec::new(),
            letters: Vec::new(),
            tabs: Vec::new(),
        }
    }
}

impl Dictionary {
    /// The number of a word, which is taken in if it is new.
    pub(super) fn number(&mut self, word: &str) -> u32 {
        if let Some(known) = self.numbers.get(word) {
            return *known;
        }
        let number = u32::try_from(self.begins.len()).unwrap_or(u32::MAX);
        self.numbers.insert(word.into(), number);
        self.begins.push(self.all.len());
        self.all.push_str(word);
        self.all.push(' ');
        self.letters.push(letters_in(word.chars()));
        self.tabs.push(Vec::new());
        number
    }

    /// Which tabs have it.
    pub(super) fn tabs(&self, word: u32) -> &[u32] {
        &self.tabs[word as usize]
    }

    /// A tab has it from now on.
    pub(super) fn come(&mut self, word: u32, tab: u32) {
        self.tabs[word as usize].push(tab);
    }

    /// A tab has it no more.
    pub(super) fn left(&mut self, word: u32, tab: u32) {
        let tabs = &mut self.tabs[word as usize];
        if let Some(at) = tabs.iter().position(|other| *other == tab) {
            tabs.swap_remove(at);
        }
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
        let mut word_at = |begin: usize| {
            let after = self.begins.partition_point(|other| *other <= begin);
            let word = after.checked_sub(1).and_then(|at| u32::try_from(at).ok());
            word.into_iter().for_each(|word| call(begin, word));
        };
        if may_be_inside(text) {
            self.all.match_indices(text).for_each(|(at, _)| word_at(at));
        } else {
            let first = format!(" {text}");
            self.all.match_indices(&first).for_each(|(at, _)| word_at(at + 1));
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
                let begin = *self.begins.get(known as usize)?;
                let other = self.all.get(begin..)?.split(' ').next()?;
                Some((12_u32.saturating_sub(4 * wanted.slips(other)?), known))
            })
            .collect()
    }
}
