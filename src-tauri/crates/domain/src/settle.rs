//! Settling an operation by Dojo's own record, never by guess.

use crate::{
    Capture, CaptureStatus, DEADLINE_LATENESS, Detail, Hold, IntentStatus, Operation, OperationKind,
    OperationState, Snapshot,
};
use chrono::{DateTime, Utc};
use std::time::Duration;

/// How long Dojo's record must stay silent before an operation is called absent: the larger of
/// 120 s and four times the request's time limit of 30 s.
pub const QUIET_WINDOW: Duration = Duration::from_secs(120);

/// How far apart the three empty readings must be at least.
pub const QUIET_GAP: Duration = Duration::from_secs(20);

/// What Dojo's record says of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settlement {
    /// It happened. With Dojo's id, where there is one.
    Succeeded(Option<String>),
    /// It is there and not decided yet.
    Pending(Option<String>),
    /// It is there and did not go through, or can no longer happen.
    Declined(Detail),
    /// Something else is there. A person decides.
    Conflict(Detail),
    /// Nothing of it is to be seen. Not a failure: it may come late.
    Nothing,
}

/// Holds `operation` against `seen`. `refunded_before` is the refunded sum of the reading before, in minor units. `all`
/// are the hold's operations, oldest first: what belongs to another one of them is not taken for this one's.
///
/// That there is a record of the intent at all is what proves a create, so this is asked of one only with the record of
/// its own intent.
pub fn settle(operation: &Operation, seen: &Snapshot, refunded_before: i64, all: &[Operation]) -> Settlement {
    match operation.kind {
        OperationKind::Create => Settlement::Succeeded(operation.dojo_id.clone()),
        OperationKind::Capture => settle_capture(operation, seen, all),
        OperationKind::Reversal => settle_reversal(operation, seen),
        OperationKind::Cancel => settle_cancel(operation, seen),
        OperationKind::Refund => settle_refund(operation, seen, refunded_before, all),
        OperationKind::SetAmount => settle_change(operation, operation.amount == seen.amount),
        OperationKind::SetTips => settle_change(operation, operation.tip == seen.tip),
        OperationKind::Receipt => Settlement::Declined(Detail::ReceiptNotConfirmed),
    }
}

/// Accepted work that the record does not show yet is pending; the rest may never have arrived.
fn not_there(operation: &Operation) -> Settlement {
    if operation.state == OperationState::Accepted {
        Settlement::Pending(operation.dojo_id.clone())
    } else {
        Settlement::Nothing
    }
}

fn settle_capture(operation: &Operation, seen: &Snapshot, all: &[Operation]) -> Settlement {
    if let Some(id) = &operation.dojo_id {
        return match seen.captures.iter().find(|c| &c.id == id) {
            Some(capture) => settle_found(operation, capture),
            None => Settlement::Pending(Some(id.clone())),
        };
    }
    let is_owned = |id: &String| all.iter().any(|o| o.dojo_id.as_ref() == Some(id));
    let new: Vec<&Capture> = seen
        .captures
        .iter()
        .filter(|c| !operation.baseline.captures.contains(&c.id) && !is_owned(&c.id))
        .collect();
    let is_asked = |c: &&Capture| (c.amount, c.tip) == (operation.amount, operation.tip);
    let lost = lost_captures(operation, all);
    if let Some(place) = new.iter().position(is_asked) {
        let (mut others, mine) = (new.clone(), new.get(place));
        others.remove(place);
        // A person has looked at one that is at odds already: whatever else is there, just one is what was asked.
        let is_settled = operation.state == OperationState::Conflict && !others.iter().any(is_asked);
        if let Some(capture) = mine.filter(|_| is_settled || are_all(&others, lost.clone())) {
            return settle_found(operation, capture);
        }
    }
    match new.as_slice() {
        // Others that were lost have come, and this one has not.
        captures if are_all(captures, lost) => Settlement::Nothing,
        [capture] => settle_found(operation, capture),
        _ => Settlement::Conflict(Detail::SeveralCaptures(
            u32::try_from(new.len()).unwrap_or(u32::MAX),
        )),
    }
}

/// The amount and tip of each other capture that was asked for and may come late.
fn lost_captures(operation: &Operation, all: &[Operation]) -> Vec<(i64, i64)> {
    all.iter()
        .filter(|o| o.kind == OperationKind::Capture && o.id != operation.id && o.dojo_id.is_none())
        .filter(|o| may_still_come(o.state))
        .map(|o| (o.amount, o.tip))
        .collect()
}

/// Whether each of `captures` is one of `lost`, and each of those is one capture at most.
fn are_all(captures: &[&Capture], mut lost: Vec<(i64, i64)>) -> bool {
    captures.iter().all(|capture| {
        let place = lost.iter().position(|sum| *sum == (capture.amount, capture.tip));
        place.map(|place| lost.swap_remove(place)).is_some()
    })
}

/// Whether `operation`, of which Dojo showed nothing, is too old to be what Dojo did at `end`: by then it ends a hold,
/// or a link, by itself, and no request comes that late.
pub fn is_too_old_for(operation: &Operation, end: DateTime<Utc>) -> bool {
    may_still_come(operation.state) && end - operation.at > DEADLINE_LATENESS
}

impl Hold {
    /// Whether `capture` can be `operation`, whose answer was lost. What Dojo takes by itself at the deadline is often
    /// just the amount that was asked for, for it is all that is held; but a request doesn't come that late.
    pub fn may_be_of(&self, capture: &Capture, operation: &Operation) -> bool {
        let end = self.lapsed_at.filter(|_| self.is_taken_by_dojo(capture));
        let is_dojos = end
            .zip(capture.at)
            .is_some_and(|(end, at)| at >= end && at - operation.at > DEADLINE_LATENESS);
        !is_dojos
    }
}

/// Ended here without having happened, and Dojo may do it yet.
const fn may_still_come(state: OperationState) -> bool {
    matches!(state, OperationState::Absent | OperationState::Conflict)
}

/// Whether the record now says the opposite of what this capture was settled as: what was done has failed, or
/// what was declined went through.
pub fn is_turned(operation: &Operation, seen: &Snapshot) -> bool {
    let id = operation.dojo_id.as_ref();
    let capture = seen.captures.iter().find(|c| Some(&c.id) == id);
    operation.kind == OperationKind::Capture
        && capture.is_some_and(|capture| {
            matches!(
                (operation.state, capture.status),
                (
                    OperationState::Succeeded,
                    CaptureStatus::Declined | CaptureStatus::Failed
                ) | (OperationState::Declined, CaptureStatus::Successful)
            )
        })
}

fn settle_found(operation: &Operation, capture: &Capture) -> Settlement {
    if (capture.amount, capture.tip) != (operation.amount, operation.tip) {
        return Settlement::Conflict(Detail::OtherCapture);
    }
    match capture.status {
        CaptureStatus::Successful => Settlement::Succeeded(Some(capture.id.clone())),
        CaptureStatus::Created | CaptureStatus::Unknown => Settlement::Pending(Some(capture.id.clone())),
        CaptureStatus::Declined => Settlement::Declined(Detail::BankDeclined),
        CaptureStatus::Failed => Settlement::Declined(Detail::FailedAtDojo),
    }
}

fn settle_reversal(operation: &Operation, seen: &Snapshot) -> Settlement {
    match seen.status {
        IntentStatus::Reversed => Settlement::Succeeded(operation.dojo_id.clone()),
        IntentStatus::Authorized | IntentStatus::Unknown => not_there(operation),
        IntentStatus::Captured | IntentStatus::Refunded => Settlement::Conflict(Detail::TakenInstead),
        IntentStatus::Created | IntentStatus::Canceled => Settlement::Conflict(Detail::NothingHeld),
    }
}

fn settle_cancel(operation: &Operation, seen: &Snapshot) -> Settlement {
    match seen.status {
        IntentStatus::Canceled => Settlement::Succeeded(None),
        IntentStatus::Created | IntentStatus::Unknown => not_there(operation),
        IntentStatus::Authorized
        | IntentStatus::Captured
        | IntentStatus::Reversed
        | IntentStatus::Refunded => Settlement::Declined(Detail::PaidFirst),
    }
}

fn settle_refund(
    operation: &Operation,
    seen: &Snapshot,
    refunded_before: i64,
    all: &[Operation],
) -> Settlement {
    let place = all.iter().position(|o| o.id == operation.id).unwrap_or(all.len());
    let others = all
        .iter()
        .enumerate()
        .filter(|(at, o)| o.kind == OperationKind::Refund && *at != place);
    // What others are known to have refunded since this one's baseline was read.
    let known = others
        .clone()
        .filter(|(at, o)| match o.state {
            OperationState::Succeeded if *at < place => !was_known_to(operation, *at, all),
            OperationState::Succeeded => true,
            OperationState::Intended
            | OperationState::Accepted
            | OperationState::Unknown
            | OperationState::Declined
            | OperationState::Rejected
            | OperationState::NotSent
            | OperationState::Absent
            | OperationState::Conflict => false,
        })
        .fold(0_i64, |sum, (_, o)| sum.saturating_add(o.amount));
    let lost: Vec<i64> = others
        .filter(|(_, o)| may_still_come(o.state))
        .map(|(_, o)| o.amount)
        .collect();
    let grown = seen
        .refunded
        .saturating_sub(operation.baseline.refunded)
        .saturating_sub(known);
    let is_it = |grown: i64| {
        let rest = grown.checked_sub(operation.amount);
        rest.is_some_and(|rest| subset_sum_exists(rest, &lost))
    };
    // What had been refunded elsewhere before was told as that. Of what is at odds or was not seen, only what came
    // since can be it.
    let came_late = may_still_come(operation.state) && is_it(seen.refunded.saturating_sub(refunded_before));
    if is_it(grown) || came_late {
        Settlement::Succeeded(operation.dojo_id.clone())
    } else if subset_sum_exists(grown, &lost) {
        // Others that were lost have come, and this one has not.
        not_there(operation)
    } else if operation.state != OperationState::Accepted {
        Settlement::Conflict(Detail::OtherRefund)
    } else if grown < operation.amount {
        // Dojo has it and will do it: what shows so far was refunded elsewhere.
        not_there(operation)
    } else {
        // It has come, and what is beyond it was refunded elsewhere.
        Settlement::Succeeded(operation.dojo_id.clone())
    }
}

/// Whether it was decided knowing that `all[earlier]`, which succeeded, had happened. By what Dojo showed
/// then, where that says so, for clocks may be set.
pub fn was_known_to(operation: &Operation, earlier: usize, all: &[Operation]) -> bool {
    let Some(before) = all.get(earlier) else {
        return false;
    };
    match before.kind {
        OperationKind::Capture => {
            let ids = &operation.baseline.captures;
            before.dojo_id.as_ref().is_some_and(|id| ids.contains(id))
        }
        OperationKind::Refund => {
            let since = all.iter().skip(earlier).take_while(|o| o.id != operation.id);
            let refunded = since
                .filter(|o| o.kind == OperationKind::Refund && o.state == OperationState::Succeeded)
                .fold(before.baseline.refunded, |sum, o| sum.saturating_add(o.amount));
            operation.baseline.refunded >= refunded
        }
        OperationKind::Create
        | OperationKind::Reversal
        | OperationKind::Cancel
        | OperationKind::SetAmount
        | OperationKind::SetTips
        | OperationKind::Receipt => Some(operation.at) > before.settled_at,
    }
}

/// How many lost refunds on one hold are tried in every combination.
const MOST_LOST_REFUNDS: usize = 12;

/// Whether some of `amounts`, each once at most, make up `sum`; none of them make up 0.
pub fn subset_sum_exists(sum: i64, amounts: &[i64]) -> bool {
    if sum <= 0 {
        return sum == 0;
    }
    match amounts.get(..amounts.len().min(MOST_LOST_REFUNDS)) {
        Some([first, rest @ ..]) => {
            subset_sum_exists(sum.saturating_sub(*first), rest) || subset_sum_exists(sum, rest)
        }
        Some([]) | None => false,
    }
}

fn settle_change(operation: &Operation, is_there: bool) -> Settlement {
    if is_there {
        Settlement::Succeeded(None)
    } else {
        not_there(operation)
    }
}

#[cfg(test)]
mod tests;
