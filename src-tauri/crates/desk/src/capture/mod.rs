//! Taking: how what is due is split over the holds, and one operation on each.

mod ask_rest;
mod confirm;
mod split;
mod take;

pub(crate) use confirm::ToConfirm;
pub(crate) use split::{HoldShare, Sums, split, sums};
pub(crate) use take::NOTHING_DUE;
pub use take::{Agreed, Take, TakeTyped, Taken, Unsent};
