//! Reading and writing rows, a file a table.

pub(crate) mod accounts;
pub(crate) mod closed_tabs;
pub(crate) mod commit;
pub(crate) mod counts;
pub(crate) mod findings;
pub(crate) mod guests;
pub(crate) mod holds;
pub(crate) mod journal;
pub(crate) mod lines;
pub(crate) mod movements;
pub(crate) mod operations;
pub(crate) mod refund_parts;
pub(crate) mod renewals;
pub(crate) mod reports;
pub(crate) mod rows;
pub(crate) mod runs;
pub(crate) mod settings;
pub(crate) mod tables;
pub(crate) mod tabs;
