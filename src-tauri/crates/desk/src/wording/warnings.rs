//! Warnings before a hold ends, what Dojo did at its end, and trouble with clocks.

use super::dates::{day_and_time, say_hours};
use crate::context::frame::Frame;
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_domain::{ClockTrouble, Currency, DeadlineAction, Hold, HoldState, Money, Stage, Warning};

/// What Dojo did with a hold at its deadline, and when, by the venue's own clock. `taken` is what its tab took in all.
pub(crate) fn lapsed(hold: &Hold, taken: Money, at: DateTime<Utc>, frame: Frame) -> String {
    let when = day_and_time(at, frame);
    let released = hold.money(hold.released());
    // Another of the tab's holds may have been taken from.
    let is_first =
        hold.captured() == taken.minor && hold.seen.as_ref().is_none_or(|seen| seen.captures.len() <= 1);
    match hold.state(frame.now) {
        HoldState::TakenByDojo if is_first => format!("{taken} taken by Dojo, {when}"),
        HoldState::TakenByDojo => format!("{taken} taken, the rest by Dojo, {when}"),
        HoldState::Opening
        | HoldState::Waiting
        | HoldState::Held
        | HoldState::PartTaken
        | HoldState::Taken
        | HoldState::Released
        | HoldState::Expired
        | HoldState::Cancelled
        | HoldState::PartRefunded
        | HoldState::Refunded
        | HoldState::Overdue
        | HoldState::Unreadable => {
            if taken.minor > 0 {
                format!("{taken} taken, {released} expired {when}")
            } else {
                format!("{released} expired {when}")
            }
        }
    }
}

/// What staff are told of a hold's end; true for as long as the stage lasts.
pub(crate) fn warning(name: &str, of: Warning, currency: Currency) -> String {
    let is_taken = match of.action {
        Some(DeadlineAction::Capture) => true,
        Some(DeadlineAction::Release) | None => false,
    };
    let left = Money::new(of.amount, currency);
    match of.stage {
        Stage::Within(hours) => {
            let (within, later) = (say_hours(hours.into()), say_hours(of.safe_hours.into()));
            if is_taken {
                format!("{name}: take or release {left} within {within}. Dojo takes it {later} later.")
            } else {
                format!("{name}: take or release {left} within {within}. Dojo releases it {later} later.")
            }
        }
        Stage::Late if is_taken => {
            format!("{name}: take or release {left} now. Dojo takes it within hours.")
        }
        Stage::Late => format!("{name}: take or release {left} now. Dojo releases it within hours."),
        Stage::Doubtful => {
            format!(
                "{name}: {left} may already have expired (this PC’s clock is wrong). Set the clock, then \
                 check."
            )
        }
    }
}

/// How far clocks are apart, as a person would say it.
fn apart(by: TimeDelta) -> String {
    let by = by.abs();
    if by < TimeDelta::hours(2) {
        format!("{} minutes", by.num_minutes())
    } else if by < TimeDelta::days(2) {
        format!("{} hours", by.num_hours())
    } else {
        format!("{} days", by.num_days())
    }
}

/// What is wrong with the clock, and what is done about it.
pub(crate) fn clock(trouble: ClockTrouble) -> String {
    match trouble {
        ClockTrouble::Reset => {
            "This PC’s clock shows a year long past. Set its date and time; until then we count deadlines \
             by Dojo’s time."
                .to_owned()
        }
        ClockTrouble::GoneBack(by) => format!(
            "This PC’s clock has jumped back by {}. Set it; until then we count deadlines by the later \
             time.",
            apart(by)
        ),
        ClockTrouble::Apart(by) => format!(
            "This PC’s clock and Dojo’s differ by {}. We count deadlines by the later one.",
            apart(by)
        ),
        ClockTrouble::ApartFromServer(by) => format!(
            "This PC’s clock and the ledger server’s differ by {}. Set the one that is wrong.",
            apart(by)
        ),
    }
}
