//! Taking: how what is due is split over the holds, and one operation on each.

mod ask_rest;
mod split;
mod take;

pub(crate) use split::{HoldShare, Sums, split, sums};
pub use take::{Agreed, Take, TakeTyped, Taken, Unsent};
