//! Reading and writing rows.

pub(crate) mod closed_tabs;
pub(crate) mod findings;
pub(crate) mod movements;
pub(crate) mod refund_parts;
pub(crate) mod renewals;
pub(crate) mod reports;
pub(crate) mod rows;
pub(crate) mod writes;
