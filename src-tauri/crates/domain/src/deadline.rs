//! When Dojo acts by itself, and when staff must have heard of it.

use crate::DeadlineAction;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// Dojo's ceiling on a hold (payment-intent guide: reversed within 7 days).
pub const CEILING: TimeDelta = TimeDelta::hours(168);

/// Hours before the deadline at which staff are warned.
pub const THRESHOLDS: [i64; 4] = [48, 24, 6, 1];

/// The instant at which Dojo acts, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// When.
    pub at: DateTime<Utc>,
    /// What Dojo was told to do.
    pub action: DeadlineAction,
}

impl Deadline {
    /// `seconds` after `from`, never beyond [`CEILING`]; none if no calendar holds it.
    pub fn after(from: DateTime<Utc>, seconds: i64, action: DeadlineAction) -> Option<Self> {
        let interval = TimeDelta::try_seconds(seconds)?.min(CEILING);
        Some(Self {
            at: from.checked_add_signed(interval)?,
            action,
        })
    }
}

/// The tightest of [`THRESHOLDS`] that `now` is inside of; none before the first and after the end.
pub fn threshold(deadline: DateTime<Utc>, now: DateTime<Utc>) -> Option<i64> {
    let left = deadline.signed_duration_since(now);
    if left <= TimeDelta::zero() {
        return None;
    }
    THRESHOLDS
        .into_iter()
        .rev()
        .find(|hours| left <= TimeDelta::hours(*hours))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hold_never_outlives_seven_days_and_warns_four_times() {
        let from = DateTime::UNIX_EPOCH;
        let deadline = Deadline::after(from, i64::MAX / 2_000, DeadlineAction::Release).unwrap();
        assert_eq!(deadline.at, from + CEILING);
        let seen: Vec<_> = [49, 48, 25, 24, 7, 6, 2, 1, 0]
            .map(|hours| threshold(deadline.at, deadline.at - TimeDelta::hours(hours)))
            .to_vec();
        assert_eq!(
            seen,
            [
                None,
                Some(48),
                Some(48),
                Some(24),
                Some(24),
                Some(6),
                Some(6),
                Some(1),
                None
            ]
        );
    }
}
