//! Taking: what is due on a tab, how it is split over the holds, and one operation on each.

mod ask_rest;
mod due;
mod split;
mod take;

pub(crate) use due::{at_hand, charged_again, may, missing, paid, settling, takeable};
pub(crate) use split::{HoldShare, Sums, split, sums};
pub use take::{Agreed, Take, TakeTyped, Taken, Unsent};
