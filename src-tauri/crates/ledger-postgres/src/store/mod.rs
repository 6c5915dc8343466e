//! The contract's capabilities, a file each: which rows a call rests on, and which function writes them.

pub(crate) mod accounts;
mod backups;
mod findings;
mod guests;
pub(crate) mod journal;
mod movements;
mod operations;
mod queries;
mod renewals;
mod reports;
mod runs;
mod settings;
pub(crate) mod tabs;
mod tills;
