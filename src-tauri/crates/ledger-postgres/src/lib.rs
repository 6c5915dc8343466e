//! The ledger that several tills share, in PostgreSQL 15 or later: one primary, on which every till commits by itself.
//!
//! `schema` has the tables and the functions that write them, and makes and migrates them. `server` and `lanes` are the
//! connections, `read` has what a query answers, `write` is a writing call from its rows to its answer, or to what
//! became of it when that was lost. `store` has the contract's capabilities, a file each; `moving` reads a venue whole,
//! and fills one with another ledger's rows; `head_office` reads the figures of several venues. `mirror` is what a till
//! keeps of the open tabs and `open_tabs` brings it up to date; `search` finds open and closed ones. Rows are what
//! `holdfast_ledger::stored` makes of them, as in any other ledger; what a rule decides is decided in Rust, and the
//! functions refuse what was decided on rows that were written since. Nothing of PostgreSQL's crosses
//! [`holdfast_ledger::Ledger`].

mod decision;
pub mod enrolment;
mod error;
mod head_office;
mod heard;
mod keys;
mod lanes;
mod losses;
mod mirror;
pub mod moving;
mod not_connected;
mod open_tabs;
mod own;
mod own_record;
mod prepared;
mod read;
mod rows;
pub mod schema;
mod search;
mod search_key;
mod server;
mod store;
mod tab_index;
mod values;
mod write;

pub use head_office::{HeadOffice, Standing, Venue};
pub use own_record::forget_own_records;
pub use server::Server;

use crate::error::{damaged, unreachable};
use crate::keys::UsedKeys;
use crate::lanes::Lanes;
use crate::mirror::Mirror;
use crate::search_key::SearchKey;
use crate::tab_index::TabIndex;
use holdfast_domain::{Session, TillId};
use holdfast_ledger::LedgerError;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
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
    /// What the words are hashed with that closed tabs are found by.
    search_key: SearchKey,
    mirror: Mirror,
    /// The open tabs, for searching.
    index: Mutex<TabIndex>,
    /// When it last deleted what is kept for two days only, as the till that has the watch.
    tidied: std::sync::Mutex<Option<Instant>>,
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
        let mine = "SELECT t.till, t.name, v.search_key FROM holdfast.till t
                      JOIN holdfast.venue v ON v.venue = t.venue WHERE t.role_name = session_user";
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
            search_key: SearchKey::read(mine, 2)?,
            mirror: Mirror::default(),
            index: Mutex::default(),
            tidied: std::sync::Mutex::default(),
        })
    }

    /// The same with a record of the till's own in `folder`: the newest entry of the journal that it has seen, and
    /// what it decides, synced before a request may leave. Whenever it connects it looks by that whether the server
    /// lost what it had confirmed. Then every till reads all holds from Dojo again
    /// ([`holdfast_ledger::Backups::restored`]), and what this one decided is put back as unclear.
    ///
    /// # Errors
    /// Those of [`PostgresLedger::open`]; [`LedgerError::Storage`] when the record can't be read or written.
    pub async fn open_with_record(server: Server, folder: &Path) -> Result<Self, LedgerError> {
        let ledger = Self::open(server).await?;
        ledger.lanes.keep_record(ledger.session, folder).await?;
        Ok(ledger)
    }

    /// Which till this is, and which of its starts: the desk signs its operations with it.
    pub const fn session(&self) -> Session {
        self.session
    }

    /// What people call this till.
    pub fn name(&self) -> &str {
        &self.name
    }
}
