//! The recovery phrase: twelve English words of BIP 39, 128 bits by chance and a check that notices a slip of the pen.

use age::x25519::Identity;
use bech32::{ToBase32, Variant};
use bip39::{Error, Language, Mnemonic};
use rand::TryRngCore;
use rand::rngs::OsRng;
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;
use zeroize::Zeroizing;

/// How many words a phrase has.
pub const WORDS: usize = 12;

/// Bytes that are drawn for them.
const ENTROPY_BYTES: usize = 16;

/// What the key is derived for, so that the same words elsewhere are another key.
const PURPOSE: &[u8] = b"holdfast recovery phrase 1";

/// What age's secret keys begin with, as it writes them before it raises the letters.
const SECRET_KEY: &str = "age-secret-key-";

/// The system has no random numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system has no random numbers")]
pub struct NoChance;

/// Why words that were typed are no phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhraseProblem {
    /// How many there are: not twelve.
    #[error("a recovery phrase has 12 words; these are {0}")]
    Count(usize),
    /// This word, counted from 1, is none of the list's.
    #[error("word {0} is not a word of a recovery phrase")]
    Unknown(usize),
    /// Each is one of the list's, and together they don't fit: two changed places, or one is another.
    #[error("these words do not belong together: check each, and their order")]
    Mixed,
}

/// A recovery phrase. It is never printed; wiped from memory when it's dropped.
pub struct Phrase(Mnemonic);

impl fmt::Debug for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phrase")
    }
}

impl Phrase {
    /// Draws a new one.
    ///
    /// # Errors
    /// [`NoChance`].
    pub fn draw() -> Result<Self, NoChance> {
        let mut entropy = Zeroizing::new([0_u8; ENTROPY_BYTES]);
        OsRng.try_fill_bytes(&mut *entropy).map_err(|_| NoChance)?;
        let drawn = Mnemonic::from_entropy_in(Language::English, &*entropy);
        drawn.map(Self).map_err(|_| NoChance)
    }

    /// Reads what a person typed off the paper, whatever the case, the gaps, and the numbers beside the words.
    ///
    /// # Errors
    /// [`PhraseProblem`].
    pub fn read(typed: &str) -> Result<Self, PhraseProblem> {
        let lower = Zeroizing::new(typed.to_lowercase());
        let words: Vec<&str> = lower
            .split(|c: char| !c.is_alphabetic())
            .filter(|word| !word.is_empty())
            .collect();
        if words.len() != WORDS {
            return Err(PhraseProblem::Count(words.len()));
        }
        let plain = Zeroizing::new(words.join(" "));
        match Mnemonic::parse_in_normalized(Language::English, &plain) {
            Ok(read) => Ok(Self(read)),
            Err(Error::UnknownWord(place)) => Err(PhraseProblem::Unknown(place + 1)),
            Err(
                Error::BadWordCount(_)
                | Error::BadEntropyBitCount(_)
                | Error::InvalidChecksum
                | Error::AmbiguousLanguages(_),
            ) => Err(PhraseProblem::Mixed),
        }
    }

    /// Its words, in their order.
    pub fn words(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.0.words()
    }

    /// The public key that copies are encrypted to, `age1…`.
    pub fn recipient(&self) -> String {
        self.identity()
            .map(|secret| secret.to_public().to_string())
            .unwrap_or_default()
    }

    /// The secret key that opens them.
    pub(crate) fn identity(&self) -> Option<Identity> {
        let seed = Zeroizing::new(self.0.to_seed_normalized(""));
        let derived = Sha256::new()
            .chain_update(PURPOSE)
            .chain_update(seed.as_slice())
            .finalize();
        let secret = Zeroizing::new(<[u8; 32]>::from(derived));
        let text = bech32::encode(SECRET_KEY, secret.to_base32(), Variant::Bech32).ok();
        Identity::from_str(&Zeroizing::new(text?.to_uppercase())).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPED: &str =
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

    #[test]
    fn a_phrase_is_read_however_it_was_written_down() {
        let phrase = Phrase::read(TYPED).unwrap();
        // Once and for all: a copy of today opens with the words of today.
        assert_eq!(
            phrase.recipient(),
            "age16vs5f39uqpefsd0vqahrp04txavfgntq4c2ttl0x4pyjtgagwd3qla6zj8"
        );
        let numbered: String = (1..)
            .zip(TYPED.split(' '))
            .map(|(number, word)| format!("{number}. {}\n", word.to_uppercase()))
            .collect();
        assert_eq!(Phrase::read(&numbered).unwrap().recipient(), phrase.recipient());
    }

    #[test]
    fn a_slip_of_the_pen_is_noticed() {
        let slips = [
            ("", PhraseProblem::Count(0)),
            (&TYPED[8..], PhraseProblem::Count(11)),
            (&TYPED.replace("about", "abot"), PhraseProblem::Unknown(12)),
            (&TYPED.replace("about", "above"), PhraseProblem::Mixed),
        ];
        for (typed, problem) in slips {
            assert_eq!(Phrase::read(typed).err(), Some(problem), "{typed}");
        }
    }

    #[test]
    fn each_is_drawn_by_chance_and_never_printed() {
        let (one, other) = (Phrase::draw().unwrap(), Phrase::draw().unwrap());
        assert_eq!(one.words().count(), WORDS);
        assert_ne!(one.recipient(), other.recipient());
        assert_eq!(format!("{one:?}"), "Phrase");
        let written = one.words().collect::<Vec<_>>().join(" ");
        assert_eq!(Phrase::read(&written).unwrap().recipient(), one.recipient());
    }
}
