//! The front desk's lists, in words.

use super::{buttons, day_and_year, lapsed, renewals};
use crate::context::frame::Frame;
use chrono::{DateTime, NaiveDate, Utc};
use holdfast_domain::{DeadlineAction, Hold, Money};
use std::cmp::Ordering;

pub(crate) const DEPARTED: &str = "Departed, still on hold";
pub(crate) const NONE_DEPARTED: &str = "No deposits to release.";
pub(crate) const STAYING: &str = "Staying longer than the hold";
pub(crate) const NONE_STAYING: &str = "No holds run out before check-out.";
pub(crate) const ARRIVING: &str = "Arriving without a hold";
pub(crate) const NONE_ARRIVING: &str = "Everyone arriving by tomorrow has a deposit.";
pub(crate) const HELD: &str = "on hold";
pub(crate) const NOT_HELD: &str = "not on hold";
pub(crate) const BEING_RENEWED: &str = "Being renewed";

/// A card within a line, by its brand if that is known.
pub(crate) fn card(brand: Option<&str>, four: &str) -> String {
    format!("{} {four}", brand.unwrap_or("card"))
}

/// What became of the request for a guest who arrives.
pub(crate) enum Arriving<'a> {
    /// The link ended unpaid.
    LinkEnded,
    /// The guest has yet to pay; until when, as text, where that is known.
    NotPaid(Option<String>),
    Requesting,
    /// The hold expired; `taken` is what its tab took in all.
    Expired {
        hold: &'a Hold,
        taken: Money,
        at: DateTime<Utc>,
        frame: Frame,
    },
    NotSent,
    Refused,
    Cancelled,
    Refunded,
    NotRequested,
    Unclear,
}

/// When a guest arrives, and what became of the request for `asked`.
pub(crate) fn arriving(arrives: NaiveDate, today: NaiveDate, asked: &str, request: &Arriving<'_>) -> String {
    let on = day_and_year(arrives, today);
    let comes = match arrives.cmp(&today) {
        Ordering::Greater => format!("Arrives tomorrow, {on}."),
        Ordering::Equal => "Arrives today.".to_owned(),
        Ordering::Less => format!("Arrived on {on}."),
    };
    let stands = match request {
        Arriving::LinkEnded => format!("Link for {asked} expired, card not added."),
        Arriving::NotPaid(Some(ends)) => format!("Card for {asked} not added yet. The link expires {ends}."),
        Arriving::NotPaid(None) => format!("Card for {asked} not added yet."),
        Arriving::Requesting => format!("We’re requesting {asked}."),
        Arriving::Expired {
            hold,
            taken,
            at,
            frame,
        } => format!("{}.", lapsed(hold, *taken, *at, *frame)),
        Arriving::NotSent => format!("The request for {asked} never left this PC."),
        Arriving::Refused => format!("Dojo refused the request for {asked}."),
        Arriving::Cancelled => format!("The request for {asked} was cancelled."),
        Arriving::Refunded => "What was taken was refunded.".to_owned(),
        Arriving::NotRequested => "No deposit requested.".to_owned(),
        Arriving::Unclear => "We don’t know yet whether anything is on hold.".to_owned(),
    };
    format!("{comes} {stands}")
}

/// How a bill stands after its guest has left.
pub(crate) enum LeftBill {
    Due(Money),
    Empty,
    Taken,
}

/// What Dojo does at the deadline with what is on hold, or with `part` of it, and when.
pub(crate) struct AtDeadline {
    pub(crate) action: DeadlineAction,
    pub(crate) part: Option<Money>,
    /// `on Tue 1 Dec, 17:51`, `at 17:51`.
    pub(crate) at: String,
}

/// Of a guest who left on `departed`.
pub(crate) fn departed(
    departed: NaiveDate,
    today: NaiveDate,
    bill: &LeftBill,
    deadline: Option<&AtDeadline>,
) -> String {
    let bill = match bill {
        LeftBill::Due(due) => format!("{due} of the bill isn’t taken."),
        LeftBill::Empty => "Nothing is on the bill.".to_owned(),
        LeftBill::Taken => "The bill is taken.".to_owned(),
    };
    let left = format!("Departed on {}.", day_and_year(departed, today));
    match deadline {
        Some(deadline) => format!("{left} {bill} {}", deadline.words()),
        None => format!("{left} {bill}"),
    }
}

impl AtDeadline {
    fn words(&self) -> String {
        let at = &self.at;
        match (self.action, self.part) {
            (DeadlineAction::Release, None) => format!("Dojo releases what’s on hold {at}."),
            (DeadlineAction::Release, Some(part)) => format!("Dojo releases {part} of what’s on hold {at}."),
            (DeadlineAction::Capture, None) => format!("Dojo takes what’s on hold {at}."),
            (DeadlineAction::Capture, Some(part)) => format!("Dojo takes {part} of what’s on hold {at}."),
        }
    }
}

/// How many days ago a guest left.
pub(crate) fn departed_ago(days: i64) -> String {
    match days {
        1 => "Departed yesterday".to_owned(),
        days => format!("Departed {days} days ago"),
    }
}

/// What is said of a hold that ends before its guest leaves.
pub(crate) enum Staying<'a> {
    /// Where its renewal stands.
    BeingRenewed(&'a str),
    /// It may be renewed.
    Renew,
    /// Why it can't be.
    CantRenew(&'a str),
}

/// Of a guest who stays until `departs`, beyond the end of a hold at `ends`.
pub(crate) fn staying(ends: &str, departs: NaiveDate, today: NaiveDate, renewal: &Staying<'_>) -> String {
    let departs = day_and_year(departs, today);
    match renewal {
        Staying::BeingRenewed(words) | Staying::CantRenew(words) => {
            format!("On hold until {ends}. The guest stays until {departs}. {words}")
        }
        Staying::Renew => renewals::too_short(ends, &departs),
    }
}

/// When a hold ends, after how it's said.
pub(crate) fn ends(when: &str) -> String {
    format!("Ends {when}")
}

/// What asks the guest for a deposit: of `amount`, or of one that is typed then.
pub(crate) fn request(amount: Option<&str>) -> String {
    amount.map_or_else(|| buttons::REQUEST_HOLD.to_owned(), buttons::hold)
}
