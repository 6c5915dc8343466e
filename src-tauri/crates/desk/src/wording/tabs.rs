//! What a tab or a hold is.

use holdfast_domain::{Currency, Money, TabState};

/// A state, as the chip on a tab says it.
pub(crate) fn tab_state(state: &TabState, currency: Currency) -> String {
    let words = match state {
        TabState::Former(words) => words,
        TabState::Empty => "Nothing on hold",
        TabState::Sending => "Sending",
        TabState::TakePending => "Take pending",
        TabState::Settling => "Settling",
        TabState::Unclear => "Not confirmed",
        TabState::Absent => "No record at Dojo",
        TabState::Conflict => "Doesn’t match Dojo",
        TabState::NotSent => "Not sent",
        TabState::Refused => "Refused by Dojo",
        TabState::Waiting => "Waiting for card",
        TabState::CardDeclined => "Card declined, waiting",
        TabState::LinkEnded => "Link expired, not paid",
        TabState::Held => "On hold",
        TabState::PartTaken(taken) => return format!("Part taken {}", Money::new(*taken, currency)),
        TabState::Taken => "Taken",
        TabState::Released => "Released",
        TabState::Expired => "Expired",
        TabState::TakenByDojo => "Taken by Dojo",
        TabState::Cancelled => "Cancelled",
        TabState::PartRefunded => "Part refunded",
        TabState::Refunded => "Refunded",
        TabState::Overdue => "Deadline passed",
        TabState::Unreadable => "State not known to this version",
    };
    words.to_owned()
}

/// What became of one of a tab's holds, where another is in force.
pub(crate) const ONE_EXPIRED: &str = "one hold expired, released by Dojo.";

/// What another hold of the tab still holds.
pub(crate) fn still_on_hold(money: &str) -> String {
    format!("{money} is still on hold.")
}

/// Before what it's a part of.
pub(crate) fn part_of(money: Money) -> String {
    format!("{money} of ")
}
