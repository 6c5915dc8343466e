//! The ledger that several tills share, in PostgreSQL 15 or later: one primary, on which every till commits by itself.
//!
//! `schema` has the tables and the functions that write them, and makes and migrates them. `server` and `lanes` are the
//! connections, `write` is a writing call from its rows to its answer, or to what became of it when that was lost.
//! `store` has the contract's capabilities, a file each. Rows are what `holdfast_ledger::stored` makes of them, as in
//! any other ledger; what a rule decides is decided in Rust, and the functions refuse what was decided on rows that
//! were written since. Nothing of PostgreSQL's crosses [`holdfast_ledger::Ledger`].

pub mod enrolment;
mod error;
mod keys;
mod lanes;
mod rows;
pub mod schema;
mod search;
mod server;
mod store;
mod write;

pub use server::Server;

use crate::error::{damaged, unreachable};
use crate::keys::UsedKeys;
use crate::lanes::Lanes;
use crate::search::TabIndex;
use holdfast_domain::{Session, TillId};
use holdfast_ledger::LedgerError;
use std::sync::Arc;
use tokio::sync::Mutex;

/// The format of a ledger that this program works with.
const FORMAT: i64 = 1;

/// One till's way to the ledger that it shares with others.
#[derive(Debug)]
pub struct PostgresLedger {
    lanes: Lanes,
    /// One connection for hearing of changes: it waits behind no other question, and says whether the server is there.
    feed: Lanes,
    /// What people call the till.
    name: String,
    /// The till as it runs now: after a later start of it the server refuses its calls.
    session: Session,
    used: Arc<UsedKeys>,
    index: Mutex<TabIndex>,
}

impl PostgresLedger {
    /// Connects as an enrolled till and begins its next session, which fences out the one before: a till may be open
    /// once.
    ///
    /// # Errors
    /// [`LedgerError::Unreachable`]; [`LedgerError::Storage`] when the server doesn't keep what it confirms;
    /// [`LedgerError::NotAdmitted`] when it doesn't know the till, or retired it; [`LedgerError::Newer`],
    /// [`LedgerError::Older`]; [`LedgerError::Damaged`] where the database has no ledger.
    pub async fn open(server: Server) -> Result<Self, LedgerError> {
        let (lanes, feed) = Lanes::of(server, FORMAT);
        let number = lanes.call("begin_session", &[]).await;
        let number = number.map_err(|refused| {
            let error = refused.into_error();
            if matches!(error, LedgerError::Fenced) {
                return LedgerError::NotAdmitted;
            }
            error
        })?;
        let mine = "SELECT till, name FROM holdfast.till WHERE role_name = session_user";
        let mine = lanes.query(mine, &[]).await?;
        let mine = mine.first().ok_or(LedgerError::NotAdmitted)?;
        Ok(Self {
            lanes,
            feed,
            name: mine.try_get(1).map_err(|error| damaged(error.to_string()))?,
            session: Session {
                till: TillId(rows::id(mine, 0)?),
                number: number.ok_or_else(|| unreachable("it began no session"))?,
            },
            used: Arc::default(),
            index: Mutex::default(),
        })
    }

    /// Which till this is, and which of its starts: the desk signs its operations with it.
    pub const fn session(&self) -> Session {
        self.session
    }

    /// What people call this till.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Deletes what is kept for two days only: which calls were made, and what changed. Once a day is often enough.
    ///
    /// # Errors
    /// [`LedgerError::Unreachable`].
    pub async fn tidy(&self) -> Result<(), LedgerError> {
        let done = self.lanes.call("tidy", &[]).await;
        done.map(drop).map_err(crate::error::Refusal::into_error)
    }
}
