//! What never stands in a log or a support file: keys, and numbers that may be a card's.

use holdfast_domain::card_numbers;
use std::io::{self, Write};
use tracing_subscriber::fmt::MakeWriter;

/// What every one of Dojo's secret keys begins with.
const KEY: &str = "sk_";

/// From this many digits on a number may be a card's.
const CARD_NUMBER_FROM_DIGITS: usize = 12;

/// Without anything that could be a key or a card's number.
pub fn scrubbed(text: &str) -> String {
    without_numbers(&without_cards(&without_keys(text)))
}

/// Whatever `domain` knows as a card's number, but inside an id.
fn without_cards(text: &str) -> String {
    let (mut kept, mut from) = (String::with_capacity(text.len()), 0);
    for number in card_numbers(text) {
        let (before, digits) = (text.get(from..number.start), text.get(number.clone()));
        kept.push_str(before.unwrap_or_default());
        let ends_in_word = before
            .and_then(|before| before.chars().last())
            .is_some_and(is_of_id);
        let goes_on = text.get(number.end..).and_then(|after| after.chars().next());
        kept.push_str(if ends_in_word || goes_on.is_some_and(is_of_id) {
            digits.unwrap_or_default()
        } else {
            "…"
        });
        from = number.end;
    }
    kept.push_str(text.get(from..).unwrap_or_default());
    kept
}

fn is_of_id(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

/// A key is found wherever it begins, and ends with the first sign that no key has: the alphabet is that of
/// `holdfast_dojo::ApiKey`.
fn without_keys(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(KEY) {
        let (before, from) = rest.split_at(at);
        kept.push_str(before);
        kept.push_str("sk_…");
        let end = from.find(|c: char| !is_of_key(c)).unwrap_or(from.len());
        rest = from.get(end..).unwrap_or_default();
    }
    kept.push_str(rest);
    kept
}

fn is_of_key(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_.".contains(c)
}

/// Digits in one piece, or in groups with one blank or dash between them.
fn without_numbers(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    let mut is_in_word = false;
    while let Some(first) = rest.chars().next() {
        let length = if is_in_word { 0 } else { number(rest) };
        let (taken, after) = rest.split_at(length.max(first.len_utf8()));
        if length > 0 {
            kept.push('…');
        } else {
            kept.push_str(taken);
        }
        // Digits inside a word, as in an id, are no card's.
        is_in_word =
            length == 0 && (first.is_ascii_alphanumeric() || first == '_' || (is_in_word && first == '-'));
        rest = after;
    }
    kept
}

/// How long a number that may be a card's is at the beginning of `text`; 0 for none.
fn number(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let (mut end, mut digits) = (0, 0_usize);
    loop {
        if is_digit(end) {
            digits = digits.saturating_add(1);
            end = end.saturating_add(1);
        } else if matches!(bytes.get(end), Some(b' ' | b'-')) && end > 0 && is_digit(end.saturating_add(1)) {
            end = end.saturating_add(1);
        } else {
            break;
        }
    }
    let goes_on = bytes
        .get(end)
        .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    if digits >= CARD_NUMBER_FROM_DIGITS && !goes_on {
        end
    } else {
        0
    }
}

/// Standard error, with everything scrubbed.
#[derive(Debug, Clone, Copy, Default)]
pub struct ScrubbedStderr;

impl Write for ScrubbedStderr {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        io::stderr().write_all(scrubbed(&String::from_utf8_lossy(bytes)).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

impl MakeWriter<'_> for ScrubbedStderr {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        *self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_dojo::ApiKey;
    use proptest::prelude::*;

    #[test]
    fn keys_and_card_numbers_never_get_in() {
        for (said, kept) in [
            ("key=\"sk_prod_abcDEF123\", next", "key=\"sk_…\", next"),
            ("sk_prod_abc.SECRET and xsk_prod_abc", "sk_… and xsk_…"),
            ("card 5200000000001005 and 5200-0000-0000-1005", "card … and …"),
            ("card 5200 0000 0000 1005, thanks", "card …, thanks"),
            (
                "5200.0000.0000.1005 or 5200\u{a0}0000\u{a0}0000\u{a0}1005",
                "… or …",
            ),
            (
                "hold 0199f3a2-1111-7abc-8def-123456789012 in 250 ms",
                "hold 0199f3a2-1111-7abc-8def-123456789012 in 250 ms",
            ),
            (
                "é … 2026-11-24T15:30:00.123456Z",
                "é … 2026-11-24T15:30:00.123456Z",
            ),
        ] {
            assert_eq!(scrubbed(said), kept);
        }
    }

    proptest! {
        #[test]
        fn whatever_a_field_refuses_as_a_cards_number_is_scrubbed(
            digits in "[1-9][0-9]{11,17}",
            between in "[ ./:,|-]",
            every in 2usize..6,
        ) {
            let groups = |whole: &str| {
                let letters: Vec<char> = whole.chars().collect();
                let groups: Vec<String> = letters.chunks(every).map(|group| group.iter().collect()).collect();
                groups.join(&between)
            };
            let whole = (0..10)
                .map(|check| groups(&format!("{digits}{check}")))
                .find(|whole| holdfast_domain::has_card_number(&format!("note {whole} here")))
                .expect("one of ten check digits is right");
            let kept = scrubbed(&format!("note {whole} here"));
            prop_assert!(!kept.contains(&whole), "{kept}");
            prop_assert!(!holdfast_domain::has_card_number(&kept), "{kept}");
        }

        #[test]
        fn whatever_is_a_key_is_scrubbed_wherever_it_stands(
            before in ".{0,20}",
            prefix in "sk_(sandbox|prod)_",
            rest in "[A-Za-z0-9._-]{6,60}",
            after in "[^A-Za-z0-9._-].{0,20}",
        ) {
            let key = format!("{prefix}{rest}");
            prop_assert!(ApiKey::parse(&key).is_ok());
            let kept = scrubbed(&format!("{before}{key}{after}"));
            prop_assert!(!kept.contains(&rest), "{kept}");
        }
    }
}
