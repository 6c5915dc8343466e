//! Night reports and figures by day, in words: what each line, chart and column is called.

use super::{full_moment, long_day, moment};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use holdfast_domain::{Actor, Currency, MovementKind};

pub(crate) const TAKINGS: &str = "Takings";
pub(crate) const KEPT: &str = "Service charge and tips";
pub(crate) const HOLDS: &str = "Holds, not takings";
pub(crate) const TAKEN: &str = "Taken";
pub(crate) const OF_WHICH_SERVICE: &str = "of which service charge";
pub(crate) const OF_WHICH_TIPS: &str = "of which tips";
pub(crate) const OF_WHICH_NOT_SAID: &str = "of which no purpose given";
pub(crate) const REFUNDED: &str = "Refunded";
pub(crate) const NET_TAKINGS: &str = "Net takings";
pub(crate) const NOT_SAID: &str = "Refunded, no purpose given: in neither";
pub(crate) const PUT_ON_HOLD: &str = "Put on hold";
pub(crate) const RELEASED: &str = "Released";
pub(crate) const EXPIRED: &str = "Expired (released by Dojo)";
pub(crate) const ALL_DAYS: &str = "All days together";
pub(crate) const TAKEN_PER_DAY: &str = "Taken per day";
pub(crate) const TIPS_PER_DAY: &str = "Tips per day";
pub(crate) const HELD_PER_DAY: &str = "On hold at the end of the day, not takings";
pub(crate) const EXPIRED_PER_DAY: &str = "Expired per day";

/// What moved, in a table of transactions.
pub(crate) const fn movement(kind: MovementKind) -> &'static str {
    match kind {
        MovementKind::Opened => "Opened",
        MovementKind::Held => "On hold",
        MovementKind::Taken => "Taken",
        MovementKind::Refunded => "Refunded",
        MovementKind::Released => "Released",
        MovementKind::Lapsed => "Expired",
    }
}

/// A report's name.
pub(crate) fn title(number: i64) -> String {
    format!("Night report {number}")
}

/// When and by whom it was made.
pub(crate) fn made(at: DateTime<Utc>, by: &Actor, zone: Tz) -> String {
    format!("{} by {by}", full_moment(at, zone))
}

/// The business day on which it was made, from where to where that goes, and in which zone.
pub(crate) fn business_day(day: NaiveDate, cut_off: &str, zone: &str) -> String {
    format!("{}, business day {cut_off} to {cut_off} ({zone})", long_day(day))
}

/// Which transactions it covers.
pub(crate) fn covers(first: i64, last: i64, since: &str) -> String {
    format!("Transactions {first} to {last}, {since}")
}

/// From when on it covers them, as it's said at `now`.
pub(crate) fn since(at: Option<DateTime<Utc>>, now: DateTime<Utc>, zone: Tz) -> String {
    at.map_or_else(
        || "from the start".to_owned(),
        |at| format!("since {}", moment(at, now, zone)),
    )
}

/// At which of its entries the journal is sealed.
pub(crate) fn journal_entry(number: i64) -> String {
    format!("Journal entry {number}")
}

/// What a part is about; with its currency where there are several.
pub(crate) fn part(title: &str, currency: Option<Currency>) -> String {
    currency.map_or_else(
        || title.to_owned(),
        |currency| format!("{title}, {}", currency.code()),
    )
}

/// What staff and the house keep.
#[derive(Clone, Copy)]
pub(crate) enum Kept {
    Service,
    Tips,
}

impl Kept {
    pub(crate) fn taken(self) -> String {
        format!("{} taken", self.name())
    }

    pub(crate) fn refunded(self) -> String {
        format!("{} refunded", self.name())
    }

    pub(crate) fn to_pay_out(self) -> String {
        format!("{} to pay out", self.name())
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Service => "Service charge",
            Self::Tips => "Tips",
        }
    }
}

pub(crate) fn holds_requested(count: i64) -> String {
    format!("Holds requested ({count})")
}

pub(crate) fn still_on_hold(holds: i64) -> String {
    match holds {
        1 => "Still on hold on 1 hold".to_owned(),
        many => format!("Still on hold on {many} holds"),
    }
}

/// What is said of a tab that is carried forward.
pub(crate) struct Carried<'a> {
    pub(crate) place: Option<&'a str>,
    pub(crate) reference: &'a str,
    pub(crate) state: &'a str,
    pub(crate) opened_at: DateTime<Utc>,
    pub(crate) opened_by: &'a Actor,
    /// For the how manieth time it is carried.
    pub(crate) times: i64,
}

impl Carried<'_> {
    /// In one line, as it's said at `now`.
    pub(crate) fn words(&self, now: DateTime<Utc>, zone: Tz) -> String {
        let carried = match self.times {
            1 => "carried forward for the first time".to_owned(),
            many => format!("carried forward {many} times"),
        };
        let place = self.place.map_or_else(String::new, |place| format!("{place} · "));
        format!(
            "{place}{} · {} · opened {} by {} · {carried}",
            self.reference,
            self.state,
            moment(self.opened_at, now, zone),
            self.opened_by
        )
    }
}

/// What all days of a chart come to.
pub(crate) fn in_all(money: &str) -> String {
    format!("{money} in all")
}

/// What the last day of a chart ends with.
pub(crate) fn at_the_end(money: &str) -> String {
    format!("{money} at the end")
}

/// What the file of all that moved on these days is called.
pub(crate) fn movements_file(from: NaiveDate, to: NaiveDate) -> String {
    file("transactions", from, to)
}

/// The same of tips and service charges.
pub(crate) fn tips_file(from: NaiveDate, to: NaiveDate) -> String {
    file("tips and service charge", from, to)
}

fn file(of: &str, from: NaiveDate, to: NaiveDate) -> String {
    if from == to {
        format!("Holdfast {of} {from}.csv")
    } else {
        format!("Holdfast {of} {from} to {to}.csv")
    }
}

/// The columns of a list of all that moved.
pub(crate) const MOVEMENTS: &[&str] = &[
    "Business day",
    "Time",
    "What",
    "Guest",
    "Reference",
    "Currency",
    "Amount",
    "Of which service charge",
    "Of which tip",
    "Amount in minor units",
    "By",
    "Dojo or decision",
    "Transaction",
    "Refunded, no purpose given",
];

/// The columns of a list of tips and service charges.
pub(crate) const TIPS: &[&str] = &[
    "Business day",
    "Time",
    "What",
    "By",
    "Guest",
    "Reference",
    "Currency",
    "Service charge taken",
    "Service charge refunded",
    "Service charge to pay out",
    "Tip taken",
    "Tip refunded",
    "Tip to pay out",
    "Refunded, no purpose given",
    "Tip to pay out in minor units",
    "Transaction",
];
