//! A card's number where none belongs: what is typed is sealed for ever, backed up, printed and sent to Dojo.

use std::ops::{Range, RangeInclusive};

/// How many digits a card's number has (ISO/IEC 7812).
const DIGITS: RangeInclusive<usize> = 13..=19;

/// The zeros of the scripts whose digits a keyboard types (Unicode, general category Nd): nine digits follow each.
const ZEROS: [u32; 19] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0,
    0xf20, 0x1040, 0x17e0, 0xff10,
];

/// Whether a card's number stands in `text`: [`card_numbers`].
pub fn has_card_number(text: &str) -> bool {
    !card_numbers(text).is_empty()
}

/// Where card numbers stand in `text`, in bytes: 13 to 19 digits with the right check digit, in one piece or in groups
/// with blanks, dashes or dots between them, or with any one other sign that is no letter.
pub fn card_numbers(text: &str) -> Vec<Range<usize>> {
    let (mut found, mut run) = (Vec::new(), Vec::<Group>::new());
    let (mut in_group, mut others) = (false, 0_usize);
    for (at, letter) in text.char_indices() {
        let end = at.saturating_add(letter.len_utf8());
        if let Some(digit) = digit(letter) {
            if others > 1 {
                found.extend(cards(&run));
                run.clear();
            }
            others = 0;
            match run.last_mut().filter(|_| in_group) {
                Some(group) => group.push(digit, end),
                None => run.push(Group::begin(digit, at..end)),
            }
            in_group = true;
        } else if letter.is_alphanumeric() {
            found.extend(cards(&run));
            run.clear();
            (in_group, others) = (false, 0);
        } else if !is_unseen(letter) {
            in_group = false;
            others = match (is_between(letter), others) {
                // A sign with a blank beside it divides two things.
                (true, 0) => 0,
                (true, _) => 2,
                (false, others) => others.saturating_add(1),
            };
        }
    }
    found.extend(cards(&run));
    found
}

/// Digits without anything between them.
struct Group {
    digits: Vec<u32>,
    bytes: Range<usize>,
}

impl Group {
    fn begin(digit: u32, bytes: Range<usize>) -> Self {
        Self {
            digits: vec![digit],
            bytes,
        }
    }

    fn push(&mut self, digit: u32, end: usize) {
        self.digits.push(digit);
        self.bytes.end = end;
    }
}

fn digit(letter: char) -> Option<u32> {
    let code = u32::from(letter);
    let digits = ZEROS.iter().filter_map(|zero| code.checked_sub(*zero));
    digits.into_iter().find(|digit| *digit < 10)
}

/// It takes no room: a number with it in reads like one without.
fn is_unseen(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

fn is_between(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '-' | '.' | '_' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// Where some of the groups, one after another and whole, are a card's number. A telephone number before it doesn't
/// hide it.
fn cards(groups: &[Group]) -> Vec<Range<usize>> {
    let (mut found, mut from) = (Vec::new(), 0);
    while let Some(first) = groups.get(from) {
        let mut digits = Vec::new();
        let rest = groups.iter().enumerate().skip(from);
        let last = rest.into_iter().find(|(_, group)| {
            digits.extend_from_slice(&group.digits);
            DIGITS.contains(&digits.len()) && luhn(&digits)
        });
        from = match last {
            Some((at, group)) => {
                found.push(first.bytes.start..group.bytes.end);
                at.saturating_add(1)
            }
            None => from.saturating_add(1),
        };
    }
    found
}

/// The check digit of ISO/IEC 7812-1, annex B.
fn luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| match (at % 2 == 1, digit.saturating_mul(2)) {
            (false, _) => *digit,
            (true, twice) if twice > 9 => twice.saturating_sub(9),
            (true, twice) => twice,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::has_card_number;
    use proptest::prelude::*;

    #[test]
    fn a_card_number_is_found_however_it_is_typed() {
        // Dojo's and the schemes' own test cards.
        for card in [
            "5200000000001005",
            "4456 5300 0000 1013",
            "card 4111-1111-1111-1111 exp 12/27",
            "4111.1111.1111.1111",
            "4111–1111–1111–1111",
            "3782 822463 10005",
            "４１１１ １１１１ １１１１ １１１１",
            "ring 07700 900123, 5555 5555 5555 4444",
            "tel 07700 900123 5555 5555 5555 4444",
            "pan5555555555554444.",
            "4111/1111/1111/1111",
            "4111:1111|1111,1111",
            "4111\u{200b}1111\u{200b}1111\u{200b}1111",
            "٤١١١ ١١١١ ١١١١ ١١١١",
            "6304\u{a0}0000\u{a0}0000\u{a0}0000",
        ] {
            assert!(has_card_number(card), "{card}");
        }
    }

    #[test]
    fn other_numbers_are_left_alone() {
        for text in [
            "",
            "Room 14, 2 nights",
            "ending 1005",
            "07700 900123",
            "+44 20 7946 0958",
            "4111 1111 1111 1112",
            "booking 2026-11-30 / 12:15",
            "4111 1111 and 1111 1111",
            "£1,234.56",
            "123456789012",
            "4111, 1111, 1111, 1111",
            "4111 / 1111 / 1111 / 1111",
        ] {
            assert!(!has_card_number(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_number_with_its_check_digit_is_found(
            digits in "[1-9][0-9]{11,17}",
            blank in "[ ./:,|-]",
            every in 1usize..6,
        ) {
            let whole = (0..10)
                .map(|check| format!("{digits}{check}"))
                .find(|whole| has_card_number(whole));
            let whole = whole.expect("one of ten check digits is right");
            let letters: Vec<char> = whole.chars().collect();
            let groups: Vec<String> = letters.chunks(every).map(|group| group.iter().collect()).collect();
            let text = format!("a {}, b", groups.join(&blank));
            prop_assert!(has_card_number(&text), "{}", text);
        }
    }
}
