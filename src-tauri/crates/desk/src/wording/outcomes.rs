//! What became of an operation, and what follows from it for staff.

use super::details::is_quoted;
use super::operations::{done, nothing, noun, sentence, what, within};
use super::why;
use holdfast_domain::{Hold, Operation, OperationKind, OperationState};

/// What happened, why, and what to do.
pub(crate) fn outcome(operation: &Operation, hold: &Hold) -> String {
    let (said, rest) = (happened(operation, hold), then(operation));
    let words = match why(operation) {
        None => format!("{said}. {rest}"),
        Some(why) if operation.detail.as_ref().is_some_and(is_quoted) => {
            format!("{said} ({}). {rest}", why.trim_end_matches('.'))
        }
        // Our own words are sentences.
        Some(why) => format!("{said}. {why} {rest}"),
    };
    words.trim_end().to_owned()
}

/// What staff do about a request that was given up and has come after all.
const fn came_late(kind: OperationKind) -> &'static str {
    match kind {
        OperationKind::Capture => "If it was taken again since, or you no longer want it, refund it.",
        OperationKind::Refund => "If it was refunded again since, the guest has it twice.",
        OperationKind::Create
        | OperationKind::Reversal
        | OperationKind::Cancel
        | OperationKind::SetAmount
        | OperationKind::SetTips
        | OperationKind::Receipt => "Check what’s on hold before you continue.",
    }
}

/// What happened, in a sentence without its end: what went wrong stands beside it, in brackets.
fn happened(operation: &Operation, hold: &Hold) -> String {
    let noun = noun(operation, hold);
    match operation.state {
        OperationState::Intended => format!("{} is on its way", sentence(&noun)),
        OperationState::Accepted => format!("Dojo accepted {noun}"),
        OperationState::Unknown => format!(
            "We asked Dojo to {} and got no reply",
            within(&what(operation, hold))
        ),
        OperationState::Absent => format!("Dojo has no record of {noun}"),
        OperationState::Conflict => format!("Dojo’s record doesn’t match {noun}"),
        OperationState::NotSent => format!("{} wasn’t sent", sentence(&noun)),
        OperationState::Rejected => format!("Dojo refused {noun}"),
        OperationState::Declined => format!("{} didn’t go through", sentence(&noun)),
        OperationState::Succeeded if operation.came_late() => {
            format!("{} went through after all", sentence(&noun))
        }
        OperationState::Succeeded => done(operation, hold),
    }
}

/// What follows from it for staff.
fn then(operation: &Operation) -> String {
    let nothing = nothing(operation.kind);
    let words = match operation.state {
        OperationState::Accepted => "Dojo hasn’t confirmed it yet.",
        OperationState::Unknown => "It may have gone through. We’re checking; don’t try again.",
        OperationState::Absent => {
            "If you still want it, do it again; if the first one turns up we’ll tell you here."
        }
        OperationState::Conflict => "Look in Dojo’s portal before you continue.",
        OperationState::NotSent => return format!("{nothing} Try again."),
        OperationState::Rejected => nothing,
        OperationState::Succeeded if operation.came_late() => came_late(operation.kind),
        OperationState::Intended | OperationState::Declined | OperationState::Succeeded => "",
    };
    words.to_owned()
}
