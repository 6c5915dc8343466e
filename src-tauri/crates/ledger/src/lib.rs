//! The ledger: what staff decided and what Dojo showed, durable before it is acted on.
//!
//! This crate is the contract alone: [`Ledger`] is the port, and its documentation says what any adapter refuses.

mod backup_types;
mod counts;

pub use backup_types::{BackedUp, Backup, Newer, Restored};
pub use counts::Counts;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use holdfast_domain::{
    CaptureMode, Currency, DeadlineAction, Finding, FindingKind, Hold, HoldId, JournalHead, Line, Movement,
    NightReport, Operation, OperationId, OperationState, Renewal, RenewalEnded, Said, Snapshot, Sums, Tab,
    TabId,
};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::time::Duration;

/// Why the ledger would not.
#[derive(Debug, Clone, thiserror::Error)]
pub enum LedgerError {
    /// Another operation is open on the hold, or this decision is recorded already.
    #[error("the last request on this hold is still being settled")]
    Busy,
    /// More than what is held or was taken.
    #[error("that is more than what is left")]
    TooMuch,
    /// No such row.
    #[error("it is not in the ledger")]
    NotFound,
    /// Another Holdfast has the data folder.
    #[error("another Holdfast is using this data folder; close it first")]
    InUse,
    /// The file was written by a newer Holdfast.
    #[error("the ledger was written by a newer Holdfast (format {found}, this one knows {known})")]
    Newer {
        /// The file's format.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// The file is not a ledger, or is damaged.
    #[error("the ledger file is damaged or is not a ledger: {0}")]
    Damaged(String),
    /// The check behind a window that is up did not find it sound, or could not be made.
    #[error(
        "the ledger file did not pass its check, so nothing was done and nothing was sent; it is being opened anew: \
         look again in a moment"
    )]
    NotSound,
    /// The disk or the operating system refused.
    #[error("the ledger could not be written or read: {0}")]
    Storage(String),
}

/// One line of the journal: what happened, in order, each sealed to the one before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its place, from 1, without gaps.
    pub seq: i64,
    /// When, by the till's clock.
    pub at: DateTime<Utc>,
    /// By whom; `Dojo` for what Dojo did.
    pub by: String,
    /// Which tab it belongs to.
    pub tab: Option<TabId>,
    /// What, in words for people.
    pub words: String,
    /// Minor units, where money is meant.
    pub amount: Option<i64>,
    /// Dojo's reference.
    pub reference: Option<String>,
}

/// A journal line that is about to be written; the ledger gives it its place and its seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: String,
    /// Which tab it belongs to.
    pub tab: Option<TabId>,
    /// What, in words for people.
    pub words: String,
    /// Minor units, where money is meant.
    pub amount: Option<i64>,
    /// Dojo's reference.
    pub reference: Option<String>,
    /// What a person should know of with it.
    pub raises: Option<Raises>,
}

/// What a note makes a finding of: people hear of each key once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raises {
    /// What was found.
    pub kind: FindingKind,
    /// What it is about, as in [`Finding::key`].
    pub key: String,
    /// On which hold.
    pub hold: Option<HoldId>,
}

impl Note {
    /// The finding that comes with it.
    pub fn finding(&self) -> Option<Finding> {
        let raises = self.raises.clone()?;
        Some(Finding {
            key: raises.key,
            kind: raises.kind,
            tab: self.tab,
            hold: raises.hold,
            words: self.words.clone(),
            amount: self.amount,
            at: self.at,
            raised_at: self.at,
            ended_at: None,
            seen_by: None,
        })
    }
}

/// How an operation moved on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Which.
    pub id: OperationId,
    /// Its new state.
    pub state: OperationState,
    /// Dojo's id, if now known; a known one is never replaced by none.
    pub dojo_id: Option<String>,
    /// Words for people.
    pub detail: Option<String>,
    /// When it ended, if it did.
    pub settled_at: Option<DateTime<Utc>>,
}

/// What was learnt about a hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Learnt {
    /// Dojo's id, once; never replaced.
    pub intent_id: Option<String>,
    /// The guest's page.
    pub link: Option<String>,
    /// When Dojo made it.
    pub created_at: Option<DateTime<Utc>>,
    /// What Dojo does with it, where that is not known to be just what was asked for.
    pub terms: Option<Terms>,
    /// The newest reading.
    pub seen: Option<Snapshot>,
    /// When Dojo acted by itself, by that reading; without a reading what is known stays.
    pub lapsed_at: Option<DateTime<Utc>>,
}

/// What Dojo does with a hold by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Auto or Manual.
    pub mode: CaptureMode,
    /// Seconds from the authorisation to its own action; Manual only.
    pub expire_in: Option<i64>,
    /// That action; Manual only.
    pub expire_action: Option<DeadlineAction>,
}

impl Terms {
    /// Those of `hold`.
    pub const fn of(hold: &Hold) -> Self {
        Self {
            mode: hold.mode,
            expire_in: hold.expire_in,
            expire_action: hold.expire_action,
        }
    }

    /// `hold` by these terms.
    pub const fn put_into(self, hold: &mut Hold) {
        hold.mode = self.mode;
        hold.expire_in = self.expire_in;
        hold.expire_action = self.expire_action;
    }
}

/// What the next night report is made of, read at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreported {
    /// The newest report.
    pub last: Option<NightReport>,
    /// All that moved since, in order.
    pub movements: Vec<Movement>,
    /// The journal's head.
    pub journal: JournalHead,
}

/// A tab with everything on it, all of one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The tab.
    pub tab: Tab,
    /// Its bill, oldest first.
    pub lines: Vec<Line>,
    /// Oldest first, each with its operations, oldest first.
    pub holds: Vec<(Hold, Vec<Operation>)>,
    /// Those that are over too, oldest first.
    pub renewals: Vec<Renewal>,
}

/// A place in the list of what was put away, which is ordered by time and then by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// When the tab there was put away.
    pub closed_at: DateTime<Utc>,
    /// Which tab that is.
    pub tab: TabId,
}

/// What became of a tab that was put away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Became {
    /// Something was taken.
    Taken,
    /// Something of it was given back.
    Refunded,
    /// A hold was let go by staff.
    Released,
    /// A hold came to its deadline.
    Lapsed,
    /// No card was ever held.
    Unpaid,
}

/// Which of what was put away is looked for; a part that is none leaves all in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClosedFilter {
    /// Put away at this moment or later.
    pub from: Option<DateTime<Utc>>,
    /// Put away before this moment.
    pub before: Option<DateTime<Utc>>,
    /// A part of the name of who opened it; of A to Z the case does not matter.
    pub person: Option<String>,
    /// The last four digits of a card.
    pub card: Option<String>,
    /// Minor units at least, of what was taken or, where nothing was, of what was asked for.
    pub least: Option<i64>,
    /// Minor units at most, of the same.
    pub most: Option<i64>,
    /// What became of it.
    pub became: Option<Became>,
    /// One of these, which a search found.
    pub among: Option<Vec<TabId>>,
}

/// What a search found, the best first and, among equals, the newest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Open tabs.
    pub open: Vec<TabId>,
    /// Tabs that were put away.
    pub closed: Vec<TabId>,
    /// How many of the latter there are, those beyond the limit included.
    pub closed_count: usize,
}

/// What the desk needs of a ledger. Each writing call is one durable commit, with its journal notes.
///
/// # Errors
/// Every call may answer [`LedgerError::Storage`]; the others as said.
#[async_trait]
pub trait Ledger: Send + Sync {
    /// Adds a tab.
    async fn add_tab(&self, tab: &Tab, note: Note) -> Result<(), LedgerError>;
    /// Adds a tab with its first hold and the operation that is to create it, in one commit.
    /// [`LedgerError::Busy`] when that operation is known.
    async fn open_tab(
        &self,
        tab: &Tab,
        hold: &Hold,
        create: &Operation,
        notes: Vec<Note>,
    ) -> Result<(), LedgerError>;
    /// Takes after which the guest has yet to be asked for the rest ([`Operation::then_ask`]), oldest first.
    async fn open_asks(&self) -> Result<Vec<Operation>, LedgerError>;
    /// Ends what the take `ask` left to be asked for, in one commit with the hold that is opened for it; without
    /// one nobody is asked. [`LedgerError::NotFound`] when that has ended.
    async fn end_ask(
        &self,
        tab: TabId,
        ask: OperationId,
        opened: Option<(Hold, Operation)>,
        notes: Vec<Note>,
    ) -> Result<(), LedgerError>;
    /// Adds a hold together with the operation that is to create it.
    async fn add_hold(&self, hold: &Hold, create: &Operation, note: Note) -> Result<(), LedgerError>;
    /// Adds a renewal with the hold that is opened for it and the operation that is to create that one.
    /// [`LedgerError::Busy`] while another renewal that is about one of its holds is under way.
    async fn begin_renewal(
        &self,
        renewal: &Renewal,
        hold: &Hold,
        create: &Operation,
        notes: Vec<Note>,
    ) -> Result<(), LedgerError>;
    /// Ends the renewal for which `new` was opened. [`LedgerError::NotFound`] unless it is under way.
    async fn end_renewal(
        &self,
        new: HoldId,
        ended: RenewalEnded,
        notes: Vec<Note>,
    ) -> Result<(), LedgerError>;
    /// The renewals that are under way, oldest first.
    async fn open_renewals(&self) -> Result<Vec<Renewal>, LedgerError>;
    /// Adds a line to a bill.
    async fn add_line(&self, line: &Line, note: Note) -> Result<(), LedgerError>;
    /// Puts a tab away, or takes it out again.
    async fn set_closed(&self, tab: TabId, at: Option<DateTime<Utc>>, note: Note) -> Result<(), LedgerError>;
    /// Writes a tab's details anew. [`LedgerError::NotFound`].
    async fn set_tab(&self, tab: &Tab, note: Note) -> Result<(), LedgerError>;
    /// Makes a decision durable. [`LedgerError::Busy`] while another is open on the hold or if this
    /// decision is known; [`LedgerError::TooMuch`] when captured + open + amount > authorised, or
    /// refunded + amount > captured.
    async fn intend(&self, operation: &Operation, note: Note) -> Result<(), LedgerError>;
    /// Records how operations moved on and what was learnt of their hold, in one commit.
    async fn record(
        &self,
        hold: HoldId,
        learnt: Learnt,
        progress: Option<Progress>,
        notes: Vec<Note>,
    ) -> Result<(), LedgerError>;
    /// Tabs: the open ones, or the newest `limit` closed ones.
    async fn tabs(&self, open: bool, limit: i64) -> Result<Vec<Tab>, LedgerError>;
    /// Whether a tab was ever opened.
    async fn has_tabs(&self) -> Result<bool, LedgerError>;
    /// For how long it has been being checked behind a window that is up; none once it has been found sound.
    fn being_checked(&self) -> Option<Duration> {
        None
    }
    /// Waits until all of it has been found sound; that is at once where it was before it was opened.
    ///
    /// # Errors
    /// [`LedgerError::NotSound`].
    async fn whole(&self) -> Result<(), LedgerError> {
        Ok(())
    }
    /// Everything on the open tabs, the newest first, at most `limit` of them.
    async fn open_accounts(&self, limit: i64) -> Result<Vec<Account>, LedgerError>;
    /// Everything on these tabs, in this order; ids that are not known are left out.
    async fn accounts(&self, tabs: Vec<TabId>) -> Result<Vec<Account>, LedgerError>;
    /// A page of what was put away and is looked for: the newest `limit`, or those that come after a place.
    async fn closed_accounts(
        &self,
        filter: ClosedFilter,
        after: Option<Place>,
        limit: i64,
    ) -> Result<Vec<Account>, LedgerError>;
    /// Tabs by name, place, reference, last four digits, an amount on them, or a good part of Dojo's
    /// number, spelling forgiven; at most `limit` of the open and of the others. With an empty `query`
    /// it finds nothing and gets ready for the first real one.
    async fn search(&self, query: &str, limit: usize) -> Result<Found, LedgerError>;
    /// One tab. [`LedgerError::NotFound`].
    async fn tab(&self, id: TabId) -> Result<Tab, LedgerError>;
    /// One hold. [`LedgerError::NotFound`].
    async fn hold(&self, id: HoldId) -> Result<Hold, LedgerError>;
    /// All holds of a tab, oldest first.
    async fn holds(&self, tab: TabId) -> Result<Vec<Hold>, LedgerError>;
    /// All lines of a bill, oldest first.
    async fn lines(&self, tab: TabId) -> Result<Vec<Line>, LedgerError>;
    /// All operations of a hold, oldest first.
    async fn operations(&self, hold: HoldId) -> Result<Vec<Operation>, LedgerError>;
    /// One operation, if it is known.
    async fn operation(&self, id: OperationId) -> Result<Option<Operation>, LedgerError>;
    /// Holds that are not over, on which an operation is open, or on which one ended after `since`
    /// without Dojo's record having confirmed it: refused, not seen, or at odds.
    async fn live_holds(&self, since: DateTime<Utc>) -> Result<Vec<Hold>, LedgerError>;
    /// The journal of a tab, oldest first.
    async fn journal(&self, tab: TabId) -> Result<Vec<Entry>, LedgerError>;
    /// The newest `limit` entries that belong to no tab and whose words begin with `beginning`, newest first.
    async fn house_journal(&self, beginning: &str, limit: i64) -> Result<Vec<Entry>, LedgerError>;
    /// When the journal's newest entry was written.
    async fn newest_entry(&self) -> Result<Option<DateTime<Utc>>, LedgerError>;
    /// Puts findings in force as given: new ones are added, known ones changed by their key. That one
    /// was told again needs no note.
    async fn put_findings(&self, findings: Vec<Finding>, notes: Vec<Note>) -> Result<(), LedgerError>;
    /// The findings that wait for a person.
    async fn findings(&self) -> Result<Vec<Finding>, LedgerError>;
    /// One finding, whether it waits or not, if it is known.
    async fn finding(&self, key: &str) -> Result<Option<Finding>, LedgerError>;
    /// What was told of deadlines: all of it on holds that are not over, and what waits on others.
    async fn warnings(&self) -> Result<Vec<Finding>, LedgerError>;
    /// How much of everything there is.
    async fn counts(&self) -> Result<Counts, LedgerError>;
    /// Verifies the whole journal's seals; the number of entries. [`LedgerError::Damaged`].
    async fn verify_journal(&self) -> Result<i64, LedgerError>;
    /// A setting's value.
    async fn setting(&self, name: &str) -> Result<Option<String>, LedgerError>;
    /// Sets a setting.
    async fn set_setting(&self, name: &str, value: &str, note: Note) -> Result<(), LedgerError>;
    /// The movements from `first` to `last`, both included, in order. They are written by the ledger
    /// itself, in the commit that changes what a hold's record says.
    async fn movements(&self, first: i64, last: i64) -> Result<Vec<Movement>, LedgerError>;
    /// The movements that happened from `from` on and before `to`, in that order.
    async fn movements_at(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<Movement>, LedgerError>;
    /// The sums of `currency` between each of `edges` and the next, and what was held at the latter.
    async fn day_sums(
        &self,
        currency: Currency,
        edges: Vec<DateTime<Utc>>,
    ) -> Result<Vec<(Sums, i64)>, LedgerError>;
    /// What the next night report is made of.
    async fn unreported(&self) -> Result<Unreported, LedgerError>;
    /// Keeps a report for ever. [`LedgerError::Busy`] unless it has the next number and begins with the
    /// movement after the last one's.
    async fn add_report(&self, report: &NightReport, note: Note) -> Result<(), LedgerError>;
    /// One report. [`LedgerError::NotFound`].
    async fn report(&self, number: i64) -> Result<NightReport, LedgerError>;
    /// The newest `limit` reports, or the newest before a number.
    async fn reports(&self, before: Option<i64>, limit: i64) -> Result<Vec<NightReport>, LedgerError>;
    /// Tabs that were put away and on which something is open, or ended so that staff may have to be told.
    async fn unsettled_accounts(&self) -> Result<Vec<Account>, LedgerError>;
    /// Notes that the note's author was told what became of an operation and put it aside.
    async fn mark_seen(&self, id: OperationId, note: Note) -> Result<(), LedgerError>;
    /// Keeps what a refund was of, which nobody had said, and corrects the movements by the difference in the same
    /// commit: that of a decision, or without one what was refunded elsewhere. [`LedgerError::Busy`] when it is said
    /// already; [`LedgerError::TooMuch`] when it is not about what was refunded; [`LedgerError::NotFound`].
    async fn say_refund(
        &self,
        hold: HoldId,
        decision: Option<OperationId>,
        said: Said,
        note: Note,
    ) -> Result<(), LedgerError>;
    /// Every hold there is: those that are not over first, the newest first among each.
    async fn every_hold(&self) -> Result<Vec<HoldId>, LedgerError>;
    /// Whether, when and why this ledger turned out older than what was done with it.
    async fn restored(&self) -> Result<Option<Restored>, LedgerError>;
    /// Notes how far that has been made good.
    async fn set_restored(&self, restored: &Restored, note: Note) -> Result<(), LedgerError>;
    /// Takes a backup while work goes on, checks it, and only then lets it count; the newest of the
    /// last 7 days and 8 weeks with a backup are kept. `second` is a folder for a further copy, under
    /// the data folder's name. [`LedgerError::Damaged`] when the copy is not sound.
    async fn back_up(&self, now: DateTime<Utc>, second: Option<PathBuf>) -> Result<BackedUp, LedgerError>;
    /// All backups, the newest first.
    async fn backups(&self) -> Result<Vec<Backup>, LedgerError>;
    /// What this ledger holds and that backup does not. [`LedgerError::NotFound`],
    /// [`LedgerError::Damaged`].
    async fn newer_than(&self, backup: &str) -> Result<Newer, LedgerError>;
}
