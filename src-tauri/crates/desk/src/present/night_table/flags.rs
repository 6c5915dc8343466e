//! What a manager should know of a tab before the night is closed, in words.

use super::NightFlag;
use crate::night::flag::Flag;
use crate::present::view::Tone;
use crate::wording::{self, night};
use chrono::NaiveDate;
use holdfast_domain::Currency;

/// A flag, as the table shows it on `today`; states are of `currency`.
pub(super) fn flag(flag: &Flag, currency: Currency, today: NaiveDate) -> NightFlag {
    let (tone, words) = match flag {
        Flag::UnderWay { state, taking } => {
            let words = wording::tab_state(state, currency);
            (Tone::Wait, night::under_way(&words, *taking))
        }
        Flag::OverHold(by) => (Tone::Bad, night::over_hold(*by)),
        Flag::Short(by) => (Tone::Bad, night::short(*by)),
        Flag::Cut { service, tip } => (Tone::Warn, night::cut(*service, *tip)),
        Flag::NotPaid(bill) => (Tone::Bad, night::not_paid(*bill)),
        Flag::AboveDue(by) => (Tone::Warn, night::above_due(*by)),
        Flag::DojoTakes(rest) => (Tone::Warn, night::dojo_takes(*rest)),
        Flag::NeedsPerson(state) => (Tone::Bad, wording::tab_state(state, currency)),
        Flag::NoName => (Tone::Warn, night::NO_NAME.to_owned()),
        Flag::CardNeverAdded => (Tone::Wait, night::CARD_NEVER_ADDED.to_owned()),
        Flag::NoDeparture => (Tone::Quiet, night::NO_DEPARTURE.to_owned()),
        Flag::DepartsLater(day) => (Tone::Quiet, night::departs_later(*day, today)),
        Flag::DepartsToday => (Tone::Warn, night::DEPARTS_TODAY.to_owned()),
        Flag::Departed(day) => (Tone::Warn, night::departed(*day, today)),
        Flag::PartTaken(taken) => (Tone::Good, night::part_taken(*taken)),
        Flag::Taken(taken) => (Tone::Good, wording::tabs::paid(*taken)),
        Flag::OpenSince(day) => (Tone::Warn, night::open_since(*day, today)),
        Flag::NothingOnBill => (Tone::Quiet, night::NOTHING_ON_BILL.to_owned()),
        Flag::ChargeAgain(money) => (Tone::Warn, night::charge_again(*money)),
        Flag::BeyondBill(money) => (Tone::Bad, night::beyond_bill(*money)),
        Flag::LeftOpen => (Tone::Warn, night::LEFT_OPEN.to_owned()),
        Flag::StaysOpen(held) => (Tone::Warn, night::stays_open(*held)),
    };
    NightFlag {
        words,
        tone,
        place: place(flag),
    }
}

/// Where a sum is settled that no key of the night settles.
const fn place(flag: &Flag) -> Option<&'static str> {
    match flag {
        Flag::OverHold(_) | Flag::Short(_) | Flag::NotPaid(_) => Some(night::REQUEST_ON_TAB),
        Flag::BeyondBill(_) => Some(night::REFUND_ON_TAB),
        Flag::ChargeAgain(_) => Some(night::TICK_TO_TAKE),
        Flag::UnderWay { .. }
        | Flag::Cut { .. }
        | Flag::AboveDue(_)
        | Flag::DojoTakes(_)
        | Flag::NeedsPerson(_)
        | Flag::NoName
        | Flag::CardNeverAdded
        | Flag::NoDeparture
        | Flag::DepartsLater(_)
        | Flag::DepartsToday
        | Flag::Departed(_)
        | Flag::PartTaken(_)
        | Flag::Taken(_)
        | Flag::OpenSince(_)
        | Flag::NothingOnBill
        | Flag::LeftOpen
        | Flag::StaysOpen(_) => None,
    }
}
