//! What any ledger has to keep and to refuse, as one suite that an adapter's tests run.
//!
//! An adapter's test implements [`Adapter`], and [`Durable`] where it keeps what it was told, and then names its type:
//!
//! ```text
//! holdfast_ledger_conformance::conformance_tests!(OnDisk);
//! holdfast_ledger_conformance::durability_tests!(OnDisk);
//! ```
//!
//! That makes a test of each case, so that a failure names the case. What a case expects is written by hand.
#![expect(missing_docs, reason = "a case's name says what is true")]
#![expect(clippy::unwrap_used, reason = "a case that can't go on says so")]

pub mod accounts;
pub mod asks;
mod cases;
pub mod closed_tabs;
pub mod durability;
pub mod expectations;
pub mod findings;
pub mod guests;
pub mod journal;
mod kinds;
pub mod movements;
pub mod not_found;
pub mod operations;
mod reasons;
pub mod refunds;
pub mod renewals;
pub mod reports;
pub mod runs;
pub mod sample;
pub mod search;
pub mod tabs;

use holdfast_ledger::Ledger;
use std::pin::Pin;
use std::sync::Arc;

/// A ledger under test.
pub trait Adapter: Sized {
    /// Makes an empty one, apart from all others.
    fn empty() -> Self;
    /// The ledger as the desk uses it. Borrowed, so that no clone keeps it open while `open_again` runs.
    fn ledger(&self) -> &Arc<dyn Ledger>;
}

/// A ledger under test that keeps what it was told.
pub trait Durable: Adapter {
    /// Closes it and opens the same one again.
    #[must_use]
    fn open_again(self) -> Self;
}

/// One case, for a test of the suite itself.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// Its file and its name, as the test is called.
    pub name: &'static str,
    /// Runs it on an empty ledger. It panics where the ledger doesn't do what it has to.
    pub run: fn(Arc<dyn Ledger>) -> Running,
}

/// A case that is under way.
pub type Running = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Every case but those about opening again.
pub fn cases() -> Vec<Case> {
    crate::with_conformance_cases!(conformance_list)
}
