//! Parts of words, for an index that is kept elsewhere and may know no words: a store keeps a keyed hash of each part,
//! and asks for those of what somebody typed. A part is found as it is, so that no store has to compare words.
//!
//! A part says first how it stands in its word: `=` it is the whole, `^` its beginning, `*` within it. For slips, `3`
//! and `4` are letters of its beginning in their order, of which some were left out.

use crate::edit_distance::near;
use crate::tokenize::{Word, may_be_inside, rank_of, split};
use holdfast_domain::plain;
use std::collections::BTreeSet;

/// Of how many first letters some are left out, and how many stay: where one slip is forgiven, and where two are.
///
/// Each slip takes at most one letter from what two words have in common, and of that many first letters either word's
/// are all there. So what is near has these letters in common.
const ONE_SLIP: (char, usize, usize) = ('3', 4, 3);
const TWO_SLIPS: (char, usize, usize) = ('4', 6, 4);

/// All parts of the words in these texts by which they are found.
pub fn parts_of(texts: &[&str]) -> BTreeSet<String> {
    let mut parts = BTreeSet::new();
    for word in words_in(texts) {
        parts.insert(format!("={word}"));
        let begins: Vec<usize> = word.char_indices().map(|(at, _)| at).collect();
        let ends = || begins.iter().skip(1).copied().chain([word.len()]);
        for end in ends() {
            parts.insert(format!("^{}", &word[..end]));
        }
        for begin in begins.iter().skip(1) {
            let inner = ends().filter_map(|end| word.get(*begin..end));
            let inner = inner.filter(|part| may_be_inside(part));
            parts.extend(inner.map(|part| format!("*{part}")));
        }
        let letters: Vec<char> = word.chars().collect();
        parts.extend(some_letters(&letters, ONE_SLIP));
        parts.extend(some_letters(&letters, TWO_SLIPS));
    }
    parts
}

/// The words in these texts, plain.
pub fn words_in(texts: &[&str]) -> Vec<String> {
    texts.iter().flat_map(|text| split(&plain(text))).collect()
}

/// Every choice of that number of the first letters. Only a word of letters alone is forgiven a slip.
fn some_letters(word: &[char], (kind, first, kept): (char, usize, usize)) -> BTreeSet<String> {
    let first = &word[..word.len().min(first)];
    let choices = (0_u32..1 << first.len()).filter(|choice| choice.count_ones() as usize == kept);
    let chosen = choices.map(|choice| {
        let those = (0_u32..).zip(first).filter(|(at, _)| choice & (1 << at) != 0);
        those.map(|(_, letter)| *letter).collect::<Vec<char>>()
    });
    let of_letters = chosen.filter(|letters| letters.iter().all(|letter| letter.is_alphabetic()));
    of_letters
        .map(|letters| std::iter::once(kind).chain(letters).collect())
        .collect()
}

impl Word {
    /// The parts of which a tab's words have to have one, each with how well it then fits, the best first.
    pub fn parts(&self) -> Vec<(u32, String)> {
        let all = || self.spellings();
        let whole = all().map(|text| (rank_of(true, true), format!("={text}")));
        let begins = all().map(|text| (rank_of(true, false), format!("^{text}")));
        let inside = all().filter(|text| may_be_inside(text));
        let inside = inside.map(|text| (rank_of(false, false), format!("*{text}")));
        whole.chain(begins).chain(inside).collect()
    }

    /// Parts of which every word has one that fits with a slip or two; [`Word::slipped`] says whether it does.
    pub fn near_parts(&self) -> Vec<String> {
        let Some(near) = near(self.letters()) else {
            return Vec::new();
        };
        let choice = if near.most() == 1 { ONE_SLIP } else { TWO_SLIPS };
        some_letters(self.letters(), choice).into_iter().collect()
    }

    /// How well it fits the nearest of `words`, with a slip or two.
    pub fn slipped(&self, words: &[String]) -> Option<u32> {
        let near = near(self.letters())?;
        words.iter().filter_map(|word| near.rank(word)).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokenize::of_query;

    #[test]
    fn a_word_has_its_beginnings_its_middles_and_some_of_its_letters() {
        let all = |text: &str| parts_of(&[text]).into_iter().collect::<Vec<_>>().join(" ");
        assert_eq!(all("Zoë 14"), "3zoe =14 =zoe ^1 ^14 ^z ^zo ^zoe");
        assert_eq!(
            all("abcde"),
            "*bcd *bcde *cde 3abc 3abd 3acd 3bcd 4abcd 4abce 4abde 4acde 4bcde =abcde ^a ^ab ^abc ^abcd ^abcde"
        );
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_near_has_a_part_in_common(word in "[a-d]{4,9}", other in "[a-d1]{0,10}") {
            let words = of_query(&word);
            let has = parts_of(&[&other]);
            if words[0].slipped(&words_in(&[&other])).is_some() {
                let parts = words[0].near_parts();
                proptest::prop_assert!(parts.iter().any(|part| has.contains(part)), "{parts:?} {has:?}");
            }
        }
    }
}
