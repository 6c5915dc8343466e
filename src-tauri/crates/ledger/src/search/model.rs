//! The index against a search that looks at every tab, whatever came, changed its words and was put away.

use super::near::{letters_in, near};
use super::words::{self, Word, may_be_inside, rank_of};
use super::{FEW, Found, Index, Remembered};
use holdfast_domain::TabId;
use proptest::prelude::*;
use std::collections::BTreeMap;
use uuid::Uuid;

fn as_it_is(word: &Word, has: &[String], numbers: &str) -> Option<u32> {
    let of_words = word.spellings().flat_map(|text| {
        has.iter().filter_map(move |other| {
            let begins = other.starts_with(text);
            let counts = begins || (may_be_inside(text) && other.contains(text));
            counts.then(|| rank_of(begins, other.len() == text.len()))
        })
    });
    let of_numbers = word
        .is_number_of_dojos()
        .filter(|_| numbers.contains(word.text()));
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

/// One tab after the other.
fn look_at_all(tabs: &BTreeMap<TabId, Remembered>, query: &str, limit: usize) -> Found {
    let words = words::of_query(query);
    let hits = |forgives: bool| -> Vec<(u32, i64, TabId, bool)> {
        let fits = |said: &Remembered| {
            let has = words::of(&said.texts, &said.amounts);
            let numbers = words::of(&said.numbers, &[]).join(" ");
            words.iter().try_fold(0, |sum, word| {
                let nearly = nearly(word, &has).filter(|_| forgives);
                Some(sum + as_it_is(word, &has, &numbers).max(nearly)?)
            })
        };
        let all = tabs.iter();
        all.filter_map(|(tab, said)| Some((fits(said)?, said.at, *tab, said.is_open)))
            .collect()
    };
    if words.is_empty() {
        return Found::default();
    }
    let mut found = hits(false);
    if found.len() < FEW {
        found = hits(true);
    }
    found.sort_unstable();
    found.reverse();
    let of = |is_open: bool| found.iter().filter(move |hit| hit.3 == is_open).map(|hit| hit.2);
    Found {
        open: of(true).take(limit).collect(),
        closed: of(false).take(limit).collect(),
        closed_count: of(false).count(),
    }
}

prop_compose! {
    /// Few words and few letters, so that much is alike.
    fn said()(
        at in 0_i64..6,
        is_open in any::<bool>(),
        texts in prop::collection::vec("[abn]{1,5}( [an]{1,6})?|anna|1005|10[0-9]{2}|£8[0-9]|Zoë", 0..4),
        amounts in prop::collection::vec(prop_oneof![0_i64..30, 990_i64..1_020, Just(100_000)], 0..3),
        numbers in prop::collection::vec("pi_sandbox_[ab1]{4}", 0..2),
    ) -> Remembered {
        Remembered { at, is_open, texts, amounts, numbers }
    }
}

proptest! {
    #[test]
    fn it_finds_what_looking_at_every_tab_finds(
        puts in prop::collection::vec((0_u64..14, said()), 0..40),
        queries in prop::collection::vec("[abn]{1,6}( [abn]{1,4})?|1[0-9]{0,3}|10.0[0-9]?|£0,1|zoe|pi_sandbox_[ab1]{1,3}", 1..6),
        limit in 0_usize..6,
    ) {
        let (mut index, mut tabs) = (Index::default(), BTreeMap::new());
        for (number, said) in puts {
            let tab = TabId(Uuid::from_u64_pair(0, number));
            index.put(tab, &said);
            tabs.insert(tab, said);
        }
        for query in queries {
            prop_assert_eq!(index.find(&query, limit), look_at_all(&tabs, &query, limit), "{}", query);
        }
    }
}
