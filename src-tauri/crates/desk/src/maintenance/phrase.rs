//! The recovery phrase that copies in the second folder are encrypted to: drawn, shown once, confirmed by two of its
//! words, and then forgotten here. Only its public key is kept.

use crate::maintenance::Backups;
use crate::wording::phrases::{NO_CHANCE, NOT_SHOWN, not_this_word};
use crate::{AppError, ErrorCode, Field, FieldError, Settings};
use holdfast_sealed_copy::{Phrase, WORDS};
use serde::Serialize;
use ts_rs::TS;
use uuid::Uuid;

/// How many of its words a person types to confirm that it's written down.
const WORDS_ASKED: usize = FIELDS.len();

/// Where they are typed.
const FIELDS: [Field; 2] = [Field::FirstWord, Field::SecondWord];

/// A phrase that was shown and isn't confirmed yet.
#[derive(Debug)]
pub(crate) struct ShownPhrase {
    phrase: Phrase,
    asked: [usize; WORDS_ASKED],
}

/// A recovery phrase, for the one time that it's shown. It has no `Debug`: no log may have it.
#[derive(Serialize, TS)]
#[ts(export)]
pub struct RecoveryPhrase {
    /// Its words, in their order.
    pub words: Vec<String>,
    /// Which of them are asked for, counted from 1.
    pub asked: Vec<usize>,
}

impl Backups {
    /// Draws a phrase. The one that was shown before and never confirmed counts no longer.
    pub(crate) fn draw_phrase(&self) -> Result<RecoveryPhrase, AppError> {
        let phrase = Phrase::draw().map_err(|_| AppError::new(ErrorCode::Internal, NO_CHANCE))?;
        let asked = two_of(WORDS);
        let shown = RecoveryPhrase {
            words: phrase.words().map(str::to_owned).collect(),
            asked: asked.map(|index| index + 1).to_vec(),
        };
        if let Ok(mut pending) = self.shown_phrase.lock() {
            *pending = Some(ShownPhrase { phrase, asked });
        }
        Ok(shown)
    }

    /// From now on copies in the second folder are encrypted to the phrase that was shown last.
    pub(crate) async fn confirm_phrase(&self, typed: &[String]) -> Result<Settings, AppError> {
        let recipient = {
            let pending = self.shown_phrase.lock();
            let not_shown = || AppError::new(ErrorCode::NotFound, NOT_SHOWN);
            let pending = pending.map_err(|_| not_shown())?;
            let shown = pending.as_ref().ok_or_else(not_shown)?;
            let words: Vec<&str> = shown.phrase.words().collect();
            let mut problems = Vec::new();
            for (number, (index, field)) in shown.asked.iter().zip(FIELDS).enumerate() {
                let typed = typed.get(number).map(|word| word.trim().to_lowercase());
                if words.get(*index).copied() != typed.as_deref() {
                    problems.push(FieldError::new(field, not_this_word(index + 1)));
                }
            }
            if !problems.is_empty() {
                return Err(AppError::invalid(problems));
            }
            shown.phrase.recipient()
        };
        let settings = self.context.set_backup_recipient(recipient).await?;
        if let Ok(mut pending) = self.shown_phrase.lock() {
            *pending = None;
        }
        Ok(settings)
    }
}

/// Two different places below `count`, the lower one first. A new id ends in random bytes, which is enough to pick by.
fn two_of(count: usize) -> [usize; WORDS_ASKED] {
    let drawn = Uuid::now_v7().into_bytes();
    let one = usize::from(drawn[15]) % count;
    let other = (one + 1 + usize::from(drawn[14]) % (count - 1)) % count;
    [one.min(other), one.max(other)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_places_are_never_one() {
        for _ in 0..1_000 {
            let [one, other] = two_of(WORDS);
            assert!(one < other && other < WORDS, "{one} {other}");
        }
    }
}
