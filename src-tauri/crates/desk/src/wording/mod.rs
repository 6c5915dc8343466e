//! Sentences for staff.

pub(crate) mod attention;
mod cards;
pub(crate) mod consent;
mod dates;
mod details;
mod events;
pub(crate) mod link_mail;
pub(crate) mod moves;
pub(crate) mod night;
pub(crate) mod not_done;
mod operations;
mod outcomes;
pub(crate) mod papers;
mod refunds;
mod refusals;
mod renewals;
pub(crate) mod settings;
pub(crate) mod tabs;
pub(crate) mod takes;
mod warnings;

pub(crate) use cards::{brand, card_name, shown_card, title};
pub(crate) use dates::{day, day_and_time, long_day, moment, say_span};
pub(crate) use details::{said, why};
pub(crate) use events::{About, contradicts, event, history, of_house};
pub(crate) use night::row_trouble;
pub(crate) use operations::{caution, what};
pub(crate) use outcomes::outcome;
pub(crate) use refunds::{OFF, of_refund, refund_purpose};
pub(crate) use refusals::refusal;
pub(crate) use renewals::{old_is_needed, renewal_ended};
pub(crate) use settings::{setting, settings_change};
pub(crate) use tabs::tab_state;
pub(crate) use warnings::{clock, lapsed, warning};
