//! Copies of the ledger that leave this PC, encrypted to a key that is made of a phrase on paper.
//!
//! The copies are age files (age-encryption.org/v1, X25519). To make one takes the public key alone, so the till keeps
//! no secret; to open one takes the twelve words that were shown once.

mod copy;
mod phrase;

pub use copy::{NotOpened, NotSealed, open, seal};
pub use phrase::{NoChance, Phrase, PhraseProblem, WORDS};
