//! Why a hold doesn't allow an action, in words for staff.

use holdfast_domain::{Action, DeadlineAction, Refusal};

/// Why `action` is refused, and what staff can do instead.
pub(crate) const fn refusal(action: Action, why: Refusal) -> &'static str {
    match why {
        Refusal::Settling => "The last request is still being settled with Dojo.",
        Refusal::NotConfirmed => "Dojo has not confirmed this request yet.",
        Refusal::UnknownState => "Dojo shows a state that this version does not know.",
        Refusal::RenewalUnderWay => "It is being renewed already.",
        Refusal::NotUnpaid => not_unpaid(action),
        Refusal::NotPaid => "The guest has not paid yet.",
        Refusal::NothingTaken => nothing_taken(action),
        Refusal::AllTaken => "All of it has been taken.",
        Refusal::AllRefunded => "All that was taken is refunded already.",
        Refusal::RefundedInPart => "It has been refunded in part, so no more can be taken.",
        Refusal::Refunded => "It was refunded.",
        Refusal::Released => "It was released.",
        Refusal::Cancelled => "The request was cancelled.",
        Refusal::ReleasedAtDeadline => "Dojo released it at the deadline. Nothing is held.",
        Refusal::RestReleasedAtDeadline => "Dojo released the rest at the deadline. Nothing is held.",
        Refusal::TakenAtDeadline => "Dojo took it at the deadline.",
        Refusal::IsPayment => is_payment(action),
        Refusal::PartTaken { rest } => part_taken(action, rest),
    }
}

const fn not_unpaid(action: Action) -> &'static str {
    match action {
        Action::Cancel => "Only an unpaid request can be cancelled.",
        _ => "It can be changed only until the guest has paid.",
    }
}

const fn nothing_taken(action: Action) -> &'static str {
    match action {
        Action::Receipt => "A receipt needs something taken.",
        _ => "Nothing has been taken.",
    }
}

const fn is_payment(action: Action) -> &'static str {
    match action {
        Action::Renew => "A payment that was taken holds nothing that could be renewed.",
        _ => "A payment that was taken can be refunded, not released.",
    }
}

const fn part_taken(action: Action, rest: Option<DeadlineAction>) -> &'static str {
    match (action, rest) {
        (Action::Renew, Some(DeadlineAction::Release)) => {
            "Part of it has been taken, and Dojo releases the rest at the deadline. Ask for more instead."
        }
        (Action::Renew, Some(DeadlineAction::Capture)) => {
            "Part of it has been taken, and Dojo takes the rest at the deadline. Ask for more instead."
        }
        (Action::Renew, None) => "Something has been taken of it. Ask for more instead.",
        (_, Some(DeadlineAction::Release)) => {
            "Part of it has been taken. Dojo releases the rest at the deadline, and nobody can before; what was taken can be refunded."
        }
        (_, Some(DeadlineAction::Capture)) => {
            "Part of it has been taken. Dojo takes the rest at the deadline, and nobody can release it any more; what was taken can be refunded."
        }
        (_, None) => {
            "Something has been taken of it, so nothing can be released. What was taken can be refunded."
        }
    }
}
