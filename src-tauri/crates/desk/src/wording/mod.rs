//! Sentences for staff.

mod cards;
mod dates;
mod operations;
mod refunds;
mod refusals;

pub(crate) use cards::{brand, card_name, shown_card, title};
pub(crate) use dates::{day, long_day, moment};
pub(crate) use operations::*;
pub(crate) use refunds::{OFF, purpose, said};
pub(crate) use refusals::refusal;
