//! What counts as a word, and how well one fits.

use holdfast_domain::plain;

/// Shorter words have to begin one.
const INSIDE_FROM_LETTERS: usize = 3;

/// At this length, a match in Dojo's number is no accident.
const NUMBER_FROM_LETTERS: usize = 12;

/// One word of a search.
#[derive(Debug)]
pub struct Word {
    text: String,
    /// With the point as an amount has it here, if it can be one.
    amount: Option<String>,
    letters: Vec<char>,
}

/// Splits what was typed into words.
pub fn of_query(query: &str) -> Vec<Word> {
    let words = split(&plain(query)).into_iter();
    words
        .map(|text| Word {
            amount: amount(&text),
            letters: text.chars().collect(),
            text,
        })
        .collect()
}

/// The words of a document.
pub(super) fn of(texts: &[String], amounts: &[i64]) -> Vec<String> {
    let amounts = amounts.iter().filter(|minor| **minor > 0);
    let amounts = amounts.map(|minor| format!("{}.{:02}", minor / 100, minor % 100));
    let words = texts.iter().flat_map(|text| split(&plain(text)));
    words.chain(amounts).collect()
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
pub(super) fn split(text: &str) -> Vec<String> {
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
    /// As it was typed, plain.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The same.
    pub(super) fn letters(&self) -> &[char] {
        &self.letters
    }

    /// As it was typed, and as an amount is written here.
    pub(super) fn spellings(&self) -> impl Iterator<Item = &str> {
        let amount = self.amount.as_deref().filter(|amount| *amount != self.text);
        std::iter::once(self.text.as_str()).chain(amount)
    }

    /// How well it fits where one of Dojo's numbers has it, if it is enough of one.
    pub fn rank_as_number(&self) -> Option<u32> {
        (self.letters.len() >= NUMBER_FROM_LETTERS).then_some(WHOLE_WORD_WEIGHT)
    }
}

/// Whether it counts in the middle of a word. Nobody remembers the middle of a number.
pub(super) fn may_be_inside(text: &str) -> bool {
    let is_number = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    text.len() >= INSIDE_FROM_LETTERS && !is_number
}

/// How well a word fits another with which it begins, and with which it ends.
pub(super) const fn rank_of(begins: bool, ends: bool) -> u32 {
    match (begins, ends) {
        (true, true) => WHOLE_WORD_WEIGHT,
        (true, false) => 30,
        (false, _) => 20,
    }
}

const WHOLE_WORD_WEIGHT: u32 = 40;
