//! Days, moments and spans of time as staff read them.

use crate::context::frame::Frame;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;

/// `Fri 27 Nov`.
pub(crate) fn day(date: NaiveDate) -> String {
    date.format("%a %-d %b").to_string()
}

/// `Fri 27 Nov`, and `Wed 27 Jan 2027` in another year than `today`'s.
pub(crate) fn day_and_year(date: NaiveDate, today: NaiveDate) -> String {
    if date.year() == today.year() {
        return day(date);
    }
    full_day(date)
}

/// `Wed 27 Jan 2027`: where a wrong year may be what was typed.
pub(crate) fn full_day(date: NaiveDate) -> String {
    date.format("%a %-d %b %Y").to_string()
}

/// `Saturday 24 October 2026`.
pub(crate) fn long_day(day: NaiveDate) -> String {
    day.format("%A %-d %B %Y").to_string()
}

/// `Sun 25 Oct, 04:10` on the venue's own wall, with the year where it isn't this one.
pub(crate) fn moment(at: DateTime<Utc>, now: DateTime<Utc>, zone: Tz) -> String {
    let at = at.with_timezone(&zone);
    let day = day_and_year(at.date_naive(), now.with_timezone(&zone).date_naive());
    format!("{day}, {}", at.format("%H:%M"))
}

/// `Sun 25 Oct 2026, 04:10`: when a paper that is kept for years was made.
pub(crate) fn full_moment(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%a %-d %b %Y, %H:%M").to_string()
}

/// A span of whole seconds, to the minute: `2 days`, `83 hours 30 minutes`.
pub(crate) fn say_span(seconds: i64) -> String {
    let (hours, minutes) = (seconds.div_euclid(3_600), seconds.rem_euclid(3_600) / 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds} seconds"),
        (0, minutes) => format!("{minutes} minutes"),
        (hours, 0) => say_hours(hours),
        (hours, minutes) => format!("{} {minutes} minutes", say_hours(hours)),
    }
}

/// A span as a guest counts it: `about 7 days` of 167 hours. Shorter ones stay exact.
pub(crate) fn guest_span(seconds: i64) -> String {
    const DAY: i64 = 24 * 3_600;
    if seconds < 2 * DAY || seconds % DAY == 0 {
        return say_span(seconds);
    }
    format!("about {} days", seconds.saturating_add(DAY / 2).div_euclid(DAY))
}

/// Whole hours: `1 hour`, `11 hours`, `3 days`.
pub(super) fn say_hours(hours: i64) -> String {
    match hours {
        1 => "1 hour".to_owned(),
        48.. if hours % 24 == 0 => format!("{} days", hours.div_euclid(24)),
        _ => format!("{hours} hours"),
    }
}

/// A time as it's said, by the venue's own clock: without the day when that is today.
pub(crate) fn clock_time(at: DateTime<Utc>, frame: Frame) -> String {
    let zone = frame.days.zone;
    let (at, today) = (
        at.with_timezone(&zone),
        frame.now.with_timezone(&zone).date_naive(),
    );
    let time = at.format("%H:%M");
    if at.date_naive() == today {
        return time.to_string();
    }
    format!("{time} on {}", day_and_year(at.date_naive(), today))
}

/// A day and a time by the venue's own clock: `Fri 4 Dec, 21:06`; only the time when that is today.
pub(crate) fn day_and_time(at: DateTime<Utc>, frame: Frame) -> String {
    let zone = frame.days.zone;
    let is_today = at.with_timezone(&zone).date_naive() == frame.now.with_timezone(&zone).date_naive();
    if is_today {
        return at.with_timezone(&zone).format("%H:%M").to_string();
    }
    moment(at, frame.now, zone)
}

/// The same within a sentence: `on Fri 4 Dec, 21:06`, `at 21:06` when that is today.
pub(crate) fn on_or_at(at: DateTime<Utc>, frame: Frame) -> String {
    let zone = frame.days.zone;
    let is_today = at.with_timezone(&zone).date_naive() == frame.now.with_timezone(&zone).date_naive();
    let preposition = if is_today { "at" } else { "on" };
    format!("{preposition} {}", day_and_time(at, frame))
}

#[cfg(test)]
mod tests {
    use super::guest_span;

    #[test]
    fn a_guest_counts_in_days() {
        let hours = |hours: i64| guest_span(hours * 3_600);
        assert_eq!(
            [167, 168, 83, 60, 48, 20].map(hours),
            [
                "about 7 days",
                "7 days",
                "about 3 days",
                "about 3 days",
                "2 days",
                "20 hours"
            ]
        );
    }
}
