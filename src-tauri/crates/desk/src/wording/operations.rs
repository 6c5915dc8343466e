//! Operations, as the journal and staff read them: what was decided, what Dojo answered.

use super::of_refund;
use holdfast_domain::{
    Cause, Currency, Deed, Hold, IntentStatus, Money, Operation, OperationKind, OperationState,
};

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
    what_of(&Deed::of(operation, hold), hold.currency)
}

pub(super) fn what_of(deed: &Deed, currency: Currency) -> String {
    let money = |minor: i64| Money::new(minor, currency);
    let total = money(deed.amount.saturating_add(deed.tip));
    match deed.kind {
        OperationKind::Capture if deed.tip > 0 => {
            format!("Take {total} (of which tip {})", money(deed.tip))
        }
        OperationKind::Create | OperationKind::Capture | OperationKind::Refund => {
            format!("{} {total}", verb(deed.kind))
        }
        OperationKind::SetAmount => format!("Change the amount to {}", money(deed.amount)),
        OperationKind::SetTips => format!("Change the tip to {}", money(deed.tip)),
        OperationKind::Reversal => format!("Release {}", money(deed.amount)),
        OperationKind::Cancel | OperationKind::Receipt => verb(deed.kind).to_owned(),
    }
}

/// An operation with its amount as a thing, within a sentence: `the take of £84.50`.
pub(crate) fn noun(operation: &Operation, hold: &Hold) -> String {
    let total = hold.money(operation.amount.saturating_add(operation.tip));
    match operation.kind {
        OperationKind::Create => format!("the request for {total}"),
        OperationKind::Capture => format!("the take of {total}"),
        OperationKind::Reversal => format!("the release of {}", hold.money(Deed::of(operation, hold).amount)),
        OperationKind::Cancel => "the cancellation".to_owned(),
        OperationKind::Refund => format!("the refund of {total}"),
        OperationKind::SetAmount => format!("the new amount of {}", hold.money(operation.amount)),
        OperationKind::SetTips => format!("the new tip of {}", hold.money(operation.tip)),
        OperationKind::Receipt => "the receipt".to_owned(),
    }
}

/// `words` at the beginning of a sentence: with a capital.
pub(crate) fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A button's words within a sentence: without their capital.
pub(crate) fn within(words: &str) -> String {
    let mut letters = words.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// That a request did nothing at Dojo, in the words of what it asked for.
pub(crate) const fn nothing(kind: OperationKind) -> &'static str {
    match kind {
        OperationKind::Create | OperationKind::Capture => "Nothing was charged.",
        OperationKind::Reversal
        | OperationKind::Cancel
        | OperationKind::Refund
        | OperationKind::SetAmount
        | OperationKind::SetTips
        | OperationKind::Receipt => "Nothing changed.",
    }
}

/// An operation that is done, as a person would say it: `£84.50 was taken`.
pub(crate) fn done(operation: &Operation, hold: &Hold) -> String {
    let total = hold.money(operation.amount.saturating_add(operation.tip));
    match operation.kind {
        OperationKind::Create => format!("{total} was requested"),
        OperationKind::Capture if operation.tip > 0 => {
            format!("{total} was taken (of which tip {})", hold.money(operation.tip))
        }
        OperationKind::Capture => format!("{total} was taken"),
        OperationKind::Reversal => format!("{} was released", hold.money(Deed::of(operation, hold).amount)),
        OperationKind::Cancel => "The request was cancelled".to_owned(),
        OperationKind::Refund => format!("{total} was refunded"),
        OperationKind::SetAmount => format!("The amount was changed to {}", hold.money(operation.amount)),
        OperationKind::SetTips => format!("The tip was changed to {}", hold.money(operation.tip)),
        OperationKind::Receipt => "The receipt was sent".to_owned(),
    }
}

/// What staff should know before they decide anything more: a decision that Dojo's record does not show may be
/// done late all the same, and in a state that nobody knows Dojo decides.
pub(crate) fn caution(hold: &Hold, operations: &[Operation]) -> Option<String> {
    let is_unknown = hold.left() > 0 || hold.captured() > 0;
    let is_unknown = is_unknown
        && hold
            .seen
            .as_ref()
            .is_some_and(|seen| seen.status == IntentStatus::Unknown);
    let unknown = is_unknown.then(|| {
        "Dojo shows a state that this version doesn’t know. The amounts are Dojo’s. What you ask for is \
         sent, and Dojo decides whether it can still be done."
            .to_owned()
    });
    match (unknown, not_shown(hold, operations)) {
        (Some(unknown), Some(lost)) => Some(format!("{unknown} {lost}")),
        (unknown, lost) => unknown.or(lost),
    }
}

/// The newest decision that Dojo's record may show late.
fn not_shown(hold: &Hold, operations: &[Operation]) -> Option<String> {
    let (lost, words) = operations.iter().rev().find_map(|o| Some((o, turns_up(o)?)))?;
    let tried = format!("You already tried to {}.", within(&what(lost, hold)));
    Some(format!("{tried} {words}"))
}

/// What Dojo shows of a decision that may be done late, and what that would mean; none where it can't be.
const fn turns_up(operation: &Operation) -> Option<&'static str> {
    match (operation.kind, operation.state) {
        (OperationKind::Capture, OperationState::Absent) => Some(
            "Dojo has no record of it. If it turns up, the guest pays twice and you’ll need to refund one.",
        ),
        (OperationKind::Capture, OperationState::Conflict) => Some(
            "Dojo’s record doesn’t match it. If it turns up, the guest pays twice and you’ll need to refund \
             one.",
        ),
        (OperationKind::Refund, OperationState::Absent) => Some(
            "Dojo has no record of it. If it turns up, the guest gets both, and you can’t get the second one \
             back.",
        ),
        (OperationKind::Refund, OperationState::Conflict) => Some(
            "Dojo’s record doesn’t match it. If it turns up, the guest gets both, and you can’t get the \
             second one back.",
        ),
        (OperationKind::Refund, OperationState::Accepted) => Some(
            "Dojo accepted it and doesn’t show it yet. If it turns up, the guest gets both, and you can’t get \
             the second one back.",
        ),
        _ => None,
    }
}

/// What led to a decision that no person made by itself.
const fn cause(cause: Cause) -> Option<&'static str> {
    match cause {
        Cause::Person => None,
        Cause::Night => Some("End of night"),
        Cause::Renewal => Some("Renewed"),
        Cause::RenewalGivenUp => Some("Renewal cancelled"),
    }
}

/// For the moment of decision. A receipt’s `reason` is the address that it goes to.
pub(crate) fn intended(deed: &Deed, reason: Option<&str>, currency: Currency) -> String {
    if deed.kind == OperationKind::Receipt
        && let Some(address) = reason
    {
        return format!("{} to {address}: asked", what_of(deed, currency));
    }
    let reason = reason.or_else(|| self::cause(deed.cause));
    let reason = reason.map_or_else(String::new, |reason| format!(" · {reason}"));
    let purpose = of_refund(deed, currency).map_or_else(String::new, |of| format!(" · {of}"));
    format!("{}: asked{purpose}{reason}", what_of(deed, currency))
}

/// How a decision moved on: Dojo's answer, or what its record shows. `why` is in words.
pub(crate) fn answered(
    deed: &Deed,
    state: OperationState,
    why: Option<String>,
    currency: Currency,
) -> String {
    let why = why.map_or_else(String::new, |why| format!(" · {why}"));
    let outcome = match state {
        OperationState::Accepted => "Dojo accepted it, not final yet",
        OperationState::Unknown | OperationState::Intended => "not confirmed, checking with Dojo",
        OperationState::Rejected => "refused by Dojo",
        OperationState::NotSent => "not sent",
        OperationState::Succeeded => "done",
        OperationState::Declined => "declined",
        OperationState::Absent => "no record at Dojo",
        OperationState::Conflict => "needs attention",
    };
    format!("{}: {outcome}{why}", what_of(deed, currency))
}
