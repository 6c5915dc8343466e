//! The index against a search that looks at every tab, after tabs were added, changed and closed.

use super::edit_distance::{letters_in, near};
use super::tokenize::{self, Word, may_be_inside, rank_of};
use super::{Document, FEW_HITS, Hits, Index, MOST_COUNTED};
use crate::marks::parts_of;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Of each tab its document, and Dojo's number.
type Tabs = BTreeMap<u32, (Document, String)>;

fn as_it_is(word: &Word, has: &[String], numbers: &str) -> Option<u32> {
    let of_words = word.spellings().flat_map(|text| {
        has.iter().filter_map(move |other| {
            let begins = other.starts_with(text);
            let counts = begins || (may_be_inside(text) && other.contains(text));
            counts.then(|| rank_of(begins, other.len() == text.len()))
        })
    });
    let of_numbers = word.rank_as_number().filter(|_| numbers.contains(word.text()));
    of_words.chain(of_numbers).max()
}

fn nearly(word: &Word, has: &[String]) -> Option<u32> {
    let wanted = near(word.letters())?;
    let likely = has
        .iter()
        .filter(|other| wanted.may_be(letters_in(other.chars())));
    let slips = likely.filter_map(|other| wanted.slips(other)).min()?;
    Some(12_u32.saturating_sub(4 * slips))
}

/// By the parts of words, as an index elsewhere has them.
fn by_parts(word: &Word, has: &[String], numbers: &str) -> Option<u32> {
    let texts: Vec<&str> = has.iter().map(String::as_str).collect();
    let parts = parts_of(&texts);
    let of_words = word.parts().into_iter();
    let of_words = of_words.filter_map(|(rank, part)| parts.contains(&part).then_some(rank));
    let of_numbers = word.rank_as_number().filter(|_| numbers.contains(word.text()));
    of_words.chain(of_numbers).max()
}

/// One tab after the other.
fn look_at_all(tabs: &Tabs, words: &[Word], limit: usize) -> Hits {
    let hits = |forgives: bool| -> Vec<(u32, i64, u32, bool)> {
        let fits = |document: &Document, number: &str| {
            let has = tokenize::of(&document.texts, &document.amounts);
            words.iter().try_fold(0, |sum, word| {
                let nearly = nearly(word, &has).filter(|_| forgives);
                Some(sum + as_it_is(word, &has, number).max(nearly)?)
            })
        };
        let all = tabs.iter();
        all.filter_map(|(tab, (document, number))| {
            Some((fits(document, number)?, document.at, *tab, document.is_open))
        })
        .collect()
    };
    if words.is_empty() {
        return Hits::default();
    }
    let mut found = hits(false);
    if found.len() < FEW_HITS {
        found = hits(true);
    }
    found.sort_unstable();
    found.reverse();
    let of = |is_open: bool| found.iter().filter(move |hit| hit.3 == is_open).map(|hit| hit.2);
    Hits {
        open: of(true).take(limit).collect(),
        closed: of(false).take(limit).collect(),
        closed_count: of(false).count().min(limit.max(MOST_COUNTED)),
    }
}

prop_compose! {
    /// Few words and few letters, so that much is alike.
    fn document()(
        at in 0_i64..6,
        is_open in any::<bool>(),
        texts in prop::collection::vec("[abn]{1,5}( [an]{1,6})?|anna|1005|10[0-9]{2}|£8[0-9]|Zoë", 0..4),
        amounts in prop::collection::vec(prop_oneof![0_i64..30, 990_i64..1_020, Just(100_000)], 0..3),
        number in "(pi_sandbox_[ab1]{4})?",
    ) -> (Document, String) {
        (Document { at, is_open, texts, amounts }, number)
    }
}

/// What people type: words, amounts and a part of Dojo's number.
const QUERY: &str = "[abn]{1,6}( [abn]{1,4})?|1[0-9]{0,3}|10.0[0-9]?|£0,1|zoe|pi_sandbox_[ab1]{1,3}";

proptest! {
    #[test]
    fn it_finds_what_looking_at_every_tab_finds(
        puts in prop::collection::vec((0_u32..14, document(), any::<bool>()), 0..40),
        queries in prop::collection::vec(QUERY, 1..6),
        limit in 0_usize..6,
    ) {
        let (mut index, mut tabs) = (Index::default(), Tabs::new());
        for (place, document, shrinks) in puts {
            index.put(place, &document.0);
            tabs.insert(place, document);
            if shrinks {
                index.shrink();
            }
        }
        for query in queries {
            let words = tokenize::of_query(&query);
            let with = |word: &Word| {
                let tabs = tabs.iter().filter(|(_, (_, number))| number.contains(word.text()));
                tabs.map(|(place, _)| *place).collect()
            };
            let by_number: Vec<Vec<u32>> = words.iter().map(with).collect();
            prop_assert_eq!(index.find(&words, &by_number, limit), look_at_all(&tabs, &words, limit), "{}", query);
            for (word, (document, number)) in words.iter().flat_map(|word| tabs.values().map(move |tab| (word, tab))) {
                let has = tokenize::of(&document.texts, &document.amounts);
                prop_assert_eq!(by_parts(word, &has, number), as_it_is(word, &has, number), "{}", query);
            }
        }
    }
}
