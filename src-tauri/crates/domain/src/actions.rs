//! Which actions a hold allows, and why not the others. The only place where that is decided.

use crate::{CaptureMode, DeadlineAction, Hold, HoldState, Operation};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Something staff can ask for on a hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Action {
    /// Capture.
    Take,
    /// Reverse.
    Release,
    /// Open a new hold in its place, and reverse it when that one is in force.
    Renew,
    /// Withdraw an unpaid request.
    Cancel,
    /// Refund.
    Refund,
    /// Ask for another amount.
    ChangeAmount,
    /// Ask for another tip.
    ChangeTip,
    /// E-mail a receipt.
    Receipt,
}

impl Action {
    /// All of them, in the order staff see them.
    pub const ALL: [Self; 8] = [
        Self::Take,
        Self::Release,
        Self::Renew,
        Self::Cancel,
        Self::Refund,
        Self::ChangeAmount,
        Self::ChangeTip,
        Self::Receipt,
    ];
}

/// An action and whether it may be done now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed {
    /// Which.
    pub action: Action,
    /// Why not; none when it is allowed.
    pub why_not: Option<&'static str>,
}

/// What `hold` allows at `now`, given the operation that is open on it and whether a renewal is under way
/// that is about it.
pub fn actions(hold: &Hold, open: Option<&Operation>, renewing: bool, now: DateTime<Utc>) -> Vec<Allowed> {
    Action::ALL
        .into_iter()
        .map(|action| Allowed {
            action,
            why_not: why_not(hold, open, renewing, now, action),
        })
        .collect()
}

fn why_not(
    hold: &Hold,
    open: Option<&Operation>,
    renewing: bool,
    now: DateTime<Utc>,
    action: Action,
) -> Option<&'static str> {
    if open.is_some() {
        return Some("The last request is still being settled with Dojo.");
    }
    let state = match hold.state(now) {
        HoldState::Opening => return Some("Dojo has not confirmed this request yet."),
        // What Dojo shows as held can be acted on, whatever our clock says of its deadline: Dojo is read before
        // anything is sent, and it refuses what is not held any more.
        HoldState::Overdue => hold.state_at_dojo(),
        HoldState::Unreadable if !is_by_figures(action) => return Some(UNREADABLE),
        HoldState::Unreadable => by_figures(hold),
        other => other,
    };
    match action {
        Action::Take => take(hold, state),
        Action::Release => release(hold, state),
        Action::Renew if renewing => Some("It is being renewed already."),
        Action::Renew => renew(hold, state),
        Action::Cancel => (state != HoldState::Waiting).then_some("Only an unpaid request can be cancelled."),
        Action::Refund if hold.captured() == 0 => Some("Nothing has been taken."),
        Action::Refund => {
            (hold.refunded() >= hold.captured()).then_some("All that was taken is refunded already.")
        }
        Action::ChangeAmount | Action::ChangeTip => {
            (state != HoldState::Waiting).then_some("It can be changed only until the guest has paid.")
        }
        Action::Receipt => (hold.captured() == 0).then_some("A receipt needs something taken."),
    }
}

const UNREADABLE: &str = "Dojo shows a state that this version does not know.";

/// What a person may decide in a state that this version does not know: Dojo's record says by its amounts what
/// there is to be taken, released or refunded, and Dojo refuses what can't be done.
const fn is_by_figures(action: Action) -> bool {
    matches!(action, Action::Take | Action::Release | Action::Refund)
}

/// The state that the amounts alone speak for.
fn by_figures(hold: &Hold) -> HoldState {
    match (hold.captured(), hold.left()) {
        _ if hold.refunded() > 0 => HoldState::PartRefunded,
        (0, 0) => HoldState::Unreadable,
        (0, _) => HoldState::Held,
        (_, 0) => HoldState::Taken,
        _ => HoldState::PartTaken,
    }
}

fn take(hold: &Hold, state: HoldState) -> Option<&'static str> {
    match state {
        HoldState::Held | HoldState::PartTaken => None,
        HoldState::PartRefunded if hold.left() > 0 => {
            Some("It has been refunded in part, so no more can be taken.")
        }
        HoldState::Waiting => Some("The guest has not paid yet."),
        HoldState::Expired => Some("Dojo released it at the deadline. Nothing is held."),
        HoldState::TakenByDojo => Some("Dojo took it at the deadline."),
        HoldState::Released => Some("It was released."),
        HoldState::Cancelled => Some("The request was cancelled."),
        HoldState::Refunded => Some("It was refunded."),
        HoldState::Taken | HoldState::PartRefunded
            if hold.lapsed_at.is_some() && hold.expire_action == Some(DeadlineAction::Release) =>
        {
            Some("Dojo released the rest at the deadline. Nothing is held.")
        }
        HoldState::Taken | HoldState::PartRefunded => Some("All of it has been taken."),
        HoldState::Opening | HoldState::Unreadable | HoldState::Overdue => Some(UNREADABLE),
    }
}

/// What Dojo does by itself with what is left, if anything is.
fn rest(hold: &Hold) -> Option<DeadlineAction> {
    hold.expire_action.filter(|_| hold.left() > 0)
}

fn release(hold: &Hold, state: HoldState) -> Option<&'static str> {
    if hold.mode == CaptureMode::Auto {
        return Some("A payment that was taken can be refunded, not released.");
    }
    match state {
        HoldState::Held => None,
        HoldState::PartTaken | HoldState::Taken | HoldState::PartRefunded => Some(match rest(hold) {
            Some(DeadlineAction::Release) => {
                "Part of it has been taken. Dojo releases the rest at the deadline, and nobody can before; what was taken can be refunded."
            }
            Some(DeadlineAction::Capture) => {
                "Part of it has been taken. Dojo takes the rest at the deadline, and nobody can release it any more; what was taken can be refunded."
            }
            None => {
                "Something has been taken of it, so nothing can be released. What was taken can be refunded."
            }
        }),
        other => take(hold, other),
    }
}

fn renew(hold: &Hold, state: HoldState) -> Option<&'static str> {
    if hold.mode == CaptureMode::Auto {
        return Some("A payment that was taken holds nothing that could be renewed.");
    }
    match state {
        HoldState::Held => None,
        HoldState::PartTaken | HoldState::Taken | HoldState::PartRefunded => Some(match rest(hold) {
            Some(DeadlineAction::Release) => {
                "Part of it has been taken, and Dojo releases the rest at the deadline. Ask for more instead."
            }
            Some(DeadlineAction::Capture) => {
                "Part of it has been taken, and Dojo takes the rest at the deadline. Ask for more instead."
            }
            None => "Something has been taken of it. Ask for more instead.",
        }),
        other => take(hold, other),
    }
}
