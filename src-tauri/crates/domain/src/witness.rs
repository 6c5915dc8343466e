//! The journal's end as somebody outside the ledger keeps it: Dojo with each request, a printed report. The seals have
//! no key, so only a copy that the file's owner can't change tells a journal that was written again.

use crate::JournalHead;
use std::fmt;
use std::str::FromStr;

/// How much of a seal is kept outside: 64 bits, which nobody finds a second text for by chance.
pub const WITNESS_DIGITS: usize = 16;

/// Where a journal ended when somebody else was told, and which journal that was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalWitness {
    /// The newest entry and the beginning of its seal.
    pub head: JournalHead,
    /// The beginning of the first entry's seal: no two journals begin alike, and a restored backup begins as its
    /// ledger did.
    pub book: String,
}

impl JournalWitness {
    /// Of a journal that ends with `head` and whose first entry has the seal `first`; none of an empty one.
    pub fn of(head: &JournalHead, first: &str) -> Option<Self> {
        Some(Self {
            head: JournalHead {
                seq: Some(head.seq).filter(|seq| *seq > 0)?,
                seal: head.seal.get(..WITNESS_DIGITS)?.to_owned(),
            },
            book: first.get(..WITNESS_DIGITS)?.to_owned(),
        })
    }
}

/// `812:9f86d081884c7d65:60303ae22b998861`: entry, its seal, the first one's.
impl fmt::Display for JournalWitness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.head.seq, self.head.seal, self.book)
    }
}

/// It isn't a journal's entry and its seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAHead;

impl FromStr for JournalWitness {
    type Err = NotAHead;

    fn from_str(text: &str) -> Result<Self, NotAHead> {
        let (head, book) = text.rsplit_once(':').ok_or(NotAHead)?;
        Ok(Self {
            head: read_head(head)?,
            book: seal(book)?,
        })
    }
}

/// What a person copies from a printed report, `812:9f86…` or `812 9F86 D081 …`: at least sixteen digits of the seal.
///
/// # Errors
/// [`NotAHead`].
pub fn read_head(text: &str) -> Result<JournalHead, NotAHead> {
    let text = text.trim();
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .filter(|end| *end > 0)
        .ok_or(NotAHead)?;
    let (seq, rest) = text.split_at(end);
    let is_apart = rest.starts_with(|c: char| c == ':' || c.is_whitespace());
    let seq = seq.parse().ok().filter(|seq| *seq > 0 && is_apart);
    let rest = rest.trim_start();
    Ok(JournalHead {
        seq: seq.ok_or(NotAHead)?,
        seal: seal(rest.strip_prefix(':').unwrap_or(rest))?,
    })
}

fn seal(text: &str) -> Result<String, NotAHead> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let is_one =
        (WITNESS_DIGITS..=64).contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_hexdigit());
    is_one.then(|| digits.to_ascii_lowercase()).ok_or(NotAHead)
}

/// What the journal has where a witness saw an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryMatch {
    /// The entry that the witness saw.
    Same,
    /// Another one.
    Other,
    /// None: the journal ends before.
    Missing,
}

/// A witness and what the journal has at its place. They are compared in the order in which they were told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Testimony {
    /// Which entry.
    pub seq: i64,
    /// What is there.
    pub entry: EntryMatch,
}

/// What all witnesses together say of a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compared {
    /// The newest entry that a witness confirms, and with it all before.
    pub agrees_to: Option<i64>,
    /// How many witnesses saw entries that a restored backup didn't have.
    pub before_restore: usize,
    /// The first entry that isn't what a witness saw, and what is there.
    pub wrong: Option<Testimony>,
}

/// Compares them, oldest first. A restore takes entries back and writes others in their places: `restores` are the
/// entries that say so. What a witness saw from such a place on is no contradiction if it was told before a witness of
/// what came after.
pub fn compare_journal(testimonies: &[Testimony], restores: &[i64]) -> Compared {
    let mut compared = Compared {
        agrees_to: None,
        before_restore: 0,
        wrong: None,
    };
    for (place, one) in testimonies.iter().enumerate() {
        if one.entry == EntryMatch::Same {
            compared.agrees_to = compared.agrees_to.max(Some(one.seq));
            continue;
        }
        let was_taken_back = restores.iter().filter(|at| **at <= one.seq).any(|at| {
            let mut before = testimonies.iter().take(place);
            !before.any(|other| other.entry == EntryMatch::Same && other.seq >= *at)
        });
        if was_taken_back {
            compared.before_restore += 1;
        } else if compared.wrong.is_none_or(|wrong| one.seq < wrong.seq) {
            compared.wrong = Some(*one);
        }
    }
    compared
}

#[cfg(test)]
mod tests {
    use super::*;
    use EntryMatch::{Missing, Other, Same};

    fn told(all: &[(i64, EntryMatch)]) -> Vec<Testimony> {
        all.iter()
            .map(|(seq, entry)| Testimony {
                seq: *seq,
                entry: *entry,
            })
            .collect()
    }

    #[test]
    fn a_witness_is_read_as_it_was_written() {
        let head = JournalHead {
            seq: 812,
            seal: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
        };
        let witness = JournalWitness::of(&head, "60303ae22b998861bce3").unwrap();
        assert_eq!(witness.to_string(), "812:9f86d081884c7d65:60303ae22b998861");
        assert_eq!(witness.to_string().parse(), Ok(witness));
        let empty = JournalHead {
            seq: 0,
            seal: String::new(),
        };
        assert_eq!(JournalWitness::of(&empty, ""), None);
        for text in [
            "",
            "812",
            "812:9f86",
            "0:9f86d081884c7d65:60303ae22b998861",
            "x:9f86d081884c7d65:60303ae22b998861",
        ] {
            assert_eq!(text.parse::<JournalWitness>(), Err(NotAHead), "{text}");
        }
    }

    #[test]
    fn a_printed_head_is_read_however_it_is_copied() {
        for text in [
            "812:9f86d081884c7d65",
            " 812: 9F86 D081 884C 7D65 ",
            "812 9f86d081 884c7d65",
            "812 9f86d081884c7d65",
        ] {
            let head = read_head(text).unwrap();
            assert_eq!(
                (head.seq, head.seal.as_str()),
                (812, "9f86d081884c7d65"),
                "{text}"
            );
        }
        for text in [
            "8129f86d081884c7d65",
            "812:9f86d081884c7d6",
            "812:9f86d081884c7d6g",
            "-1:9f86d081884c7d65",
            "é:1",
        ] {
            assert_eq!(read_head(text), Err(NotAHead), "{text}");
        }
    }

    #[test]
    fn one_agreeing_witness_vouches_for_all_before_and_the_first_that_differs_is_named() {
        let whole = compare_journal(&told(&[(3, Same), (9, Same), (7, Same)]), &[]);
        assert_eq!((whole.agrees_to, whole.wrong), (Some(9), None));
        let forged = compare_journal(&told(&[(3, Same), (9, Other), (7, Other), (12, Missing)]), &[]);
        assert_eq!(forged.agrees_to, Some(3));
        assert_eq!(forged.wrong, Some(Testimony { seq: 7, entry: Other }));
        let cut = compare_journal(&told(&[(3, Same), (12, Missing)]), &[]);
        assert_eq!(
            cut.wrong,
            Some(Testimony {
                seq: 12,
                entry: Missing
            })
        );
    }

    #[test]
    fn a_restore_explains_what_was_told_before_it_and_nothing_after() {
        // Restored at entry 5; what Dojo was told of 6 and 9 is from before, of 7 and 8 from after.
        let honest = told(&[(4, Same), (6, Other), (9, Missing), (7, Same), (8, Same)]);
        let compared = compare_journal(&honest, &[5]);
        assert_eq!(
            (compared.agrees_to, compared.before_restore, compared.wrong),
            (Some(8), 2, None)
        );
        let later = told(&[(4, Same), (6, Other), (7, Same), (9, Other)]);
        assert_eq!(
            compare_journal(&later, &[5]).wrong,
            Some(Testimony { seq: 9, entry: Other })
        );
        let below = told(&[(4, Other), (7, Same)]);
        assert_eq!(
            compare_journal(&below, &[5]).wrong,
            Some(Testimony { seq: 4, entry: Other })
        );
        // Restored once more, at entry 8.
        let twice = told(&[(6, Other), (7, Same), (9, Other), (10, Same)]);
        assert_eq!(compare_journal(&twice, &[5, 8]).wrong, None);
    }
}
