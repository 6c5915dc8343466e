//! Sentences for staff.

mod cards;
mod dates;
mod operations;
mod refunds;
mod refusals;
mod renewals;
mod warnings;

pub(crate) use cards::{brand, card_name, shown_card, title};
pub(crate) use dates::{clock_time, day, day_and_time, long_day, moment, say_span};
pub(crate) use operations::*;
pub(crate) use refunds::{OFF, purpose, said};
pub(crate) use refusals::refusal;
pub(crate) use renewals::renewal_ended;
pub(crate) use warnings::{clock, lapsed, warning};
