//! What is wrong with what was typed, at the edge of its field, and what to type instead.

use super::dates::full_day;
use crate::context::reasons::Mistyped;
use holdfast_domain::AmountProblem;

/// Why no card's number is taken: what is typed is kept, backed up and printed, and names go to Dojo.
pub(crate) const CARD_NUMBER: &str =
    "This looks like a card number. We never keep one: the guest types it on Dojo’s page. Take it out.";

impl From<Mistyped> for String {
    fn from(what: Mistyped) -> Self {
        let words = match what {
            Mistyped::Amount(problem) => amount(problem),
            Mistyped::LineOfZero => "The amount must not be zero.",
            Mistyped::Quantity => "Use a quantity from 1 to 999.",
            Mistyped::TooLong(most) => return format!("Use at most {most} characters."),
            Mistyped::CardNumber => CARD_NUMBER,
            Mistyped::BillOutOfBounds => "That would take the bill below zero or beyond 999,999.99.",
            Mistyped::TakenOffByRefund(off) => {
                return format!(
                    "A refund already removes {off} from this bill. You can only remove the rest."
                );
            }
            Mistyped::NoGuestName => "Type the guest’s or the party’s name.",
            Mistyped::NotAnEmail => "That isn’t an e-mail address.",
            Mistyped::NoGuestEmail => "Type the guest’s e-mail address.",
            Mistyped::NoRefundReason => "Say why it is refunded: choose a reason or type one.",
            Mistyped::ReasonNotKept => {
                "This guest was forgotten, so no reason is kept and Dojo is told none. Leave it empty."
            }
            Mistyped::Nights => "Type the number of nights, 1 to 99.",
            Mistyped::DepartsByNights(departs) => {
                return format!("By the nights it is {}.", full_day(departs));
            }
            Mistyped::DepartsBefore(arrives) => {
                return format!(
                    "The guest arrives on {}: type a later day, or none.",
                    full_day(arrives)
                );
            }
            Mistyped::DaysBackwards => "The last day is before the first.",
            Mistyped::TooManyDays(most) => return format!("Choose at most {most} days."),
            Mistyped::AmountsBackwards => "The highest amount is below the lowest.",
            Mistyped::LastFour => "Type the card’s last four digits.",
            Mistyped::Take(why) => return why.words(),
        };
        words.to_owned()
    }
}

/// Why a typed amount can't be used.
pub(crate) const fn amount(problem: AmountProblem) -> &'static str {
    match problem {
        AmountProblem::Empty => "Type an amount, for example 120 or 12.50.",
        AmountProblem::Zero => "The amount must be more than zero.",
        AmountProblem::Negative => "The amount can’t be negative.",
        AmountProblem::Decimals => "Use at most two digits after the point, for example 12.34.",
        AmountProblem::TooLarge => "That is more than 999,999.99, the most that can be asked for.",
        AmountProblem::Currency => "That is another currency’s sign. Type the digits only.",
        AmountProblem::Malformed => "That isn’t an amount. Type digits, for example 120 or 12.50.",
    }
}
