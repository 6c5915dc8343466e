//! A card's number where none belongs: what is typed is sealed for ever, backed up, printed and sent to Dojo.

use std::ops::{Range, RangeInclusive};

/// How many digits a card's number has (ISO/IEC 7812).
const DIGITS: RangeInclusive<usize> = 13..=19;

/// Where digits begin whose nine others follow: Unicode's decimal digits (general category Nd), then superscripts,
/// subscripts and those with something around them.
const ZEROS: [u32; 68] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50,
    0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40,
    0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x11066,
    0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0, 0x11950,
    0x11c50, 0x11d50, 0x11da0, 0x16a60, 0x16ac0, 0x16b50, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6,
    0x1e140, 0x1e2f0, 0x1e950, 0x1fbf0, 0x2070, 0x2080,
];

/// Where such digits begin with their one; their zero is elsewhere.
const ONES: [u32; 5] = [0x2460, 0x2776, 0x2780, 0x278a, 0x24f5];

/// Digits that no such row has: circled zeros, and three superscripts of an older standard.
const OTHERS: [(u32, u32); 6] = [
    (0x24ea, 0),
    (0x24ff, 0),
    (0x1f10b, 0),
    (0xb9, 1),
    (0xb2, 2),
    (0xb3, 3),
];

/// Whether a card's number stands in `text`: [`card_numbers`].
pub fn has_card_number(text: &str) -> bool {
    !card_numbers(text).is_empty()
}

/// Where card numbers stand in `text`, in bytes and in order: 13 to 19 digits with the right check digit, in one piece
/// or in groups with blanks, dashes or dots between them, or with any one other sign that is no letter; one that runs
/// into its expiry date; and groups as cards print them, with up to three signs or one letter between them.
pub fn card_numbers(text: &str) -> Vec<Range<usize>> {
    let all = groups(text);
    let mut found = Vec::new();
    for run in all.chunk_by(|_, next| next.gap.is_narrow()) {
        found.extend(cards(run));
    }
    let is_new = |found: &[Range<usize>], one: &Range<usize>| {
        found
            .iter()
            .all(|known| known.end <= one.start || one.end <= known.start)
    };
    for one in all.iter().filter(|group| runs_into_its_date(group)) {
        if is_new(&found, &one.bytes) {
            found.push(one.bytes.clone());
        }
    }
    for one in printed(&all) {
        if is_new(&found, &one) {
            found.push(one);
        }
    }
    found.sort_by_key(|one| one.start);
    found
}

/// `text` with dots where card numbers stood.
pub fn without_card_numbers(text: &str) -> String {
    let (mut kept, mut from) = (String::with_capacity(text.len()), 0);
    for number in card_numbers(text) {
        kept.push_str(text.get(from..number.start).unwrap_or_default());
        kept.push('…');
        from = number.end;
    }
    kept.push_str(text.get(from..).unwrap_or_default());
    kept
}

/// All digits of `text`.
fn groups(text: &str) -> Vec<Group> {
    let mut all = Vec::<Group>::new();
    let mut gap = Gap::default();
    for (at, letter) in text.char_indices() {
        let end = at.saturating_add(letter.len_utf8());
        if let Some(digit) = digit(letter) {
            match all.last_mut().filter(|_| gap == Gap::default()) {
                Some(group) => group.push(digit, end),
                None => all.push(Group::begin(digit, at..end, gap)),
            }
            gap = Gap::default();
        } else if !is_unseen(letter) {
            gap.push(letter);
        }
    }
    all
}

/// What stands between two groups of digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Gap {
    /// Everything that takes room.
    signs: usize,
    letters: usize,
    /// Neither letters nor blanks, dashes and dots.
    others: usize,
    /// A sign with a blank beside it divides two things.
    is_divided: bool,
}

impl Gap {
    fn push(&mut self, letter: char) {
        self.signs = self.signs.saturating_add(1);
        if letter.is_alphanumeric() {
            self.letters = self.letters.saturating_add(1);
        } else if is_between(letter) {
            self.is_divided |= self.others > 0;
        } else {
            self.others = self.others.saturating_add(1);
        }
    }

    /// Whether digits with it in between may be any card's number.
    const fn is_narrow(self) -> bool {
        self.letters == 0 && self.others <= 1 && !self.is_divided
    }

    /// Whether groups as cards print them, with it in between, are read as one number.
    const fn is_between_printed(self) -> bool {
        self.signs <= 3 && (self.letters == 0 || self.signs == 1)
    }
}

/// Digits without anything between them.
struct Group {
    digits: Vec<u32>,
    bytes: Range<usize>,
    /// Before it.
    gap: Gap,
}

impl Group {
    fn begin(digit: u32, bytes: Range<usize>, gap: Gap) -> Self {
        Self {
            digits: vec![digit],
            bytes,
            gap,
        }
    }

    fn push(&mut self, digit: u32, end: usize) {
        self.digits.push(digit);
        self.bytes.end = end;
    }
}

fn digit(letter: char) -> Option<u32> {
    let code = u32::from(letter);
    let from_zero = ZEROS.iter().filter_map(|zero| code.checked_sub(*zero));
    let from_one = ONES
        .iter()
        .filter_map(|one| code.checked_sub(*one)?.checked_add(1));
    let mut digits = from_zero.chain(from_one);
    let other = || {
        OTHERS
            .iter()
            .find(|(other, _)| *other == code)
            .map(|(_, digit)| *digit)
    };
    digits.find(|digit| *digit < 10).or_else(other)
}

/// It takes no room, or stands on the sign before it, as a keycap does: a number with it in reads like one without.
const fn is_unseen(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
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

/// How cards print their digits: Visa, Mastercard and most others; the same with three more; American Express; Diners.
const PRINTED: [&[usize]; 4] = [&[4, 4, 4, 4, 3], &[4, 4, 4, 4], &[4, 6, 5], &[4, 6, 4]];

/// Groups as cards print them, of a scheme that we know: what stands between them may be more then.
fn printed(groups: &[Group]) -> Vec<Range<usize>> {
    let (mut found, mut from) = (Vec::new(), 0);
    while let Some(rest) = groups.get(from..).filter(|rest| !rest.is_empty()) {
        let length = PRINTED.iter().find_map(|sizes| {
            let some = rest.get(..sizes.len())?;
            let digits: Vec<u32> = some.iter().flat_map(|group| &group.digits).copied().collect();
            let is_printed = some
                .iter()
                .zip(*sizes)
                .all(|(group, size)| group.digits.len() == *size)
                && some.iter().skip(1).all(|group| group.gap.is_between_printed())
                && is_of_a_scheme(&digits)
                && luhn(&digits);
            is_printed.then_some(sizes.len())
        });
        if let (Some(first), Some(last)) = (
            rest.first(),
            length.and_then(|length| rest.get(length.saturating_sub(1))),
        ) {
            found.push(first.bytes.start..last.bytes.end);
        }
        from = from.saturating_add(length.unwrap_or(1));
    }
    found
}

/// The number of a piece of digits.
fn value(digits: &[u32]) -> u32 {
    digits.iter().fold(0_u32, |value, digit| {
        value.saturating_mul(10).saturating_add(*digit)
    })
}

/// Whether a card of a scheme that guests show here begins like that: Visa, Mastercard, Maestro, American Express,
/// Diners, Discover, UnionPay, JCB.
fn is_of_a_scheme(digits: &[u32]) -> bool {
    let first = |count: usize| digits.get(..count).map_or(0, value);
    matches!(first(1), 4 | 6)
        || matches!(first(2), 34 | 36..=39 | 50..=58)
        || matches!(first(3), 300..=305)
        || matches!(first(4), 2221..=2720 | 3528..=3589)
}

/// How many digits a card has that begins like that, where its date is to be found behind it.
fn usual_length(digits: &[u32]) -> usize {
    match digits.get(..2).map_or(0, value) {
        34 | 37 => 15,
        36 | 38 | 39 => 14,
        _ => 16,
    }
}

/// A card's number, month and year, and perhaps the three or four digits from its back, in one piece: `4…1227`.
fn runs_into_its_date(group: &Group) -> bool {
    let Some((number, date)) = group.digits.split_at_checked(usual_length(&group.digits)) else {
        return false;
    };
    let is_month = |month: &[u32]| (1..=12).contains(&value(month));
    let short = date.get(..2).is_some_and(is_month) && matches!(date.len(), 4 | 7 | 8);
    let long = date.get(..2).is_some_and(is_month)
        && date.get(2..4).is_some_and(|century| *century == [2, 0])
        && matches!(date.len(), 6 | 9 | 10);
    (short || long) && is_of_a_scheme(number) && luhn(number)
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
    use super::{has_card_number, without_card_numbers};
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
            "4111, 1111, 1111, 1111",
            "4111 / 1111 / 1111 / 1111",
            "3782, 822463, 10005",
            "41111111111111111227",
            "4111111111111111122027",
            "41111111111111110127123",
            "4111(1111)(1111)1111",
            "4111x1111x1111x1111",
            "4111 – 1111 – 1111 – 1111",
            "𝟒𝟏𝟏𝟏 𝟏𝟏𝟏𝟏 𝟏𝟏𝟏𝟏 𝟏𝟏𝟏𝟏",
            "④①①①①①①①①①①①①①①①",
            "⁴¹¹¹¹¹¹¹¹¹¹¹¹¹¹¹",
            "4\u{fe0f}\u{20e3}1\u{fe0f}\u{20e3}11 1111 1111 1111\u{fe0f}\u{20e3}",
            "4\u{335}1\u{335}11 1111 1111 1111",
            "the card 4111, 1111, 1111, 1111, exp 12/27",
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
            // Years, rooms, sums and telephone numbers in a row; with the check digit right by chance.
            "1981, 1985, 1990, 2004",
            "2018 / 2019 / 2020 / 2026",
            "rooms 101, 102, 103, 104, 1111",
            "£1,200.00, £1,500.00, £40.00, £8.01",
            "07700 900123, 07700 900456, 020 7946 0958",
            "+44 7700 900123 / +44 7700 900456",
            "4x4, 11x11, 11x11",
            "2 x 1111, 4111, 1112",
            "0199f3a2-1111-7abc-8def-123456789012",
            "4111 (room), 1111 (pin), 1111, 1111",
            "booking 41111111111111111399",
            "4111, 1111, 1111, 1112",
        ] {
            assert!(!has_card_number(text), "{text}");
        }
    }

    #[test]
    fn what_stood_around_a_card_number_stays() {
        for (text, kept) in [
            ("Card 4111, 1111, 1111, 1111 declined", "Card … declined"),
            ("4111111111111111 and 5555 5555 5555 4444", "… and …"),
            ("41111111111111111227!", "…!"),
            ("Zoë, table 4", "Zoë, table 4"),
        ] {
            assert_eq!(without_card_numbers(text), kept);
        }
    }

    /// With its check digit, and in groups of four.
    fn of_four(digits: &str) -> (String, Vec<String>) {
        let whole = (0..10).map(|check| format!("{digits}{check}"));
        let whole = whole
            .into_iter()
            .find(|whole| has_card_number(whole))
            .expect("one of ten check digits is right");
        let letters: Vec<char> = whole.chars().collect();
        let groups = letters.chunks(4).map(|four| four.iter().collect()).collect();
        (whole, groups)
    }

    proptest! {
        #[test]
        fn a_card_as_it_is_printed_is_found_whatever_stands_between(
            digits in "[456][0-9]{14}",
            between in "[ ,./:()|x*-]|, | / | [|-] |[)][(]| [(]|[)] ",
            before in "(|tel 07700 900123, |room 4 / )",
        ) {
            let (_, groups) = of_four(&digits);
            prop_assume!(!digits.starts_with("59"));
            let text = format!("{before}{}", groups.join(&between));
            prop_assert!(has_card_number(&text), "{}", text);
            prop_assert!(!has_card_number(&without_card_numbers(&text)), "{}", text);
        }

        #[test]
        fn a_card_that_runs_into_its_date_is_found(
            digits in "4[0-9]{14}",
            month in 1u32..13,
            year in 24u32..40,
            back in "([0-9]{3})?",
        ) {
            let (whole, _) = of_four(&digits);
            let text = format!("{whole}{month:02}{year}{back}");
            prop_assert!(has_card_number(&text), "{}", text);
        }

        #[test]
        fn telephone_numbers_sums_and_dates_can_be_typed(
            phones in prop::collection::vec("(07[0-9]{3} [0-9]{6}|[+]44 20 [0-9]{4} [0-9]{4})", 1..3),
            sums in prop::collection::vec("£[1-9][0-9]{0,2}[.][0-9]{2}", 0..5),
            date in "20[0-9]{2}-[01][0-9]-[0-3][0-9]",
        ) {
            // A telephone number of 13 digits and more beside another one isn't told from a card's by its digits.
            let text = format!("{date}; {}; {}", sums.join(", "), phones.join(" or "));
            prop_assert!(!has_card_number(&text), "{}", text);
        }

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
