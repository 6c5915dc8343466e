//! Intervals as .NET writes them: `[d.]hh:mm:ss[.fffffff]`.

use chrono::TimeDelta;

/// Reads an interval. Hours run from 0 to 23, as in .NET: `24:00:00` is no interval.
pub fn parse(text: &str) -> Option<TimeDelta> {
    let (days, clock) = match text.split_once(':')?.0.split_once('.') {
        Some((days, _)) => (days, text.get(days.len().checked_add(1)?..)?),
        None => ("0", text),
    };
    let mut parts = clock.split(':');
    let (hours, minutes, last) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let (seconds, fraction) = last.split_once('.').unwrap_or((last, "0"));
    let days = number(days, 8, i64::from(i32::MAX))?;
    let hours = number(hours, 2, 23)?;
    let minutes = number(minutes, 2, 59)?;
    let seconds = number(seconds, 2, 59)?;
    number(fraction, 7, 9_999_999)?;
    let ticks: i64 = format!("{fraction:0<7}").parse().ok()?;
    TimeDelta::try_days(days)?
        .checked_add(&TimeDelta::try_hours(hours)?)?
        .checked_add(&TimeDelta::try_minutes(minutes)?)?
        .checked_add(&TimeDelta::try_seconds(seconds)?)?
        .checked_add(&TimeDelta::nanoseconds(ticks.checked_mul(100)?))
}

/// Writes an interval of whole seconds; a fraction falls away.
pub(super) fn write(interval: TimeDelta) -> String {
    let (days, hours) = (interval.num_days(), interval.num_hours() % 24);
    let (minutes, seconds) = (interval.num_minutes() % 60, interval.num_seconds() % 60);
    let day = if days == 0 {
        String::new()
    } else {
        format!("{days}.")
    };
    format!("{day}{hours:02}:{minutes:02}:{seconds:02}")
}

fn number(digits: &str, longest: usize, most: i64) -> Option<i64> {
    if digits.is_empty() || digits.len() > longest || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok().filter(|value| *value <= most)
}

/// Whether a hold may last this long: more than 30 seconds and less than 7 days, both bounds out.
pub(super) fn fits_a_hold(interval: TimeDelta) -> bool {
    interval > TimeDelta::seconds(30) && interval < TimeDelta::days(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_that_dotnet_writes_are_read() {
        assert_eq!(parse("00:00:55"), Some(TimeDelta::seconds(55)));
        assert_eq!(parse("6.23:00:00"), Some(TimeDelta::hours(167)));
        assert_eq!(
            parse("00:00:30.0000001"),
            Some(TimeDelta::seconds(30) + TimeDelta::nanoseconds(100))
        );
    }

    #[test]
    fn what_is_written_is_read_again() {
        for text in ["00:00:55", "02:00:01", "1.00:00:00", "6.23:59:59"] {
            assert_eq!(parse(text).map(write).as_deref(), Some(text));
        }
    }

    #[test]
    fn other_forms_are_not() {
        for text in [
            "24:00:00",
            "P6D",
            "6",
            "",
            "-1.00:00:00",
            "00:60:00",
            "1:2:3:4",
            "00:00:+5",
            "6.:00:00",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn both_bounds_are_out() {
        assert!(!fits_a_hold(TimeDelta::seconds(30)));
        assert!(!fits_a_hold(TimeDelta::days(7)));
        assert!(fits_a_hold(TimeDelta::days(7) - TimeDelta::nanoseconds(100)));
    }
}
