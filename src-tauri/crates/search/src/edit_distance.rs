//! Words that somebody misspelt or misheard: how many letters apart two words are.

/// How well a word fits with one slip.
pub const ONE_SLIP_RANK: u32 = 8;

/// How much less well with each more.
const SLIP_WEIGHT: u32 = 4;

/// In shorter words no slip is forgiven.
const SHORTEST_WORD_LETTERS: usize = 4;

/// Letters that are compared: names are not longer.
const LONGEST_WORD_LETTERS: usize = 24;

/// How many letters may be wrong, missing, too many or swapped.
const fn allowed(letters: usize) -> u32 {
    match letters {
        ..SHORTEST_WORD_LETTERS => 0,
        SHORTEST_WORD_LETTERS..6 => 1,
        _ => 2,
    }
}

/// A word that may have been misspelt.
pub(super) struct Near<'a> {
    word: &'a [char],
    most: u32,
    letters: u32,
}

/// None when it has no room for a slip, or is no word but a number.
pub(super) fn near(word: &[char]) -> Option<Near<'_>> {
    let most = allowed(word.len());
    let is_word = word.len() <= LONGEST_WORD_LETTERS && word.iter().all(|c| c.is_alphabetic());
    (most > 0 && is_word).then(|| Near {
        word,
        most,
        letters: letters_in(word.iter().copied()),
    })
}

/// Which letters there are, as far as 32 bits can say.
pub(super) fn letters_in(letters: impl Iterator<Item = char>) -> u32 {
    letters.fold(0, |set, letter| set | bit(letter))
}

fn bit(letter: char) -> u32 {
    1 << (u32::from(letter) % 32)
}

impl Near<'_> {
    /// How many slips are forgiven.
    pub(super) const fn most(&self) -> u32 {
        self.most
    }

    /// How well another word fits: the worse the more slips, and always worse than one without.
    pub(super) fn rank(&self, other: &str) -> Option<u32> {
        Some((ONE_SLIP_RANK + SLIP_WEIGHT).saturating_sub(SLIP_WEIGHT * self.slips(other)?))
    }

    /// Whether a word with these letters can be near: each letter that is not there at all is a slip, and one that
    /// comes twice is two.
    pub(super) fn may_be(&self, letters: u32) -> bool {
        let missing = self.letters & !letters;
        if missing == 0 || missing.count_ones() > self.most {
            return missing == 0;
        }
        let slips = self.word.iter().filter(|letter| bit(**letter) & missing != 0);
        slips.count() <= self.most as usize
    }

    /// The slips between it and the beginning of `other` (Damerau and Levenshtein: a swap of neighbours is one); none
    /// when they are too many.
    pub(super) fn slips(&self, other: &str) -> Option<u32> {
        let (word, most) = (self.word, self.most);
        let other: Vec<char> = other.chars().take(word.len() + 2).collect();
        if other.len() + 2 < word.len() {
            return None;
        }
        // One row for each beginning of `other`; the last one's end is the distance to the whole `word`.
        let first: Vec<u32> = (0..).take(word.len() + 1).collect();
        let mut best = *first.last()?;
        let (mut older, mut old) = (first.clone(), first);
        for (row, &b) in other.iter().enumerate() {
            let mut new = vec![old.first()?.saturating_add(1)];
            for (column, &a) in word.iter().enumerate() {
                let mut least = (old.get(column)? + u32::from(a != b))
                    .min(old.get(column + 1)? + 1)
                    .min(new.get(column)? + 1);
                if row > 0 && column > 0 && word.get(column - 1) == Some(&b) && other.get(row - 1) == Some(&a)
                {
                    least = least.min(older.get(column - 1)? + 1);
                }
                new.push(least);
            }
            best = best.min(*new.last()?);
            older = std::mem::replace(&mut old, new);
        }
        (best <= most).then_some(best)
    }
}

#[cfg(test)]
mod tests {
    use super::{letters_in, near};

    #[test]
    fn a_slip_in_a_short_word_two_in_a_longer_one_none_in_three_letters_or_in_digits() {
        let all = " ana smith stephen brandt 1005 ";
        for (word, slips) in [
            ("smiht", Some(1)),
            ("smit", Some(0)),
            ("smyth", Some(1)),
            ("steven", Some(2)),
            ("brant", Some(1)),
            ("brandtt", Some(1)),
            ("shmit", Some(1)),
            ("ann", None),
            ("1006", None),
            ("stefanie", None),
        ] {
            let letters: Vec<char> = word.chars().collect();
            let found = near(&letters).and_then(|near| {
                let others = all
                    .split(' ')
                    .filter(|other| near.may_be(letters_in(other.chars())));
                others.filter_map(|other| near.slips(other)).min()
            });
            assert_eq!(found, slips, "{word}");
        }
    }

    /// Or every word of a large ledger would be compared, letter by letter.
    #[test]
    fn a_letter_that_comes_often_is_missed_as_often() {
        let letters: Vec<char> = "zzzz".chars().collect();
        let near = near(&letters).unwrap();
        assert!(!near.may_be(letters_in("brandt".chars())));
        assert!(near.may_be(letters_in("jazz".chars())));
    }

    proptest::proptest! {
        #[test]
        fn no_word_is_passed_over_that_is_near(word in "[a-e]{4,8}", other in "[a-g]{0,10}") {
            let letters: Vec<char> = word.chars().collect();
            let near = near(&letters).unwrap();
            if near.slips(&other).is_some() {
                proptest::prop_assert!(near.may_be(letters_in(other.chars())));
            }
        }
    }
}
