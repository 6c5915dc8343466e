//! A card's number where none belongs: what is typed is sealed for ever, backed up, printed and sent to Dojo.

/// How many digits a card's number has (ISO/IEC 7812).
const DIGITS: std::ops::RangeInclusive<usize> = 13..=19;

/// Whether a card's number stands in `text`: 13 to 19 digits with the right check digit, in one piece or in groups with
/// blanks, dashes or dots between them.
pub fn has_card_number(text: &str) -> bool {
    let mut run: Vec<Vec<u32>> = Vec::new();
    let mut in_group = false;
    for letter in text.chars() {
        match digit(letter) {
            Some(digit) if in_group => run.last_mut().into_iter().for_each(|group| group.push(digit)),
            Some(digit) => run.push(vec![digit]),
            None if is_between(letter) => {}
            None => {
                if is_card(&run) {
                    return true;
                }
                run.clear();
            }
        }
        in_group = digit(letter).is_some();
    }
    is_card(&run)
}

/// Also the wide digits of East Asian keyboards.
fn digit(letter: char) -> Option<u32> {
    letter
        .to_digit(10)
        .or_else(|| u32::from(letter).checked_sub(0xff10).filter(|digit| *digit < 10))
}

fn is_between(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '-' | '.' | '_' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// Whether some of the groups, one after another and whole, are a card's number. A telephone number before it doesn't
/// hide it.
fn is_card(groups: &[Vec<u32>]) -> bool {
    (0..groups.len()).any(|from| {
        let mut digits = Vec::new();
        groups.iter().skip(from).any(|group| {
            digits.extend_from_slice(group);
            DIGITS.contains(&digits.len()) && luhn(&digits)
        })
    })
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
        ] {
            assert!(!has_card_number(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_number_with_its_check_digit_is_found(
            digits in "[1-9][0-9]{11,17}",
            blank in "[ -]",
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
