//! When Dojo acts by itself.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// The longest that Dojo keeps a hold (payment-intent guide: reversed within 7 days).
pub const LONGEST_HOLD: TimeDelta = TimeDelta::hours(168);

/// Dojo may act on a hold this long after its deadline.
pub const DEADLINE_LATENESS: TimeDelta = TimeDelta::minutes(15);

/// Dojo's `autoExpireAction`: what Dojo does at the deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum DeadlineAction {
    /// Reverse the hold.
    Release,
    /// Capture what is held.
    Capture,
}

/// The instant at which Dojo acts, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// When Dojo ends the hold, by Dojo's clock.
    pub at: DateTime<Utc>,
    /// What Dojo was told to do.
    pub action: DeadlineAction,
}

impl Deadline {
    /// `seconds` after `from`, never beyond [`LONGEST_HOLD`]; none if no calendar holds it.
    pub fn after(from: DateTime<Utc>, seconds: i64, action: DeadlineAction) -> Option<Self> {
        let interval = TimeDelta::try_seconds(seconds)?.min(LONGEST_HOLD);
        Some(Self {
            at: from.checked_add_signed(interval)?,
            action,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hold_never_outlives_seven_days() {
        let from = DateTime::UNIX_EPOCH;
        let deadline = Deadline::after(from, i64::MAX / 2_000, DeadlineAction::Release).unwrap();
        assert_eq!(deadline.at, from + LONGEST_HOLD);
    }
}
