//! Closing the night: the run that is kept in the ledger, row by row, and what carries it out.

mod carry_out;
pub(crate) mod run;
