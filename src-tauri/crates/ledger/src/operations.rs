//! Holds, and what was decided on them.

use crate::{LedgerError, Note};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use holdfast_domain::{
    CaptureMode, DeadlineAction, Detail, Hold, HoldId, Operation, OperationId, OperationState, Said,
    Snapshot, TabId,
};

/// How an operation moved on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The operation that moves on.
    pub id: OperationId,
    /// Its new state.
    pub state: OperationState,
    /// Dojo's id, if now known; a known one is never replaced by none.
    pub dojo_id: Option<String>,
    /// Why, where there is anything to say.
    pub detail: Option<Detail>,
    /// Whether Dojo's record showed it after staff had been told that it didn't.
    pub is_late: bool,
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
    /// When a person dismissed that Dojo's answers make no sense. A reading ends that.
    pub given_up_at: Option<DateTime<Utc>>,
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

/// Holds, and what was decided on them.
///
/// # Errors
/// Every call may answer [`LedgerError::Storage`]; the others as said.
#[async_trait]
pub trait Operations: Send + Sync {
    /// Adds a hold together with the operation that is to create it.
    async fn add_hold(&self, hold: &Hold, create: &Operation, note: Note) -> Result<(), LedgerError>;
    /// One hold. [`LedgerError::NotFound`].
    async fn hold(&self, id: HoldId) -> Result<Hold, LedgerError>;
    /// All holds of a tab, oldest first.
    async fn holds(&self, tab: TabId) -> Result<Vec<Hold>, LedgerError>;
    /// Holds that are not over, on which an operation is open, or on which one ended after `since`
    /// without Dojo's record having confirmed it: refused, not seen, or at odds.
    async fn live_holds(&self, since: DateTime<Utc>) -> Result<Vec<Hold>, LedgerError>;
    /// Every hold there is: those that are not over first, the newest first among each.
    async fn every_hold(&self) -> Result<Vec<HoldId>, LedgerError>;
    /// Makes a decision durable that was made on that version of the hold. [`LedgerError::Busy`] while another is open
    /// on the hold or if this decision is known; [`LedgerError::TooMuch`] when captured + open + amount > authorised,
    /// or refunded + amount > captured; [`LedgerError::Changed`] when the hold is of another version.
    async fn intend(&self, operation: &Operation, version: i64, note: Note) -> Result<(), LedgerError>;
    /// Records how an operation moved on and what was learnt of its hold, in one commit. [`LedgerError::Changed`] when
    /// the operation may not go there from where it stands by now ([`OperationState::may_become`]): read the hold
    /// again. [`LedgerError::NotFound`].
    async fn record(
        &self,
        hold: HoldId,
        learnt: Learnt,
        progress: Option<Progress>,
        notes: Vec<Note>,
    ) -> Result<(), LedgerError>;
    /// One operation, if it is known.
    async fn operation(&self, id: OperationId) -> Result<Option<Operation>, LedgerError>;
    /// All operations of a hold, oldest first.
    async fn operations(&self, hold: HoldId) -> Result<Vec<Operation>, LedgerError>;
    /// Notes that the note's author was told what became of an operation and put it aside.
    async fn mark_seen(&self, id: OperationId, note: Note) -> Result<(), LedgerError>;
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
}
