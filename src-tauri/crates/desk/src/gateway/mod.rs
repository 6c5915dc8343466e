//! The way to Dojo: how often it may be asked, how its search is read, what a failure is called.

pub(crate) mod failures;
pub(crate) mod rate_limit;
mod reachable;
pub(crate) mod search_cursor;
