//! When staff may be told of a new version: never while it would tempt somebody to install it at a bad moment.

use chrono::{DateTime, NaiveTime, Utc};
use holdfast_domain::BusinessDays;

/// From here on a bar is busy, until its business day ends.
const EVENING: NaiveTime = match NaiveTime::from_hms_opt(17, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};

/// Whether `now` is outside the evening and the night, by the venue's clock.
pub(crate) fn is_open(now: DateTime<Utc>, days: &BusinessDays) -> bool {
    let wall = now.with_timezone(&days.zone).time();
    if days.cut_off <= EVENING {
        days.cut_off <= wall && wall < EVENING
    } else {
        // A business day that begins in the evening: the busy hours don't reach past midnight.
        wall < EVENING || days.cut_off <= wall
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_told_between_five_in_the_afternoon_and_the_cut_off() {
        for (cut_off, wall, is_told) in [
            ("05:00", "2026-11-24T04:59:59Z", false),
            ("05:00", "2026-11-24T05:00:00Z", true),
            ("05:00", "2026-11-24T16:59:59Z", true),
            ("05:00", "2026-11-24T17:00:00Z", false),
            ("05:00", "2026-11-24T23:30:00Z", false),
            // By the venue's clock, in summer too.
            ("05:00", "2026-07-24T16:00:00Z", false),
            ("05:00", "2026-07-24T04:00:00Z", true),
            ("00:00", "2026-11-24T00:30:00Z", true),
            ("18:00", "2026-11-24T17:30:00Z", false),
            ("18:00", "2026-11-24T18:00:00Z", true),
        ] {
            let days = BusinessDays::parse(cut_off, "Europe/London").expect("business days");
            let now = wall.parse().expect("a moment");
            assert_eq!(is_open(now, &days), is_told, "{wall}, a day from {cut_off}");
        }
    }
}
