//! One operation, and what its state means for staff.

use crate::present::view::{self, Tone};
use crate::wording;
use holdfast_domain::{Hold, Operation, OperationKind, OperationState};

/// What staff are told of a request that was given up and has come after all.
const fn came_late(kind: OperationKind) -> (&'static str, &'static str, Tone) {
    let next = match kind {
        OperationKind::Capture => "If it was taken again since, or is not wanted any more, refund it.",
        OperationKind::Refund => "If it was refunded again since, the guest has it twice.",
        OperationKind::Create
        | OperationKind::Reversal
        | OperationKind::Cancel
        | OperationKind::SetAmount
        | OperationKind::SetTips
        | OperationKind::Receipt => "Look at what is held before going on.",
    };
    ("is done after all", next, Tone::Bad)
}

pub(crate) fn operation(operation: &Operation, hold: &Hold) -> view::OperationView {
    let what = wording::what(operation, hold);
    let detail = wording::why(operation)
        .as_deref()
        .map_or_else(String::new, |why| format!(" ({})", why.trim_end_matches('.')));
    // What went wrong stands where it is said that something did.
    let (happened, rest, tone) = match operation.state {
        OperationState::Intended => ("is on its way", "", Tone::Wait),
        OperationState::Accepted => ("was accepted", "Dojo has yet to confirm it.", Tone::Wait),
        OperationState::Unknown => (
            "was asked and its answer is lost",
            "It may have happened. Dojo is being asked; nothing is sent again by itself.",
            Tone::Bad,
        ),
        OperationState::Absent => (
            "was asked, and Dojo’s record does not show it",
            "If it is still wanted, decide again; should the first one come late, it is shown here at once.",
            Tone::Bad,
        ),
        OperationState::Conflict => (
            "does not match what Dojo shows",
            "Look at Dojo’s portal before going on.",
            Tone::Bad,
        ),
        OperationState::NotSent => (
            "was not sent",
            "Nothing happened; it is free to be tried again.",
            Tone::Warn,
        ),
        OperationState::Rejected => ("was refused by Dojo", "Nothing happened.", Tone::Warn),
        OperationState::Declined => ("did not go through", "", Tone::Warn),
        OperationState::Succeeded if operation.came_late() => came_late(operation.kind),
        OperationState::Succeeded => ("", "", Tone::Good),
    };
    let said = match happened {
        "" => wording::done(operation, hold),
        happened => format!("{what} {happened}"),
    };
    let money = |minor: i64| (minor > 0).then(|| hold.money(minor).into());
    view::OperationView {
        id: operation.id,
        kind: operation.kind,
        amount: money(operation.amount),
        tip: money(operation.tip),
        at: operation.at,
        state: operation.state,
        words: format!("{said}{detail}. {rest}").trim_end().to_owned(),
        tone,
        may_be_put_aside: !operation.state.is_open() && tone != Tone::Good,
    }
}
