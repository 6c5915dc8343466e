//! The business day: a bar's night belongs to the evening on which it began.

use chrono::{DateTime, Days, LocalResult, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// When one business day ends and the next begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BusinessDays {
    /// The time of day at which a new one begins, by the clock on the wall.
    pub cut_off: NaiveTime,
    /// The wall's place.
    pub zone: Tz,
}

/// Why there can't be such business days, for the field's edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BusinessDayProblem {
    /// Not a time of day.
    CutOff,
    /// No such zone in the IANA database.
    Zone,
}

impl BusinessDays {
    /// From `05:00` and `Europe/London`.
    ///
    /// # Errors
    /// [`BusinessDayProblem`].
    pub fn parse(cut_off: &str, zone: &str) -> Result<Self, BusinessDayProblem> {
        let cut_off = cut_off.trim();
        let cut_off = (cut_off.len() == 5)
            .then(|| NaiveTime::parse_from_str(cut_off, "%H:%M").ok())
            .flatten();
        Ok(Self {
            cut_off: cut_off.ok_or(BusinessDayProblem::CutOff)?,
            zone: zone.trim().parse().map_err(|_| BusinessDayProblem::Zone)?,
        })
    }

    /// The first instant of `day`. A cut-off that the clocks skip comes when they have skipped it; one
    /// that comes twice counts the first time.
    pub fn start(&self, day: NaiveDate) -> DateTime<Utc> {
        let mut wall = day.and_time(self.cut_off);
        loop {
            match self.zone.from_local_datetime(&wall) {
                LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => return at.with_timezone(&Utc),
                LocalResult::None => match wall.checked_add_signed(TimeDelta::minutes(1)) {
                    Some(later) => wall = later,
                    // The end of the calendar: no clock shows it.
                    None => return DateTime::<Utc>::MAX_UTC,
                },
            }
        }
    }

    /// The first instant after `day`.
    pub fn end(&self, day: NaiveDate) -> DateTime<Utc> {
        day.checked_add_days(Days::new(1))
            .map_or(DateTime::<Utc>::MAX_UTC, |next| self.start(next))
    }

    /// The business day that `at` belongs to.
    pub fn of(&self, at: DateTime<Utc>) -> NaiveDate {
        let date = at.with_timezone(&self.zone).date_naive();
        let near = [
            date.checked_add_days(Days::new(1)),
            Some(date),
            date.checked_sub_days(Days::new(1)),
        ];
        near.into_iter()
            .flatten()
            .find(|day| self.start(*day) <= at)
            .unwrap_or(date)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn london(cut_off: &str) -> BusinessDays {
        BusinessDays::parse(cut_off, "Europe/London").unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_night_belongs_to_its_evening() {
        let days = london("05:00");
        for (when, on) in [
            ("2026-07-10T17:00:00Z", "2026-07-10"),
            ("2026-07-11T00:30:00Z", "2026-07-10"),
            ("2026-07-11T03:59:59Z", "2026-07-10"),
            ("2026-07-11T04:00:00Z", "2026-07-11"),
        ] {
            assert_eq!(days.of(at(when)), day(on), "{when}");
        }
    }

    #[test]
    fn a_night_over_the_clock_change_is_one_business_day() {
        let days = london("05:00");
        // Last Sunday of October: 02:00 is 01:00 again, so the day has 25 hours.
        assert_eq!(days.start(day("2026-10-24")), at("2026-10-24T04:00:00Z"));
        assert_eq!(days.start(day("2026-10-25")), at("2026-10-25T05:00:00Z"));
        assert_eq!(days.of(at("2026-10-25T04:30:00Z")), day("2026-10-24"));
        // Last Sunday of March: 01:00 is 02:00, so the day has 23 hours.
        assert_eq!(days.start(day("2027-03-27")), at("2027-03-27T05:00:00Z"));
        assert_eq!(days.start(day("2027-03-28")), at("2027-03-28T04:00:00Z"));
        assert_eq!(days.of(at("2027-03-28T03:59:00Z")), day("2027-03-27"));
    }

    #[test]
    fn a_cut_off_that_is_skipped_or_comes_twice_comes_once() {
        let days = london("01:30");
        assert_eq!(
            days.start(day("2027-03-28")),
            at("2027-03-28T01:00:00Z"),
            "at 02:00, when the clocks have skipped it"
        );
        assert_eq!(
            days.start(day("2026-10-25")),
            at("2026-10-25T00:30:00Z"),
            "the first of the two"
        );
        assert_eq!(days.of(at("2026-10-25T01:10:00Z")), day("2026-10-25"));
    }

    #[test]
    fn what_is_no_time_or_no_place_is_refused() {
        for cut_off in ["", "5", "5:00", "24:00", "05:60", "05:00:00", "five"] {
            let parsed = BusinessDays::parse(cut_off, "Europe/London");
            assert_eq!(parsed, Err(BusinessDayProblem::CutOff), "{cut_off}");
        }
        let parsed = BusinessDays::parse("05:00", "Mars/Olympus");
        assert_eq!(parsed, Err(BusinessDayProblem::Zone));
    }

    proptest! {
        /// Wherever and whenever: every instant is in the one day whose start it has passed and whose end
        /// it has not, and days follow one another without a gap.
        #[test]
        fn days_meet_and_every_instant_is_in_one(
            zone in 0..chrono_tz::TZ_VARIANTS.len(),
            minutes in 0..1440_i64,
            seconds in 946_684_800..4_102_444_800_i64,
        ) {
            let cut_off = NaiveTime::MIN + TimeDelta::minutes(minutes);
            let days = BusinessDays { cut_off, zone: chrono_tz::TZ_VARIANTS[zone] };
            let at = DateTime::from_timestamp(seconds, 0).unwrap();
            let on = days.of(at);
            prop_assert!(days.start(on) <= at, "{on} has not begun");
            prop_assert!(at < days.end(on), "{on} has ended");
            prop_assert_eq!(days.of(days.start(on)), on);
        }

        #[test]
        fn around_london_s_clock_changes_a_day_has_23_24_or_25_hours(
            offset in -3..4_i64, minutes in 0..1440_i64, spring in any::<bool>(),
        ) {
            let cut_off = NaiveTime::MIN + TimeDelta::minutes(minutes);
            let days = BusinessDays { cut_off, zone: chrono_tz::Europe::London };
            let change = day(if spring { "2027-03-28" } else { "2026-10-25" });
            let on = change + TimeDelta::days(offset);
            let hours = days.end(on) - days.start(on);
            let usual = TimeDelta::hours(24);
            prop_assert!(hours == usual || (hours - usual).abs() <= TimeDelta::hours(1), "{}", hours);
        }
    }
}
