//! The recovery phrase for encrypted copies of backups.

pub(crate) const NO_CHANCE: &str =
    "This PC gives no random numbers, so there’s no phrase. Restart it and try again.";
pub(crate) const NOT_SHOWN: &str = "Make a recovery phrase first, and write it down.";

/// The word with this number, counted from 1, is another one.
pub(crate) fn not_this_word(number: usize) -> String {
    format!("That isn’t word {number}. Look at what you wrote down.")
}
