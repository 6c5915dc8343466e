//! What counts as a word, and how well one fits.

use super::near::near;
use holdfast_domain::plain;

/// Shorter words have to begin one.
const INSIDE_FROM: usize = 3;

/// So much of Dojo's number is no accident any more.
const NUMBER_FROM: usize = 12;

/// One word of a search.
#[derive(Debug)]
pub(super) struct Word {
    text: String,
    /// With the point as an amount has it here, if it can be one.
    amount: Option<String>,
    letters: Vec<char>,
}

/// The words of what was typed.
pub(super) fn of_query(query: &str) -> Vec<Word> {
    let words = split(&plain(query)).into_iter();
    words
        .map(|text| Word {
            amount: amount(&text),
            letters: text.chars().collect(),
            text,
        })
        .collect()
}

/// The words of a tab in one text, each with a blank on both sides.
pub(super) fn joined(texts: &[String], amounts: &[i64]) -> Box<str> {
    let mut all = String::from(" ");
    for text in texts {
        for word in split(&plain(text)) {
            all.push_str(&word);
            all.push(' ');
        }
    }
    let mut amounts = amounts.to_vec();
    amounts.sort_unstable();
    amounts.dedup();
    for minor in amounts.into_iter().filter(|minor| *minor > 0) {
        all.push_str(&format!("{}.{:02} ", minor / 100, minor % 100));
    }
    all.into_boxed_str()
}

fn is_apart(c: char) -> bool {
    c.is_whitespace()
        || (c.is_ascii() && !c.is_ascii_alphanumeric() && c != '_')
        || matches!(
            c,
            '£' | '€' | '\u{2010}'..='\u{2027}' | '«' | '»' | '·' | '،' | '؛' | '؟' | '\u{fe0f}'
        )
}

/// Parts at blanks and signs. A point or comma between digits stays, for it is an amount's; O’Brien is
/// one word.
fn split(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let is_digit = |at: Option<usize>| {
        at.and_then(|at| letters.get(at))
            .is_some_and(char::is_ascii_digit)
    };
    let mut words = vec![String::new()];
    for (at, &letter) in letters.iter().enumerate() {
        let is_decimal = matches!(letter, '.' | ',') && is_digit(at.checked_sub(1)) && is_digit(Some(at + 1));
        match words.last_mut() {
            Some(_) if matches!(letter, '\'' | '’') => {}
            Some(word) if is_decimal || !is_apart(letter) => word.push(letter),
            _ => words.push(String::new()),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// `86,4` and `1,200` as an index has them.
fn amount(text: &str) -> Option<String> {
    let (whole, decimals) = match text.rsplit_once([',', '.']) {
        Some((whole, decimals)) if decimals.len() < 3 => (whole, Some(decimals)),
        _ => (text, None),
    };
    let whole = whole.replace(',', "");
    let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    (is_number(&whole) && decimals.is_none_or(is_number)).then(|| match decimals {
        Some(decimals) => format!("{whole}.{decimals}"),
        None => whole,
    })
}

impl Word {
    /// How well it fits as it is.
    pub(super) fn rank(&self, all: &str, numbers: &str) -> Option<u32> {
        let as_typed = rank(&self.text, all);
        let as_amount = || self.amount.as_deref().filter(|a| *a != self.text);
        as_typed
            .or_else(|| rank(as_amount()?, all))
            .or_else(|| (self.letters.len() >= NUMBER_FROM && numbers.contains(&self.text)).then_some(40))
    }

    /// How well it fits with a slip or two.
    pub(super) fn near(&self, all: &str) -> Option<u32> {
        near(&self.letters, all).map(|slips| 12_u32.saturating_sub(4 * slips))
    }
}

fn rank(word: &str, all: &str) -> Option<u32> {
    let is_number = word.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let mut best = None;
    for (at, _) in all.match_indices(word) {
        let is_at = |at: usize| all.as_bytes().get(at) == Some(&b' ');
        best = best.max(match (is_at(at.wrapping_sub(1)), is_at(at + word.len())) {
            (true, true) => return Some(40),
            (true, false) => Some(30),
            // Nobody remembers the middle of a number.
            (false, _) if word.len() < INSIDE_FROM || is_number => None,
            (false, _) => Some(20),
        });
    }
    best
}
