//! One decision by staff, from the moment it is durable to the moment Dojo's record settles it.

use crate::purpose::is_zero;
use crate::{Actor, Detail, Hold, HoldId, OperationId, Purpose, TillId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What staff decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OperationKind {
    /// Make the payment intent.
    Create,
    /// Take all or part of a hold.
    Capture,
    /// Let the whole hold go.
    Reversal,
    /// Withdraw an unpaid request.
    Cancel,
    /// Give back some of what was taken.
    Refund,
    /// Ask for another amount while unpaid.
    SetAmount,
    /// Ask for another tip while unpaid.
    SetTips,
    /// Send a receipt by e-mail.
    Receipt,
}

/// Where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OperationState {
    /// Durable here; nothing is known of the request.
    Intended,
    /// Dojo took it; its record has yet to confirm it.
    Accepted,
    /// Nobody can say yet whether it happened.
    Unknown,
    /// Confirmed by Dojo's record.
    Succeeded,
    /// Dojo's record says that it did not go through.
    Declined,
    /// Dojo refused it.
    Rejected,
    /// No byte left; free to try again.
    NotSent,
    /// Dojo's record did not show it for the whole quiet window. Never retried.
    Absent,
    /// Dojo's record shows something else. A person decides.
    Conflict,
}

impl OperationState {
    /// While one is open on a hold, no other may begin.
    pub const fn is_open(self) -> bool {
        match self {
            Self::Intended | Self::Accepted | Self::Unknown => true,
            Self::Succeeded
            | Self::Declined
            | Self::Rejected
            | Self::NotSent
            | Self::Absent
            | Self::Conflict => false,
        }
    }

    /// Whether an operation that stands here may be recorded as standing at `next`. A late record, of an answer
    /// that Dojo's record overtook or by a till that slept, takes nothing back that is known by then. To stand
    /// where it stands is no move, and may be said again.
    pub const fn may_become(self, next: Self) -> bool {
        use OperationState as To;
        match self {
            // Its answer, or what Dojo's record shows.
            Self::Intended => true,
            Self::Accepted => matches!(
                next,
                To::Accepted | To::Succeeded | To::Declined | To::Absent | To::Conflict
            ),
            Self::Unknown => matches!(
                next,
                To::Unknown | To::Accepted | To::Succeeded | To::Declined | To::Absent | To::Conflict
            ),
            // It came late, after staff had been told otherwise.
            Self::Declined => matches!(next, To::Declined | To::Accepted | To::Succeeded),
            Self::Rejected => matches!(next, To::Rejected | To::Accepted | To::Succeeded),
            Self::Absent => matches!(next, To::Absent | To::Accepted | To::Succeeded),
            Self::Conflict => matches!(next, To::Conflict | To::Succeeded),
            // What was done may turn out to have failed.
            Self::Succeeded => matches!(next, To::Succeeded | To::Declined),
            // No byte of it left, by a ledger that was restored: it was tried again after that backup.
            Self::NotSent => matches!(next, To::NotSent | To::Accepted | To::Succeeded),
        }
    }
}

/// What Dojo showed just before the decision; what is new since then is judged against it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Baseline {
    /// Ids in `captures[]`.
    pub captures: Vec<String>,
    /// Minor units refunded.
    pub refunded: i64,
}

impl Baseline {
    /// Of a hold as last read.
    pub fn of(hold: &Hold) -> Self {
        let Some(seen) = &hold.seen else {
            return Self::default();
        };
        Self {
            captures: seen.captures.iter().map(|c| c.id.clone()).collect(),
            refunded: seen.refunded,
        }
    }
}

impl Operation {
    /// It happened, after staff had been told that Dojo's record does not show it: they may have
    /// decided again since.
    pub fn came_late(&self) -> bool {
        self.state == OperationState::Succeeded && self.is_late
    }

    /// A person was told what became of it. What happened to it afterwards has to be told again.
    pub fn is_put_aside(&self) -> bool {
        self.seen_at
            .is_some_and(|seen| self.settled_at.is_none_or(|settled| settled <= seen))
    }
}

/// What a decision was part of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A person decided it by itself.
    #[default]
    Person,
    /// Closing the night.
    Night,
    /// A renewal, whose new hold is in force: the old one is released.
    Renewal,
    /// A renewal that was given up: its new request is cancelled.
    RenewalGivenUp,
}

/// A till while it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Session {
    /// Which till.
    pub till: TillId,
    /// Counts how often it was started: a request of an earlier session isn't on its way any more.
    pub number: i64,
}

/// Who sends an operation's one request, where several tills share a ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Sender {
    /// The till that decided it, as it ran then. No other one sends it.
    pub session: Session,
    /// Minted for each try to make it durable: a till that didn't hear the ledger's answer knows its own by it.
    pub attempt: Uuid,
}

/// One operation. Rows are never deleted; only `state`, `dojo_id`, `detail`, `is_late`, `settled_at` and `seen_at`
/// move, and `of`, once, when somebody says what a refund was of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// The decision's id; the idempotency key of a refund.
    pub id: OperationId,
    /// On which hold.
    pub hold: HoldId,
    /// What is done to the hold.
    pub kind: OperationKind,
    /// Minor units without tip; 0 where there is no amount.
    pub amount: i64,
    /// Minor units of service charge within `amount`, known here only: Dojo is told the sum.
    #[serde(default)]
    pub service: i64,
    /// Minor units of tip.
    pub tip: i64,
    /// What Dojo showed before.
    pub baseline: Baseline,
    /// The person who decided.
    pub requested_by: Actor,
    /// What it was part of.
    #[serde(default)]
    pub cause: Cause,
    /// Their reason, where one is asked for. Of a receipt it's the e-mail address that it goes to.
    pub reason: Option<String>,
    /// When it was decided, by the clock that is most behind.
    pub at: DateTime<Utc>,
    /// Who sends it; none where one till has the ledger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender: Option<Sender>,
    /// Where it stands.
    pub state: OperationState,
    /// Dojo's id for it (capture, reversal, refund or intent).
    pub dojo_id: Option<String>,
    /// Why it stands there, where there is anything to say.
    pub detail: Option<Detail>,
    /// Dojo's record showed it after staff had been told that it didn't.
    #[serde(default)]
    pub is_late: bool,
    /// When it came to an end.
    pub settled_at: Option<DateTime<Utc>>,
    /// When a person who was told what became of it put it aside.
    #[serde(default, skip_serializing)]
    pub seen_at: Option<DateTime<Utc>>,
    /// Of a refund, what it is of; of a capture, what [`Operation::then_ask`] is for; of a request for the rest or for
    /// a renewal, what it asks for. None where nobody said, as in an older ledger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Purpose>,
    /// Of a capture, what the guest is asked for once Dojo has accepted it; 0 for nothing. Minor units.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub then_ask: i64,
}

impl Operation {
    /// The decision to make the payment intent of `hold`, as it stands before its request leaves.
    pub fn create(id: OperationId, hold: &Hold, by: Actor, at: DateTime<Utc>) -> Self {
        Self {
            id,
            hold: hold.id,
            kind: OperationKind::Create,
            amount: hold.asked,
            service: 0,
            tip: 0,
            baseline: Baseline::default(),
            requested_by: by,
            cause: Cause::Person,
            reason: None,
            at,
            sender: None,
            state: OperationState::Intended,
            dojo_id: None,
            detail: None,
            is_late: false,
            settled_at: None,
            seen_at: None,
            of: None,
            then_ask: 0,
        }
    }
}
