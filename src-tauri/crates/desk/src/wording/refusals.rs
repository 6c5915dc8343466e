//! Why a hold doesn't allow an action, in words for staff.

use holdfast_domain::{Action, DeadlineAction, Refusal};

/// Why `action` is refused, and what staff can do instead.
pub(crate) const fn refusal(action: Action, why: Refusal) -> &'static str {
    match why {
        Refusal::Settling => "The last request isn’t settled with Dojo yet.",
        Refusal::NotConfirmed => "Dojo hasn’t confirmed this request yet.",
        Refusal::UnknownState => "Dojo shows a state that this version doesn’t know.",
        Refusal::RenewalUnderWay => "It’s already being renewed.",
        Refusal::NotUnpaid => not_unpaid(action),
        Refusal::NotPaid => "The guest hasn’t paid yet.",
        Refusal::NothingTaken => nothing_taken(action),
        Refusal::AllTaken => "All of it has been taken.",
        Refusal::AllRefunded => "All that was taken is already refunded.",
        Refusal::RefundedInPart => "Part of it is refunded, so you can’t take more.",
        Refusal::Refunded => "It was refunded.",
        Refusal::Released => "It was released.",
        Refusal::Cancelled => "The request was cancelled.",
        Refusal::ReleasedAtDeadline => "Dojo released it at the deadline. Nothing is on hold.",
        Refusal::RestReleasedAtDeadline => "Dojo released the rest at the deadline. Nothing is on hold.",
        Refusal::TakenAtDeadline => "Dojo took it at the deadline.",
        Refusal::IsPayment => is_payment(action),
        Refusal::PartTaken { rest } => part_taken(action, rest),
    }
}

const fn not_unpaid(action: Action) -> &'static str {
    match action {
        Action::Cancel => "You can only cancel an unpaid request.",
        Action::Take
        | Action::Release
        | Action::Renew
        | Action::Refund
        | Action::ChangeAmount
        | Action::ChangeTip
        | Action::Receipt => "You can only change it until the guest has paid.",
    }
}

const fn nothing_taken(action: Action) -> &'static str {
    match action {
        Action::Receipt => "Take something first, then send a receipt.",
        Action::Take
        | Action::Release
        | Action::Renew
        | Action::Cancel
        | Action::Refund
        | Action::ChangeAmount
        | Action::ChangeTip => "Nothing has been taken.",
    }
}

const fn is_payment(action: Action) -> &'static str {
    match action {
        Action::Renew => "This is a payment: there’s no hold to renew.",
        Action::Take
        | Action::Release
        | Action::Cancel
        | Action::Refund
        | Action::ChangeAmount
        | Action::ChangeTip
        | Action::Receipt => "This is a payment: you can refund it, not release it.",
    }
}

const fn part_taken(action: Action, rest: Option<DeadlineAction>) -> &'static str {
    match action {
        Action::Renew => match rest {
            Some(DeadlineAction::Release) => {
                "Part of it is taken, and Dojo releases the rest at the deadline. Hold more instead."
            }
            Some(DeadlineAction::Capture) => {
                "Part of it is taken, and Dojo takes the rest at the deadline. Hold more instead."
            }
            None => "Part of it is taken. Hold more instead.",
        },
        Action::Take
        | Action::Release
        | Action::Cancel
        | Action::Refund
        | Action::ChangeAmount
        | Action::ChangeTip
        | Action::Receipt => match rest {
            Some(DeadlineAction::Release) => {
                "Part of it is taken. Dojo releases the rest at the deadline, nobody can before. You can \
                 refund what was taken."
            }
            Some(DeadlineAction::Capture) => {
                "Part of it is taken. Dojo takes the rest at the deadline, nobody can release it. You can \
                 refund what was taken."
            }
            None => "Part of it is taken, so nothing can be released. You can refund what was taken.",
        },
    }
}
