//! Why something can't be done just now, and what to do instead.

use super::takes::ASK_FIRST;
use crate::context::reasons::{NoReport, NotPossible};

impl From<NotPossible> for String {
    fn from(why: NotPossible) -> Self {
        let words = match why {
            NotPossible::TabClosed => TAB_CLOSED,
            NotPossible::NoSuchRequest => "There is no such request.",
            NotPossible::NotSettled => "It isn’t settled yet. We’re still checking with Dojo.",
            NotPossible::NothingToDismiss => "It went through, so there’s nothing to dismiss.",
            NotPossible::NothingToClose => "There’s nothing to close, or some rows need fixing first.",
            NotPossible::NightElsewhere => "Another till is closing the night. Wait until it has finished.",
            NotPossible::NoRunInterrupted => "No run was interrupted.",
            NotPossible::AlreadyAsked => "It’s already requested.",
            NotPossible::TotalChanged(total) => {
                return format!("The total is {total} now. Check it before you take it.");
            }
            NotPossible::AskFirst => ASK_FIRST,
            NotPossible::MoreThanHeld => "That’s more than is on hold.",
            NotPossible::LineNotOnBill => "That line is not on this bill.",
            NotPossible::LineTakesOff => "That line removes another one. Add the line again instead.",
            NotPossible::RequestSent => "That request left the till. Open a new one instead.",
            NotPossible::BillChanged => {
                "The bill has changed, and with it what the refund does to it. Check it first."
            }
            NotPossible::NotInLedger => "It is not in the ledger.",
            NotPossible::AlreadySaid => "You’ve already said what it was for.",
            NotPossible::HoldNotOnTab => "That hold is not on this tab.",
            NotPossible::NotBeingRenewed => "It isn’t being renewed.",
            NotPossible::OldBeingReleased => "The old hold is already being released.",
            NotPossible::ShownTooShort => "Dojo hasn’t shown this for long enough yet. We’ll read it again.",
            NotPossible::ShowsSomethingElse => {
                "Dojo shows something else by now. Nothing was changed here. Check it first."
            }
            NotPossible::EndlessSearch => {
                "Dojo’s search does not come to an end. Nothing was changed here; try again later."
            }
            NotPossible::SumsTooLarge => "The sums are too large.",
            NotPossible::SumsTooLargeForReport => "The sums are larger than a report can hold.",
            NotPossible::ReportMade => "The report was made a moment ago. Find it in Reports.",
            NotPossible::GuestForgotten => {
                "This guest was forgotten, and nothing more is kept about them. Open a new tab instead."
            }
            NotPossible::NotToForget => {
                "Something on this guest’s tabs is still open. Nothing was forgotten. Look at them first."
            }
            NotPossible::NoSuchInterval => "no such interval",
            NotPossible::HoldWithoutDeadline => "a hold without its deadline",
        };
        words.to_owned()
    }
}

/// Why nothing is added to a tab or asked for on it.
pub(super) const TAB_CLOSED: &str = "This tab is closed. Reopen it first.";

impl From<NoReport> for String {
    fn from(why: NoReport) -> Self {
        match why {
            NoReport::NightClosing => {
                "The night is being closed. Make the report when that has ended.".to_owned()
            }
            NoReport::NothingMoved { last: Some(last) } => {
                format!("No money has moved since report {last}.")
            }
            NoReport::NothingMoved { last: None } => "No money has moved yet.".to_owned(),
        }
    }
}
