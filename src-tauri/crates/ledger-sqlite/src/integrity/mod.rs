//! Whether a ledger's file is sound, and still all of what was written.

pub(crate) mod background_check;
pub(crate) mod check;
pub(crate) mod high_water_mark;
pub(crate) mod journal_chain;
pub(crate) mod parallel_check;
pub(crate) mod row_seals;
pub(crate) mod staged_check;
