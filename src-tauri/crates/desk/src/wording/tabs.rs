//! What a tab or a hold is.

use holdfast_domain::{CaptureMode, Currency, Kind, Money, TabState};

/// What a tab is.
pub(crate) const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Tab => "Tab",
        Kind::Deposit => "Deposit",
        Kind::Payment => "Payment",
    }
}

/// Amounts of several currencies in one sentence: `£12.00 and €5.00`.
pub(crate) fn together(amounts: &[String]) -> String {
    amounts.join(" and ")
}

pub(crate) const TAKE_PENDING: &str = "Take pending";
pub(crate) const SETTLING: &str = "Settling";
pub(crate) const NOT_CONFIRMED: &str = "Not confirmed";
pub(crate) const NO_RECORD: &str = "No record at Dojo";
pub(crate) const DOESNT_MATCH: &str = "Doesn’t match Dojo";
pub(crate) const NOT_SENT: &str = "Not sent";
pub(crate) const REFUSED: &str = "Refused by Dojo";
pub(crate) const FAILED: &str = "Didn’t go through";

/// A state, as the chip on a tab says it. A report knows no more of a tab than its state.
pub(crate) fn tab_state(state: &TabState, currency: Currency) -> String {
    let words = match state {
        TabState::Former(words) => words,
        TabState::Empty => "Nothing on hold",
        TabState::Sending => "Sending",
        TabState::TakePending => TAKE_PENDING,
        TabState::Settling => SETTLING,
        TabState::Unclear => NOT_CONFIRMED,
        TabState::Absent => NO_RECORD,
        TabState::Conflict => DOESNT_MATCH,
        TabState::NotSent => NOT_SENT,
        TabState::Refused => REFUSED,
        TabState::Waiting => "Waiting for card",
        TabState::CardDeclined => "Card declined, waiting",
        // Of a hold or of a payment: `link_ended` says more where that is known.
        TabState::LinkEnded => "Link expired",
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

/// Of a request whose link ended: a hold only needs a card, a payment is taken at once.
pub(crate) const fn link_ended(mode: CaptureMode) -> &'static str {
    match mode {
        CaptureMode::Manual => "Link expired, card not added",
        CaptureMode::Auto => "Link expired, not paid",
    }
}

/// Of a tab whose whole bill is taken.
pub(crate) fn paid(taken: Money) -> String {
    format!("Paid {taken}")
}

/// Of a tab on which a hold lapsed: `whole` is what was held where nothing of it is left, `uncovered` is what of the
/// bill nothing covers any more.
pub(crate) fn expired(whole: Option<&str>, uncovered: Option<&str>) -> String {
    let mut said = vec![match whole {
        Some(held) => format!("Expired, released by Dojo: {held}."),
        None => "Expired, released by Dojo: part of it isn’t on hold any more.".to_owned(),
    }];
    said.extend(uncovered.map(|money| format!("{money} of the bill isn’t covered.")));
    said.push("Request a new hold if the guest is still here.".to_owned());
    said.join(" ")
}

/// What another hold of the tab still holds.
pub(crate) fn still_on_hold(money: &str) -> String {
    format!("{money} is still on hold.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_alone_says_nothing_of_a_card_that_a_payment_never_had() {
        let alone = tab_state(&TabState::LinkEnded, Currency::Gbp);
        assert_eq!(alone, "Link expired");
        for mode in [CaptureMode::Manual, CaptureMode::Auto] {
            assert!(link_ended(mode).starts_with(&alone), "{mode:?}");
        }
    }
}
