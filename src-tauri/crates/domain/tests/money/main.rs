//! The rules about money, held against tables and laws: no rule may be turned around unnoticed.
#![expect(
    clippy::too_many_lines,
    reason = "a test is as long as the story that it tells"
)]

mod actions;
mod hold;
mod outcome;
mod refund;
mod renewal;
mod settle;
mod several;

use chrono::{DateTime, TimeDelta, Utc};
use holdfast_domain::{
    Actor, Baseline, Capture, CaptureMode, CaptureStatus, Cause, Currency, DeadlineAction, Hold, HoldId,
    IntentStatus, Operation, OperationId, OperationKind, OperationState, Snapshot, TabId,
};
use uuid::Uuid;

/// Asked for on every hold, tip included.
const HELD: i64 = 10_000;

const DAY: i64 = 24 * 60 * 60;

const STATUSES: [IntentStatus; 7] = [
    IntentStatus::Created,
    IntentStatus::Authorized,
    IntentStatus::Captured,
    IntentStatus::Reversed,
    IntentStatus::Refunded,
    IntentStatus::Canceled,
    IntentStatus::Unknown,
];

const KINDS: [OperationKind; 8] = [
    OperationKind::Create,
    OperationKind::Capture,
    OperationKind::Reversal,
    OperationKind::Cancel,
    OperationKind::Refund,
    OperationKind::SetAmount,
    OperationKind::SetTips,
    OperationKind::Receipt,
];

const STATES: [OperationState; 9] = [
    OperationState::Intended,
    OperationState::Accepted,
    OperationState::Unknown,
    OperationState::Succeeded,
    OperationState::Declined,
    OperationState::Rejected,
    OperationState::NotSent,
    OperationState::Absent,
    OperationState::Conflict,
];

fn opened() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
}

/// So long before its deadline nothing presses.
fn soon() -> DateTime<Utc> {
    opened() + TimeDelta::hours(1)
}

fn capture(id: &str, amount: i64, tip: i64, status: CaptureStatus) -> Capture {
    Capture {
        id: id.to_owned(),
        amount,
        tip,
        status,
        at: None,
    }
}

fn seen(status: IntentStatus, captures: Vec<Capture>) -> Snapshot {
    Snapshot {
        status,
        amount: 9_000,
        tip: 1_000,
        total: HELD,
        refunded: 0,
        captures,
        card: None,
        auth_code: None,
        authorised_at: Some(opened()),
        authorised_by: None,
        declined: 0,
        seen_at: opened(),
    }
}

/// A hold of a day that Dojo shows like this.
fn hold(status: IntentStatus, captures: Vec<Capture>) -> Hold {
    Hold {
        id: HoldId(Uuid::nil()),
        tab: TabId(Uuid::nil()),
        intent_id: Some("pi_1".to_owned()),
        reference: "HF-1".to_owned(),
        mode: CaptureMode::Manual,
        currency: Currency::Gbp,
        asked: HELD,
        expire_in: Some(DAY),
        expire_action: Some(DeadlineAction::Release),
        link: None,
        link_ends_at: None,
        opened_at: opened(),
        created_at: None,
        seen: Some(seen(status, captures)),
        lapsed_at: None,
        said_elsewhere: None,
        given_up_at: None,
        version: 0,
    }
}

/// As [`hold`], with so much given back.
fn refunded(mut hold: Hold, refunded: i64) -> Hold {
    if let Some(seen) = &mut hold.seen {
        seen.refunded = refunded;
    }
    hold
}

fn taken(amount: i64) -> Vec<Capture> {
    vec![capture("cp_1", amount, 0, CaptureStatus::Successful)]
}

fn operation(kind: OperationKind, state: OperationState) -> Operation {
    Operation {
        id: OperationId(Uuid::nil()),
        hold: HoldId(Uuid::nil()),
        kind,
        amount: 4_000,
        tip: 500,
        service: 0,
        baseline: Baseline::default(),
        requested_by: Actor::staff("Sam"),
        cause: Cause::Person,
        reason: None,
        at: opened(),
        state,
        dojo_id: None,
        detail: None,
        is_late: false,
        settled_at: None,
        seen_at: None,
        sender: None,
        of: None,
        then_ask: 0,
    }
}
