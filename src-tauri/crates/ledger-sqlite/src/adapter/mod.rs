//! The contract's calls, each handed to the thread that owns the connection.

mod history;
mod money;
pub(crate) mod tills;
mod upkeep;
