//! Which business days a list or a comparison covers.

use crate::context::reasons::Mistyped;
use crate::{AppError, Field};
use chrono::{DateTime, NaiveDate, Utc};
use holdfast_domain::BusinessDays;

/// More days than anybody looks at side by side.
const MOST_DAYS: usize = 366;

/// Each day and the instants between them.
pub(crate) fn edges(
    days: &BusinessDays,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<(Vec<NaiveDate>, Vec<DateTime<Utc>>), AppError> {
    if from > to {
        return Err(AppError::field(Field::To, Mistyped::DaysBackwards));
    }
    let all: Vec<NaiveDate> = from
        .iter_days()
        .take_while(|day| *day <= to)
        .take(MOST_DAYS + 1)
        .collect();
    if all.len() > MOST_DAYS {
        return Err(AppError::field(Field::From, Mistyped::TooManyDays(MOST_DAYS)));
    }
    let mut edges: Vec<DateTime<Utc>> = all.iter().map(|day| days.start(*day)).collect();
    edges.push(days.end(to));
    Ok((all, edges))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_follow_one_another_and_too_many_are_refused() {
        let days = BusinessDays::parse("05:00", "Europe/London").unwrap();
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let (all, between) = edges(&days, day("2026-10-24"), day("2026-10-26")).unwrap();
        assert_eq!((all.len(), between.len()), (3, 4));
        assert_eq!(between[1], days.end(all[0]));
        assert!(edges(&days, day("2026-10-26"), day("2026-10-24")).is_err());
        assert!(edges(&days, day("2025-10-24"), day("2026-10-26")).is_err());
    }
}
