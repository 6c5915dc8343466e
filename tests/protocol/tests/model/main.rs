//! The model of the protocol, looked at: see the crate's page.

mod common;
mod exhaustive;
mod findings;
mod lease;
mod mutants;
mod same_table;
mod walks;
