//! Which actions a hold allows by its state, and why not the others. What else a take or a refund depends on, such as
//! the bill and the tab’s other holds, is the desk’s.

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

/// Why a hold doesn't allow an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The last request about it isn't settled yet.
    Settling,
    /// Dojo hasn't confirmed the payment intent yet.
    NotConfirmed,
    /// Dojo shows a status that this version doesn't know.
    UnknownState,
    /// It's being renewed.
    RenewalUnderWay,
    /// The guest has paid, or the request has ended: it's too late for this.
    NotUnpaid,
    /// The guest hasn't paid yet.
    NotPaid,
    /// Nothing has been taken.
    NothingTaken,
    /// All of it has been taken.
    AllTaken,
    /// All that was taken has been refunded.
    AllRefunded,
    /// Some of what was taken has been refunded, and Dojo takes no more of it then.
    RefundedInPart,
    /// It was refunded whole.
    Refunded,
    /// Staff released it.
    Released,
    /// The request was cancelled.
    Cancelled,
    /// Dojo released it at the deadline.
    ReleasedAtDeadline,
    /// Dojo released at the deadline what hadn't been taken.
    RestReleasedAtDeadline,
    /// Dojo took it at the deadline.
    TakenAtDeadline,
    /// It's a payment: nothing is held that could be released or renewed.
    IsPayment,
    /// Some of it has been taken, so Dojo neither releases nor renews it.
    PartTaken {
        /// What Dojo does at the deadline with what is left; none where nothing is left.
        rest: Option<DeadlineAction>,
    },
}

/// An action and whether it may be done now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowed {
    /// What may be done, or not.
    pub action: Action,
    /// Why not; none when it is allowed.
    pub refusal: Option<Refusal>,
}

/// What `hold` allows at `now`, given the operation that is open on it and whether a renewal is under way
/// that is about it.
pub fn actions(hold: &Hold, open: Option<&Operation>, renewing: bool, now: DateTime<Utc>) -> Vec<Allowed> {
    Action::ALL
        .into_iter()
        .map(|action| Allowed {
            action,
            refusal: refusal(hold, open, renewing, now, action),
        })
        .collect()
}

/// Why `hold` refuses one action at `now`; none when it allows it. The rest as for [`actions`].
pub fn refusal(
    hold: &Hold,
    open: Option<&Operation>,
    renewing: bool,
    now: DateTime<Utc>,
    action: Action,
) -> Option<Refusal> {
    let is_of_what_is_left = matches!(action, Action::Take | Action::Release | Action::Renew);
    // All that is left is being taken: by us, in Dojo's portal or by Dojo itself.
    let is_being_taken = is_of_what_is_left && hold.left() == 0 && hold.pending() > 0;
    if open.is_some() || is_being_taken {
        return Some(Refusal::Settling);
    }
    let state = match hold.state(now) {
        HoldState::Opening => return Some(Refusal::NotConfirmed),
        // What Dojo shows as held can be acted on, whatever our clock says of its deadline: Dojo is read before
        // anything is sent, and it refuses what is not held any more.
        HoldState::Overdue => hold.state_at_dojo(),
        HoldState::Unreadable if !is_by_figures(action) => return Some(Refusal::UnknownState),
        HoldState::Unreadable => by_figures(hold),
        state @ (HoldState::Waiting
        | HoldState::Held
        | HoldState::PartTaken
        | HoldState::Taken
        | HoldState::Released
        | HoldState::Expired
        | HoldState::TakenByDojo
        | HoldState::Cancelled
        | HoldState::PartRefunded
        | HoldState::Refunded) => state,
    };
    match action {
        Action::Take => take(hold, state),
        Action::Renew if renewing => Some(Refusal::RenewalUnderWay),
        Action::Release | Action::Renew => end_whole(hold, state),
        Action::Cancel => (state != HoldState::Waiting).then_some(Refusal::NotUnpaid),
        Action::Refund if hold.captured() == 0 => Some(Refusal::NothingTaken),
        Action::Refund => (hold.refunded() >= hold.captured()).then_some(Refusal::AllRefunded),
        Action::ChangeAmount | Action::ChangeTip => {
            (state != HoldState::Waiting).then_some(Refusal::NotUnpaid)
        }
        Action::Receipt => (hold.captured() == 0).then_some(Refusal::NothingTaken),
    }
}

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

fn take(hold: &Hold, state: HoldState) -> Option<Refusal> {
    match state {
        HoldState::Held | HoldState::PartTaken => None,
        HoldState::PartRefunded if hold.left() > 0 => Some(Refusal::RefundedInPart),
        HoldState::Waiting => Some(Refusal::NotPaid),
        HoldState::Expired => Some(Refusal::ReleasedAtDeadline),
        HoldState::TakenByDojo => Some(Refusal::TakenAtDeadline),
        HoldState::Released => Some(Refusal::Released),
        HoldState::Cancelled => Some(Refusal::Cancelled),
        HoldState::Refunded => Some(Refusal::Refunded),
        HoldState::Taken | HoldState::PartRefunded
            if hold.lapsed_at.is_some() && hold.expire_action == Some(DeadlineAction::Release) =>
        {
            Some(Refusal::RestReleasedAtDeadline)
        }
        HoldState::Taken | HoldState::PartRefunded => Some(Refusal::AllTaken),
        HoldState::Opening | HoldState::Unreadable | HoldState::Overdue => Some(Refusal::UnknownState),
    }
}

/// What Dojo does by itself with what is left, if anything is.
fn rest(hold: &Hold) -> Option<DeadlineAction> {
    hold.expire_action.filter(|_| hold.left() > 0)
}

/// To release it, or to renew it: another one takes its place whole.
fn end_whole(hold: &Hold, state: HoldState) -> Option<Refusal> {
    if hold.mode == CaptureMode::Auto {
        return Some(Refusal::IsPayment);
    }
    match state {
        HoldState::Held => None,
        HoldState::PartTaken | HoldState::Taken | HoldState::PartRefunded => {
            Some(Refusal::PartTaken { rest: rest(hold) })
        }
        HoldState::Opening
        | HoldState::Waiting
        | HoldState::Released
        | HoldState::Expired
        | HoldState::TakenByDojo
        | HoldState::Cancelled
        | HoldState::Refunded
        | HoldState::Overdue
        | HoldState::Unreadable => take(hold, state),
    }
}
