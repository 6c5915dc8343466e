//! Days and moments as staff read them.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

/// `Fri 27 Nov`.
pub(crate) fn day(date: NaiveDate) -> String {
    date.format("%a %-d %b").to_string()
}

/// `Saturday 24 October 2026`.
pub(crate) fn long_day(day: NaiveDate) -> String {
    day.format("%A %-d %B %Y").to_string()
}

/// `Sun 25 Oct 2026, 04:10 GMT`, on the venue's own wall.
pub(crate) fn moment(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone)
        .format("%a %-d %b %Y, %H:%M %Z")
        .to_string()
}
