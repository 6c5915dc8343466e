//! Sentences for staff.

pub(crate) mod attention;
pub(crate) mod banners;
pub(crate) mod buttons;
mod cards;
pub(crate) mod closing;
pub(crate) mod consent;
pub(crate) mod dates;
mod details;
mod events;
pub(crate) mod floor;
pub(crate) mod guests;
pub(crate) mod holds;
pub(crate) mod imports;
pub(crate) mod journal;
pub(crate) mod keys;
mod ledger;
pub(crate) mod link_mail;
pub(crate) mod moves;
pub(crate) mod network;
pub(crate) mod night;
pub(crate) mod not_done;
pub(crate) mod not_possible;
pub(crate) mod notices;
pub(crate) mod opening;
mod operations;
mod outcomes;
pub(crate) mod papers;
pub(crate) mod phrases;
pub(crate) mod refunds;
mod refusals;
pub(crate) mod renewals;
pub(crate) mod reports;
pub(crate) mod restore;
pub(crate) mod search;
pub(crate) mod settings;
pub(crate) mod support;
pub(crate) mod tabs;
pub(crate) mod takes;
pub(crate) mod typing;
mod warnings;
pub(crate) mod worklists;

pub(crate) use cards::{brand, card_name, seen_card, shown_card, title};
pub(crate) use dates::{
    day, day_and_time, day_and_year, full_moment, guest_span, long_day, moment, on_or_at, say_span,
};
pub(crate) use details::{said, why};
pub(crate) use events::{EventContext, contradicts, event, history, of_house};
pub(crate) use night::row_trouble;
pub(crate) use operations::{caution, what};
pub(crate) use outcomes::outcome;
pub(crate) use refunds::{OFF, of_refund, refund_purpose};
pub(crate) use refusals::refusal;
pub(crate) use renewals::renewal_ended;
pub(crate) use settings::{setting, settings_change};
pub(crate) use tabs::{tab_state, together};
pub(crate) use warnings::{clock, lapsed, warning};
