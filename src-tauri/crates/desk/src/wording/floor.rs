//! The floor in words: its parts and filters, what stands under a row's state, how many tabs are open.

use chrono::TimeDelta;
use holdfast_domain::{DeadlineAction, Money};

pub(crate) const NEEDS_ATTENTION: &str = "Needs attention";
pub(crate) const WAITING: &str = "Waiting";
pub(crate) const ON_HOLD: &str = "On hold";
pub(crate) const PAID: &str = "Paid, ready to close";
pub(crate) const NOTHING_ON_HOLD: &str = "Nothing on hold";
pub(crate) const ALL: &str = "All";
pub(crate) const TABS: &str = "Tabs";
pub(crate) const DEPOSITS: &str = "Deposits";
pub(crate) const EXPIRING: &str = "Expiring";
pub(crate) const ASKING_DOJO: &str = "asking Dojo what happened";
pub(crate) const TO_BE_TAKEN: &str = "to be taken at once";

/// `in 5 hours`, rounded down, so that nobody is told too much.
pub(crate) fn until(left: TimeDelta) -> String {
    let say = |count: i64, one: &str, many: &str| {
        if count == 1 {
            format!("in 1 {one}")
        } else {
            format!("in {count} {many}")
        }
    };
    if left <= TimeDelta::zero() {
        "now".to_owned()
    } else if left < TimeDelta::hours(1) {
        say(left.num_minutes(), "minute", "minutes")
    } else if left < TimeDelta::hours(48) {
        say(left.num_hours(), "hour", "hours")
    } else {
        say(left.num_days(), "day", "days")
    }
}

/// What becomes of the rest of a paid tab's hold on a day.
pub(crate) fn rest_of_paid(action: DeadlineAction, rest: Money, day: &str) -> String {
    match action {
        DeadlineAction::Release => format!("{rest} drops off {day}"),
        DeadlineAction::Capture => format!("Dojo takes {rest} {day}"),
    }
}

/// What Dojo does with a hold that ends soon, at a time. `rest`: what is left where some was taken.
pub(crate) fn ends(action: DeadlineAction, rest: Money, is_part: bool, at: &str) -> String {
    match action {
        DeadlineAction::Release if is_part => format!("{rest} expires {at}"),
        DeadlineAction::Release => format!("expires {at}"),
        DeadlineAction::Capture => format!("Dojo takes {rest} {at}"),
    }
}

pub(crate) fn to_spend(money: Money) -> String {
    format!("{money} to spend")
}

/// A take in progress. `is_unclear`: nobody knows whether Dojo has it.
pub(crate) fn being_taken(total: Money, is_unclear: bool) -> String {
    if is_unclear {
        format!("Take of {total} not confirmed")
    } else {
        format!("Take of {total} pending")
    }
}

pub(crate) fn refunded(money: Money) -> String {
    format!("{money} refunded")
}

pub(crate) fn taken(money: Money) -> String {
    format!("{money} taken")
}

fn tabs_open(count: usize) -> String {
    match count {
        0 => "No tabs open".to_owned(),
        1 => "1 tab open".to_owned(),
        many => format!("{many} tabs open"),
    }
}

/// How many tabs are open, and what is on hold on them; none where nothing is.
pub(crate) fn venue_summary(open: usize, held: Option<&str>) -> String {
    let open = tabs_open(open);
    match held {
        None => format!("{open}, nothing on hold"),
        Some(amounts) => format!("{open}, {amounts} on hold"),
    }
}

/// The same before the mode is closed for another one.
pub(crate) fn leaving(open: usize, held: Option<&str>) -> String {
    let summary = venue_summary(open, held);
    match held {
        None => format!("{summary}. While this mode is closed you won’t be warned about anything in it."),
        Some(_) => format!(
            "{summary}. While this mode is closed nobody watches these holds: you won’t be warned before one \
             expires."
        ),
    }
}

/// The same before the program is ended.
pub(crate) fn quitting(open: usize, held: Option<&str>) -> String {
    let summary = venue_summary(open, held);
    match held {
        None => format!("{summary}. While Holdfast is closed you won’t be warned about anything."),
        Some(_) => format!("{summary}. While Holdfast is closed you won’t be warned before a hold expires."),
    }
}
