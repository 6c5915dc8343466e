//! What a tab or a hold is.

use holdfast_domain::{Currency, Money, TabState};

/// A state, as the chip on a tab says it.
pub(crate) fn tab_state(state: &TabState, currency: Currency) -> String {
    let words = match state {
        TabState::Former(words) => words,
        TabState::Empty => "Nothing held",
        TabState::Sending => "Sending",
        TabState::TakePending => "Take pending",
        TabState::Settling => "Settling",
        TabState::Unclear => "Unclear",
        TabState::Absent => "Not seen at Dojo",
        TabState::Conflict => "Needs you",
        TabState::NotSent => "Not sent",
        TabState::Refused => "Refused by Dojo",
        TabState::Waiting => "Waiting for card",
        TabState::CardDeclined => "Card declined, waiting",
        TabState::LinkEnded => "Link ended, not paid",
        TabState::Held => "Held",
        TabState::PartTaken(taken) => return format!("Part taken {}", Money::new(*taken, currency)),
        TabState::Taken => "Taken",
        TabState::Released => "Released",
        TabState::Expired => "Expired, released by Dojo",
        TabState::TakenByDojo => "Taken by Dojo",
        TabState::Cancelled => "Cancelled",
        TabState::PartRefunded => "Part refunded",
        TabState::Refunded => "Refunded",
        TabState::Overdue => "Past its deadline, asking Dojo",
        TabState::Unreadable => "Not known to this version",
    };
    words.to_owned()
}
