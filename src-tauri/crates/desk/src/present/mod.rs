//! What the window shows: every view, with its amounts as text and the reasons why something can't be done.

pub(crate) mod attention;
pub(crate) mod banners;
pub(crate) mod days;
pub(crate) mod deadline;
mod floor;
pub(crate) mod hold;
mod lines;
mod link_mail;
pub(crate) mod night_table;
pub(crate) mod open_preview;
pub(crate) mod operation;
pub(crate) mod paper;
pub(crate) mod qr_cache;
mod receipt;
pub(crate) mod refund;
pub(crate) mod renewal;
pub(crate) mod report;
mod reports;
pub(crate) mod row;
pub(crate) mod search;
mod settings;
pub(crate) mod sort;
pub(crate) mod state;
mod summary;
pub(crate) mod take_preview;
pub mod view;
pub(crate) mod worklists;
