//! When the link to the guest’s page ends.

use chrono::{DateTime, TimeDelta, Utc};
use holdfast_domain::BusinessDays;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// When an unpaid link stops being good.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum LinkEnds {
    /// With the business day.
    #[default]
    Tonight,
    /// After 24 hours.
    Day,
    /// After three days.
    ThreeDays,
    /// After seven days.
    Week,
}

/// A link that ends sooner than this helps nobody: tonight is the next night then.
const SHORTEST_LINK: TimeDelta = TimeDelta::hours(1);

impl LinkEnds {
    pub(crate) fn at(self, now: DateTime<Utc>, days: &BusinessDays) -> Option<DateTime<Utc>> {
        let hours = match self {
            Self::Tonight => {
                let soon = now.checked_add_signed(SHORTEST_LINK)?;
                return Some(days.end(days.of(soon)));
            }
            Self::Day => 24,
            Self::ThreeDays => 72,
            Self::Week => 168,
        };
        now.checked_add_signed(TimeDelta::hours(hours))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tonight_is_the_end_of_the_business_day_and_never_in_a_few_minutes() {
        let days = BusinessDays::parse("05:00", "Europe/London").unwrap_or_else(|e| panic!("{e:?}"));
        let at = |text: &str| -> DateTime<Utc> { text.parse().unwrap_or_default() };
        for (now, ends) in [
            ("2026-11-24T18:00:00Z", "2026-11-25T05:00:00Z"),
            ("2026-11-25T03:59:00Z", "2026-11-25T05:00:00Z"),
            ("2026-11-25T04:01:00Z", "2026-11-26T05:00:00Z"),
            // The clocks go back: the night is an hour longer.
            ("2026-10-24T18:00:00Z", "2026-10-25T05:00:00Z"),
            ("2026-10-23T18:00:00Z", "2026-10-24T04:00:00Z"),
        ] {
            assert_eq!(LinkEnds::Tonight.at(at(now), &days), Some(at(ends)), "{now}");
        }
    }
}
