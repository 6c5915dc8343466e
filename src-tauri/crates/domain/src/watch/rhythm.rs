//! When the watch looks for due warnings.

use chrono::{DateTime, TimeDelta, Utc};

/// The pause between two looks at what is due, when nothing happens.
pub const WARNING_CHECK_INTERVAL: TimeDelta = TimeDelta::seconds(30);

/// How long Dojo has, after a start and on waking, to say what time it is before deadlines are judged.
pub const CLOCK_SETTLE_TIME: TimeDelta = TimeDelta::seconds(5);

/// When to look: every [`WARNING_CHECK_INTERVAL`], soon after a start and on waking, at once when something changed.
/// Asked every second or so.
#[derive(Debug, Clone, Copy)]
pub struct Rhythm {
    /// By the steady count.
    due: TimeDelta,
    last: (DateTime<Utc>, TimeDelta),
}

impl Rhythm {
    /// Begins.
    pub fn start(till: DateTime<Utc>, steady: TimeDelta) -> Self {
        Self {
            due: steady + CLOCK_SETTLE_TIME,
            last: (till, steady),
        }
    }

    /// Whether to look now; asking puts the next look off. `has_changed`: the ledger, or whether Dojo can be reached.
    pub fn take_due(&mut self, till: DateTime<Utc>, steady: TimeDelta, has_changed: bool) -> bool {
        let (last_till, last_steady) = std::mem::replace(&mut self.last, (till, steady));
        let slept = (till - last_till) - (steady - last_steady);
        if has_changed {
            self.due = steady;
        } else if slept.abs() > CLOCK_SETTLE_TIME {
            self.due = self.due.min(steady + CLOCK_SETTLE_TIME);
        }
        let is_due = steady >= self.due;
        if is_due {
            self.due = steady + WARNING_CHECK_INTERVAL;
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_looked_every_half_minute_on_waking_and_when_something_changed() {
        let second = |s: i64| TimeDelta::seconds(s);
        let wall = |s: i64| DateTime::UNIX_EPOCH + second(s);
        let mut rhythm = Rhythm::start(wall(0), second(0));
        let looked: Vec<i64> = (1..=70)
            .filter(|s| rhythm.take_due(wall(*s), second(*s), *s == 50))
            .collect();
        assert_eq!(looked, [5, 35, 50]);
        // Eight days later by the wall, a second later by the steady count.
        let slept = 8 * 86_400;
        let looked: Vec<i64> = (71..=110)
            .filter(|s| rhythm.take_due(wall(*s + slept), second(*s), false))
            .collect();
        assert_eq!(looked, [76, 106]);
    }
}
