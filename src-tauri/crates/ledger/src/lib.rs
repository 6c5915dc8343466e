//! The ledger: what staff decided and what Dojo showed, durable before it is acted on.
//!
//! This crate is the contract alone. [`Ledger`] is the port, a trait for each capability, and the documentation of its
//! calls says what any adapter refuses. No type of a database's crosses it. The crate
//! `holdfast-ledger-conformance` is the suite that an adapter's tests run.

mod backups;
mod error;
mod expect;
mod findings;
mod guests;
mod journal;
pub mod moving;
mod next_rows;
mod operations;
mod queries;
mod renewals;
mod reports;
mod runs;
mod settings;
mod startup_check;
pub mod stored;
mod tabs;
mod tills;

pub use backups::{
    BACKUPS_KEPT_FOR, BackedUp, Backup, Backups, Counts, Newer, NoSecondCopy, Restored, SecondFolder,
};
pub use error::LedgerError;
pub use expect::{Expect, Permit, TabSeen};
pub use findings::Findings;
pub use guests::Guests;
pub use journal::{Entry, HouseTopic, Journal, Note, Raises};
pub use next_rows::{moved_since, said_of_decision, said_of_elsewhere};
pub use operations::{Learnt, Operations, Progress, Terms};
pub use queries::{Account, Became, ClosedFilter, Found, Place, Queries};
pub use renewals::Renewals;
pub use reports::{Reports, Unreported};
pub use runs::{RowEnded, Run, RunRow, RunState, Runs};
pub use settings::{SettingSeen, Settings};
pub use startup_check::StartupCheck;
pub use tabs::{BillMove, Tabs};
pub use tills::{Change, Changes, Cursor, Done, Duty, Lease, ServerClock, Tills, Written};

/// What the desk needs of a ledger: all capabilities of one. Each writing call is one durable commit, with its journal
/// notes.
///
/// A tab and a hold count in `version` how often they were written. A call that rests on what somebody saw of one says
/// from which version it was made ([`Tabs::set_tab`], [`Tabs::set_closed`], [`Operations::intend`]), and one that rests
/// on a whole tab what there was on it ([`TabSeen`]). It is refused with [`LedgerError::Changed`] at anything else:
/// that is compared in the commit, so it holds for several tills. [`Operations::record`] refuses no answer for that:
/// what Dojo answered is true whatever was written in between.
pub trait Ledger:
    Tabs
    + Operations
    + Renewals
    + Runs
    + Journal
    + Findings
    + Guests
    + Reports
    + Queries
    + Settings
    + Tills
    + StartupCheck
    + Backups
{
}

impl<T> Ledger for T where
    T: Tabs
        + Operations
        + Renewals
        + Runs
        + Journal
        + Findings
        + Guests
        + Reports
        + Queries
        + Settings
        + Tills
        + StartupCheck
        + Backups
{
}

/// The calls of every capability, for code that has an adapter's own type: `use holdfast_ledger::prelude::*`.
/// Through `dyn Ledger` they need no import.
pub mod prelude {
    pub use crate::{
        Backups as _, Findings as _, Guests as _, Journal as _, Operations as _, Queries as _, Renewals as _,
        Reports as _, Runs as _, Settings as _, StartupCheck as _, Tabs as _, Tills as _,
    };
}
