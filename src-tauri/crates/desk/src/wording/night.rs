//! Closing the night, in words.

use super::not_done::not_done;
use super::tabs::{DOESNT_MATCH, FAILED, NO_RECORD, REFUSED};
pub(crate) use super::tabs::{NOT_CONFIRMED, SETTLING, TAKE_PENDING};
use super::{day, day_and_year};
use crate::context::frame::Frame;
use chrono::NaiveDate;
use holdfast_domain::{Money, OperationState, RowTrouble};

pub(crate) const NO_NAME: &str = "No name";
pub(crate) const CARD_NEVER_ADDED: &str = "Card never added";
pub(crate) const NO_DEPARTURE: &str = "Deposit, no departure date";
pub(crate) const DEPARTS_TODAY: &str = "Deposit, the guest departs today";
pub(crate) const NOTHING_ON_BILL: &str = "Nothing on the bill";
pub(crate) const LEFT_OPEN: &str = "Left open";
pub(crate) const REQUEST_CANCELLED: &str = "Request cancelled";
pub(crate) const SENT: &str = "Sent, waiting for Dojo";
pub(crate) const NOT_STARTED: &str = "Not started";
pub(crate) const NOT_DONE: &str = "Not done";
pub(crate) const CANT_RELEASE: &str = "What’s left on hold. You can’t release it after a take.";
pub(crate) const REQUEST_ON_TAB: &str = "Request the rest on its tab.";
pub(crate) const REFUND_ON_TAB: &str = "Refund it on its tab.";
pub(crate) const TICK_TO_TAKE: &str = "Tick the row to take it.";
pub(crate) const DOJO_TAKES: &str = "Dojo takes at the deadline";

/// The business day above the table.
pub(crate) fn tonight(today: NaiveDate) -> String {
    format!("Tonight, {}", day(today))
}

/// How far a run is that goes on.
pub(crate) fn run_goes_on(done: usize, total: usize) -> String {
    format!("Closing the night: {done} of {total}")
}

/// How far it came where nobody works on it any more.
pub(crate) fn run_interrupted(done: usize, total: usize) -> String {
    format!("Closing the night was interrupted: {done} of {total}")
}

/// It has ended, and this many tabs of it aren't done.
pub(crate) fn run_left(open: usize, total: usize) -> String {
    format!("Night closed, except for {open} of {total}")
}

/// It has ended, and all of it is done.
pub(crate) fn run_done(done: usize, total: usize) -> String {
    format!("The night is closed: {done} of {total} done")
}

/// A state, with what is being taken.
pub(crate) fn under_way(state: &str, taking: Option<Money>) -> String {
    match taking {
        Some(money) => format!("{state}, {money}"),
        None => state.to_owned(),
    }
}

pub(crate) fn over_hold(by: Money) -> String {
    format!("{by} over")
}

/// What isn't taken of a bill.
pub(crate) fn short(by: Money) -> String {
    format!("{by} short")
}

/// What isn't taken of service charge and tip, where the hold has no room for them.
pub(crate) fn cut(service: Money, tip: Money) -> String {
    let all = Money::new(service.minor.saturating_add(tip.minor), service.currency);
    match (service.minor, tip.minor) {
        (_, 0) => format!("Service cut by {all}"),
        (0, _) => format!("Tip cut by {all}"),
        _ => format!("Service and tip cut by {all}"),
    }
}

pub(crate) fn not_paid(bill: Money) -> String {
    format!("{bill} not paid")
}

pub(crate) fn above_due(by: Money) -> String {
    format!("{by} more than is due")
}

pub(crate) fn dojo_takes(rest: Money) -> String {
    format!("Dojo takes the other {rest} too")
}

pub(crate) fn departs_later(on: NaiveDate, today: NaiveDate) -> String {
    format!("Deposit, the guest stays until {}", day_and_year(on, today))
}

pub(crate) fn departed(on: NaiveDate, today: NaiveDate) -> String {
    format!("Deposit, the guest left on {}", day_and_year(on, today))
}

pub(crate) fn part_taken(taken: Money) -> String {
    format!("Part taken {taken}")
}

pub(crate) fn open_since(opened: NaiveDate, today: NaiveDate) -> String {
    format!("Open since {}", day_and_year(opened, today))
}

pub(crate) fn charge_again(money: Money) -> String {
    format!("{money} to charge again")
}

pub(crate) fn beyond_bill(money: Money) -> String {
    format!("{money} paid beyond the bill")
}

pub(crate) fn stays_open(held: Money) -> String {
    if held.minor > 0 {
        format!("Stays open, {held} on hold")
    } else {
        "Stays open".to_owned()
    }
}

pub(crate) fn taken_now(money: Option<Money>) -> String {
    money.map_or_else(|| "Taken".to_owned(), |money| format!("Taken {money}"))
}

pub(crate) fn released_now(money: Option<Money>) -> String {
    money.map_or_else(|| "Released".to_owned(), |money| format!("Released {money}"))
}

pub(crate) fn taking_now(money: Option<Money>) -> String {
    money.map_or_else(|| "Taking…".to_owned(), |money| format!("Taking {money}…"))
}

pub(crate) fn releasing_now(money: Option<Money>) -> String {
    money.map_or_else(|| "Releasing…".to_owned(), |money| format!("Releasing {money}…"))
}

pub(crate) fn requests(count: usize) -> String {
    match count {
        1 => "1 unpaid request".to_owned(),
        _ => format!("{count} unpaid requests"),
    }
}

pub(crate) fn tabs(count: usize) -> String {
    match count {
        1 => "1 tab".to_owned(),
        _ => format!("{count} tabs"),
    }
}

pub(crate) fn cancel_requests(count: usize) -> String {
    match count {
        1 => "Cancel 1 unpaid request".to_owned(),
        _ => format!("Cancel {count} unpaid requests"),
    }
}

pub(crate) fn close_tabs(count: usize) -> String {
    match count {
        1 => "Close 1 tab with nothing to take".to_owned(),
        _ => format!("Close {count} tabs with nothing to take"),
    }
}

pub(crate) fn leave_tabs(count: usize) -> String {
    match count {
        1 => "Leave 1 tab open".to_owned(),
        _ => format!("Leave {count} tabs open"),
    }
}

pub(crate) fn take_from(count: usize) -> String {
    match count {
        1 => "Take from 1 tab".to_owned(),
        _ => format!("Take from {count} tabs"),
    }
}

pub(crate) fn release_tabs(count: usize) -> String {
    match count {
        1 => "Release 1 tab".to_owned(),
        _ => format!("Release {count} tabs"),
    }
}

/// Bills of which less is taken than they come to.
pub(crate) fn short_bills(count: usize) -> String {
    match count {
        1 => "1 bill short".to_owned(),
        _ => format!("{count} bills short"),
    }
}

/// The same with how much that is.
pub(crate) fn short_by(count: usize, sum: &str) -> String {
    match count {
        1 => format!("1 bill short, {sum}"),
        _ => format!("{count} bills short, {sum}"),
    }
}

/// Whose bills they are, and where the rest is asked for.
pub(crate) fn short_of(names: &str) -> String {
    format!("{names}. {REQUEST_ON_TAB}")
}

/// What isn't taken, and by when it does.
pub(crate) fn drops_off(by: Option<NaiveDate>, today: NaiveDate) -> String {
    match by {
        Some(by) => format!("Drops off the cards by {}", day_and_year(by, today)),
        None => "Drops off the cards".to_owned(),
    }
}

/// Some of them by name.
pub(crate) fn and_others(names: &str, others: usize) -> String {
    format!("{names} and {others} more")
}

/// Why a tab couldn't be done.
pub(crate) fn row_trouble(why: &RowTrouble, frame: Frame) -> String {
    let words = match why {
        RowTrouble::Former(words) if words.is_empty() => "Not done",
        RowTrouble::Former(words) => words,
        RowTrouble::Refused(why) => return not_done(why, frame),
        RowTrouble::NoFigures => "Changed since the night began. Check it first",
        RowTrouble::Ended(state) => match state {
            OperationState::Succeeded => "Done, but the tab isn’t closed",
            OperationState::Accepted | OperationState::Intended => SETTLING,
            OperationState::Unknown => NOT_CONFIRMED,
            OperationState::Absent => NO_RECORD,
            OperationState::Conflict => DOESNT_MATCH,
            OperationState::NotSent => "Not sent, Dojo is offline",
            OperationState::Rejected => REFUSED,
            OperationState::Declined => FAILED,
        },
    };
    words.to_owned()
}
