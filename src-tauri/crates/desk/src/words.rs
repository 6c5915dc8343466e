//! The words for the journal: what staff decided, what Dojo answered, what Dojo or the guest did.

use holdfast_domain::{
    self as domain, Capture, CaptureStatus, Hold, IntentStatus, Operation, OperationKind, OperationState,
    Snapshot,
};
use holdfast_ledger::Learnt;

/// What an operation is called.
pub(crate) const fn verb(kind: OperationKind) -> &'static str {
    match kind {
        OperationKind::Create => "Request",
        OperationKind::Capture => "Take",
        OperationKind::Reversal => "Release",
        OperationKind::Cancel => "Cancel the request",
        OperationKind::Refund => "Refund",
        OperationKind::SetAmount => "Change the amount",
        OperationKind::SetTips => "Change the tip",
        OperationKind::Receipt => "Send the receipt",
    }
}

/// An operation with its amount, as a person would say it: `Take £84.50`.
pub(crate) fn what(operation: &Operation, hold: &Hold) -> String {
    let total = hold.money(operation.amount.saturating_add(operation.tip));
    match operation.kind {
        OperationKind::Capture if operation.tip > 0 => {
            format!("Take {total} (tip {} in it)", hold.money(operation.tip))
        }
        OperationKind::Create | OperationKind::Capture | OperationKind::Refund => {
            format!("{} {total}", verb(operation.kind))
        }
        OperationKind::SetAmount => format!("Change the amount to {}", hold.money(operation.amount)),
        OperationKind::SetTips => format!("Change the tip to {}", hold.money(operation.tip)),
        OperationKind::Reversal => format!("Release {}", hold.money(released(hold))),
        OperationKind::Cancel | OperationKind::Receipt => verb(operation.kind).to_owned(),
    }
}

/// Minor units that a release gives back, or gave.
fn released(hold: &Hold) -> i64 {
    match (hold.left(), &hold.seen) {
        (0, Some(seen)) if seen.status == IntentStatus::Reversed => seen.total,
        (left, _) => left,
    }
}

/// A decision that Dojo's record does not show may be done late all the same: said before the next one.
pub(crate) fn caution(hold: &Hold, operations: &[Operation]) -> Option<String> {
    let moves_money = |o: &&Operation| {
        o.state == OperationState::Absent && matches!(o.kind, OperationKind::Capture | OperationKind::Refund)
    };
    let lost = operations.iter().rfind(moves_money)?;
    let twice = match lost.kind {
        OperationKind::Refund => "the guest would get both, and what is refunded twice does not come back",
        _ => "the guest would pay both, and one of them has to be refunded then",
    };
    Some(format!(
        "{} was asked before, and Dojo’s record does not show it. Should it come late, {twice}.",
        what(lost, hold)
    ))
}

/// For the moment of decision.
pub(crate) fn intended(operation: &Operation, hold: &Hold) -> String {
    let reason = operation
        .reason
        .as_ref()
        .map_or_else(String::new, |reason| format!(" · {reason}"));
    format!("{}: asked{reason}", what(operation, hold))
}

/// For the moment of the answer.
pub(crate) fn answered(operation: &Operation, hold: &Hold) -> String {
    let detail = operation
        .detail
        .as_ref()
        .map_or_else(String::new, |d| format!(" · {d}"));
    let outcome = match operation.state {
        OperationState::Accepted => "Dojo accepted it, not final yet",
        OperationState::Unknown | OperationState::Intended => "unclear, asking Dojo",
        OperationState::Rejected => "refused by Dojo",
        OperationState::NotSent => "not sent",
        OperationState::Succeeded => "done",
        OperationState::Declined => "declined",
        OperationState::Absent => "not seen at Dojo",
        OperationState::Conflict => "needs a person",
    };
    format!("{}: {outcome}{detail}", what(operation, hold))
}

/// For the moment when Dojo's record settled it.
pub(crate) fn settled(operation: &Operation, hold: &Hold) -> String {
    answered(operation, hold)
}

/// What changed at Dojo that no open operation of ours accounts for: words and minor units.
pub(crate) fn news(
    hold: &Hold,
    learnt: &Learnt,
    seen: &Snapshot,
    operations: &[Operation],
) -> Vec<(String, Option<i64>)> {
    let mut news = Vec::new();
    let before = hold.seen.as_ref();
    let was = before.map(|s| s.status);
    let card = seen
        .card
        .as_ref()
        .and_then(|c| c.last_four.as_deref())
        .unwrap_or("unknown");
    if seen.declined > before.map_or(0, |s| s.declined) {
        news.push(("The guest’s card was declined".to_owned(), None));
    }
    if was != Some(seen.status) {
        match seen.status {
            IntentStatus::Authorized => {
                news.push((format!("Held on the card ending {card}"), Some(seen.total)))
            }
            IntentStatus::Captured if matches!(was, None | Some(IntentStatus::Created)) => {
                news.push((format!("Paid with the card ending {card}"), Some(seen.total)));
            }
            IntentStatus::Reversed
                if learnt.lapsed_at.is_none() && !accounted(operations, OperationKind::Reversal) =>
            {
                news.push(("Released elsewhere, not from here".to_owned(), Some(seen.total)));
            }
            IntentStatus::Canceled if !accounted(operations, OperationKind::Cancel) => {
                news.push(("The request ended unpaid".to_owned(), None));
            }
            IntentStatus::Unknown => news.push((
                "Dojo shows a state that this version does not know".to_owned(),
                None,
            )),
            IntentStatus::Created
            | IntentStatus::Captured
            | IntentStatus::Reversed
            | IntentStatus::Refunded
            | IntentStatus::Canceled => {}
        }
    }
    let at_the_deadline = hold.lapsed_at.or(learnt.lapsed_at).is_some();
    if let Some(taken) = taken_elsewhere(before, seen, operations).filter(|_| !at_the_deadline) {
        news.push(("Taken elsewhere, not from here".to_owned(), Some(taken)));
    }
    if let Some(refunded) = refunded_elsewhere(before, seen, operations) {
        news.push(("Refunded elsewhere, not from here".to_owned(), Some(refunded)));
    }
    if hold.lapsed_at.is_none() && learnt.lapsed_at.is_some() {
        let words = match seen.status {
            IntentStatus::Captured if seen.captures.is_empty() || hold.left() == 0 => {
                "Taken by Dojo at the deadline"
            }
            IntentStatus::Captured
                if hold.expire_action == Some(holdfast_domain::DeadlineAction::Capture) =>
            {
                "Taken by Dojo at the deadline"
            }
            _ => "Expired, released by Dojo at the deadline",
        };
        news.push((words.to_owned(), Some(hold.left())));
    }
    news
}

/// Minor units in captures that are new, went through, and belong to no decision made here.
fn taken_elsewhere(before: Option<&Snapshot>, seen: &Snapshot, operations: &[Operation]) -> Option<i64> {
    let is_known = |capture: &Capture| {
        before.is_some_and(|s| {
            s.captures
                .iter()
                .any(|c| c.id == capture.id && c.status == CaptureStatus::Successful)
        })
    };
    let is_owned = |capture: &Capture| {
        operations
            .iter()
            .any(|o| o.dojo_id.as_deref() == Some(capture.id.as_str()))
    };
    // A decision without Dojo's number yet will claim one capture of its own amount.
    let mut unclaimed: Vec<(i64, i64)> = operations
        .iter()
        .filter(|o| o.kind == OperationKind::Capture && o.dojo_id.is_none())
        .filter(|o| o.state.is_open() || o.state == OperationState::Absent)
        .map(|o| (o.amount, o.tip))
        .collect();
    let strange = seen
        .captures
        .iter()
        .filter(|c| c.status == CaptureStatus::Successful && !is_known(c) && !is_owned(c))
        .filter(|c| {
            let claim = unclaimed.iter().position(|sum| *sum == (c.amount, c.tip));
            claim.map(|place| unclaimed.swap_remove(place)).is_none()
        })
        .fold(0_i64, |sum, c| sum.saturating_add(c.total()));
    (strange > 0).then_some(strange)
}

/// Minor units refunded since the last reading that no decision made here can account for: not the
/// open one, nor those whose fate is not known, all of what came being theirs.
fn refunded_elsewhere(before: Option<&Snapshot>, seen: &Snapshot, operations: &[Operation]) -> Option<i64> {
    let grown = seen.refunded.saturating_sub(before.map_or(0, |s| s.refunded));
    let refunds = operations.iter().filter(|o| o.kind == OperationKind::Refund);
    let may_be_ours: Vec<i64> = refunds
        .clone()
        .filter(|o| o.state.is_open() || matches!(o.state, OperationState::Absent | OperationState::Conflict))
        .map(|o| o.amount)
        .collect();
    let open = refunds
        .filter(|o| o.state.is_open() && o.amount <= grown)
        .fold(0_i64, |sum, o| sum.saturating_add(o.amount));
    let strange = grown.saturating_sub(open);
    (strange > 0 && !domain::adds_up(grown, &may_be_ours)).then_some(strange)
}

fn accounted(operations: &[Operation], kind: OperationKind) -> bool {
    operations.iter().any(|o| {
        o.kind == kind
            && matches!(
                o.state,
                OperationState::Intended
                    | OperationState::Accepted
                    | OperationState::Unknown
                    | OperationState::Succeeded
                    | OperationState::Absent
            )
    })
}
