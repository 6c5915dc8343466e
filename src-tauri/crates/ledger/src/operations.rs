//! Holds, and what was decided on them.

use crate::{Expect, LedgerError, Note, Permit, TabSeen};
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
    /// The version of the hold before the question left whose answer this is. A reading is refused when the hold was
    /// written since: an older one that comes in after a newer one would turn back time. None of an answer to a
    /// request, which is never refused for that, and where the caller itself settles its readings one after the other.
    pub read_from: Option<i64>,
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
/// As those of [`crate::Tabs`].
#[async_trait]
pub trait Operations: Send + Sync {
    /// Adds a hold together with the operation that is to create it, or that created it long ago: what is found at
    /// Dojo rests on nothing that was `seen`, and is added to a closed tab too. [`LedgerError::Known`] when that
    /// operation is; [`LedgerError::Closed`] where it has yet to be sent; [`LedgerError::Changed`] when the tab isn't
    /// as it was `seen`.
    async fn add_hold(
        &self,
        hold: &Hold,
        create: &Operation,
        seen: Option<TabSeen>,
        note: Note,
    ) -> Result<Permit, LedgerError>;
    /// One hold. [`LedgerError::NotFound`].
    async fn hold(&self, id: HoldId) -> Result<Hold, LedgerError>;
    /// All holds of a tab, oldest first.
    async fn holds(&self, tab: TabId) -> Result<Vec<Hold>, LedgerError>;
    /// Holds that are not over, on which an operation is open, or on which one ended after `since`
    /// without Dojo's record having confirmed it: refused, not seen, or at odds.
    async fn live_holds(&self, since: DateTime<Utc>) -> Result<Vec<Hold>, LedgerError>;
    /// Every hold there is: those that are not over first, the newest first among each.
    async fn every_hold(&self) -> Result<Vec<HoldId>, LedgerError>;
    /// Makes a decision durable that rests on what is expected. [`LedgerError::Known`] when it is in the ledger;
    /// [`LedgerError::Closed`] for a create on a closed tab; [`LedgerError::Changed`] when the hold is of another
    /// version or the tab isn't as it was seen; [`LedgerError::Busy`] while another is open on the hold;
    /// [`LedgerError::TooMuch`] when captured + open + amount > authorised, or refunded + amount > captured;
    /// [`LedgerError::NotFound`]. Its request may leave while the permit lasts. It counts as no writing of the hold.
    async fn intend(&self, operation: &Operation, expect: Expect, note: Note) -> Result<Permit, LedgerError>;
    /// Records how an operation moved on and what was learnt of its hold, in one commit; the hold's new version.
    /// [`LedgerError::Changed`] when the operation may not go there from where it stands by now
    /// ([`OperationState::may_become`]), or the hold was written since it was read ([`Learnt::read_from`]): read the
    /// hold again. [`LedgerError::NotFound`].
    async fn record(
        &self,
        hold: HoldId,
        learnt: Learnt,
        progress: Option<Progress>,
        notes: Vec<Note>,
    ) -> Result<i64, LedgerError>;
    /// One operation, if it is known.
    async fn operation(&self, id: OperationId) -> Result<Option<Operation>, LedgerError>;
    /// All operations of a hold, oldest first.
    async fn operations(&self, hold: HoldId) -> Result<Vec<Operation>, LedgerError>;
    /// Notes that the note's author was told what became of an operation and put it aside.
    async fn mark_seen(&self, id: OperationId, note: Note) -> Result<(), LedgerError>;
    /// Takes after which the guest has yet to be asked for the rest ([`Operation::then_ask`]), oldest first.
    async fn open_asks(&self) -> Result<Vec<Operation>, LedgerError>;
    /// Ends what the take `ask` left to be asked for, in one commit with the hold that is opened for it; without
    /// one nobody is asked. [`LedgerError::NotFound`] when that has ended; with a hold, as [`Operations::add_hold`].
    /// The permit is that of the hold's create.
    async fn end_ask(
        &self,
        tab: TabId,
        ask: OperationId,
        opened: Option<(Hold, Operation)>,
        seen: Option<TabSeen>,
        notes: Vec<Note>,
    ) -> Result<Option<Permit>, LedgerError>;
    /// Keeps what a refund was of, which nobody had said, and corrects the movements by the difference in the same
    /// commit: that of a decision, or without one what was refunded elsewhere. [`LedgerError::Known`] when it is said
    /// already; [`LedgerError::TooMuch`] when it is not about what was refunded; [`LedgerError::NotFound`].
    async fn say_refund(
        &self,
        hold: HoldId,
        decision: Option<OperationId>,
        said: Said,
        note: Note,
    ) -> Result<(), LedgerError>;
}
