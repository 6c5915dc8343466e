//! What time it is, when clocks disagree. A deadline is never believed further away than it may be.

use chrono::{DateTime, Datelike, TimeDelta, Utc};

/// Clocks that differ by no more than this count as equal.
pub const CLOCK_TOLERANCE: TimeDelta = TimeDelta::minutes(2);

/// No till ran before this year: a clock that says so has lost its battery.
const FIRST_YEAR: i32 = 2024;

/// Between which instants the present is. They are the same while the clocks agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reckoning {
    /// It may still be as early as this.
    pub earliest: DateTime<Utc>,
    /// It may be as late as this already; deadlines are counted by it.
    pub latest: DateTime<Utc>,
}

impl Reckoning {
    /// When there is no doubt.
    pub const fn sure(now: DateTime<Utc>) -> Self {
        Self {
            earliest: now,
            latest: now,
        }
    }
}

/// What is wrong with the till's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockTrouble {
    /// It says a year in which there was no Holdfast.
    Reset,
    /// How far it is behind what is known to be past.
    GoneBack(TimeDelta),
    /// How far Dojo's is ahead of it; behind when below zero.
    Apart(TimeDelta),
    /// How far the clock of the shared ledger's server is ahead of it; behind when below zero.
    ApartFromServer(TimeDelta),
}

/// A clock's reading beside the steady count that nobody can set.
#[derive(Debug, Clone, Copy)]
struct Beside {
    at: DateTime<Utc>,
    steady: TimeDelta,
}

impl Beside {
    /// What it must be at least by now; the steady count stands still while the computer sleeps.
    fn at_least(self, steady: TimeDelta) -> DateTime<Utc> {
        let gone = (steady - self.steady).max(TimeDelta::zero());
        self.at.checked_add_signed(gone).unwrap_or(self.at)
    }
}

/// Dojo's clock and the till's at Dojo's last answer.
#[derive(Debug, Clone, Copy)]
struct Heard {
    server: Beside,
    till: DateTime<Utc>,
}

impl Heard {
    fn apart(self) -> TimeDelta {
        self.server.at - self.till
    }

    /// By more than clocks that are right ever are.
    fn is_apart(self) -> bool {
        self.apart().abs() > CLOCK_TOLERANCE
    }
}

/// Keeps what is known of the time. `till` is the computer's clock, `steady` a count of its running
/// time that nobody sets.
#[derive(Debug, Clone, Default)]
pub struct Timekeeper {
    heard: Option<Heard>,
    /// The latest that the till's clock, or the ledger, said since Dojo was heard last.
    past: Option<Beside>,
}

impl Timekeeper {
    /// Dojo answered with this date.
    pub fn heard(&mut self, server: DateTime<Utc>, till: DateTime<Utc>, steady: TimeDelta) {
        let server = Beside { at: server, steady };
        self.heard = Some(Heard { server, till });
        // What a clock that ran ahead once said counts no more.
        self.past = None;
    }

    /// The till's clock was looked at.
    pub fn looked(&mut self, till: DateTime<Utc>, steady: TimeDelta) {
        if let Some(heard) = &mut self.heard
            && let ahead = till - heard.server.at_least(steady)
            && heard.is_apart()
            && ahead.abs() <= CLOCK_TOLERANCE
        {
            // It was set right meanwhile. From now on it may drift as any right clock may.
            heard.till = heard
                .server
                .at
                .checked_add_signed(ahead)
                .unwrap_or(heard.server.at);
        }
        if self.past.is_none_or(|past| past.at_least(steady) < till) {
            self.past = Some(Beside { at: till, steady });
        }
    }

    /// Something was written down at that time, before this start: it is not earlier now, unless Dojo
    /// says so.
    pub fn past(&mut self, at: DateTime<Utc>, steady: TimeDelta) {
        if self.heard.is_none() {
            self.looked(at, steady);
        }
    }

    /// The present, as far as it can be known.
    pub fn reckon(&self, till: DateTime<Utc>, steady: TimeDelta) -> Reckoning {
        let known = self.by_clocks(till, steady);
        let past = self.past.map_or(till, |past| past.at_least(steady));
        if past - known.latest > CLOCK_TOLERANCE {
            return Reckoning {
                latest: past,
                ..known
            };
        }
        known
    }

    /// By the till's clock and Dojo's alone.
    fn by_clocks(&self, till: DateTime<Utc>, steady: TimeDelta) -> Reckoning {
        let Some(heard) = self.heard else {
            return Reckoning::sure(till);
        };
        let floor = heard.server.at_least(steady);
        // Asleep since, or set: its own difference to Dojo's is the best guess there is.
        let led = till.checked_add_signed(heard.apart()).unwrap_or(till).max(floor);
        let is_set_right = (till - floor).abs() <= CLOCK_TOLERANCE;
        let believed = if heard.is_apart() && !is_set_right {
            led
        } else {
            till
        };
        if believed.max(till) < floor - CLOCK_TOLERANCE {
            return Reckoning::sure(floor);
        }
        let (earliest, latest) = (believed.min(till), believed.max(till));
        Reckoning {
            earliest: if floor - earliest > CLOCK_TOLERANCE {
                floor
            } else {
                earliest
            },
            latest,
        }
    }

    /// What is wrong with the till's clock, if something is.
    pub fn trouble(&self, till: DateTime<Utc>, steady: TimeDelta) -> Option<ClockTrouble> {
        let floors = [self.heard.map(|heard| heard.server), self.past];
        let floor = floors
            .into_iter()
            .flatten()
            .map(|floor| floor.at_least(steady))
            .max();
        let behind = floor.map_or(TimeDelta::zero(), |floor| floor - till);
        if till.year() < FIRST_YEAR {
            return Some(ClockTrouble::Reset);
        }
        match self.heard.filter(|heard| heard.is_apart()) {
            Some(heard) => Some(ClockTrouble::Apart(heard.apart())),
            None if behind > CLOCK_TOLERANCE => Some(ClockTrouble::GoneBack(behind)),
            None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000, 0).unwrap() + TimeDelta::hours(hours)
    }

    const NOW: TimeDelta = TimeDelta::zero();

    fn after(hours: i64) -> TimeDelta {
        TimeDelta::hours(hours)
    }

    #[test]
    fn clocks_that_agree_leave_no_doubt_whatever_was_slept_through() {
        let mut time = Timekeeper::default();
        time.heard(at(0), at(0), NOW);
        assert_eq!(time.reckon(at(1), after(1)), Reckoning::sure(at(1)));
        // The steady count stood still for eight days.
        assert_eq!(time.reckon(at(193), after(1)), Reckoning::sure(at(193)));
        assert_eq!(time.trouble(at(193), after(1)), None);
    }

    #[test]
    fn the_later_of_two_clocks_counts_and_the_doubt_is_kept() {
        let mut time = Timekeeper::default();
        // Dojo's clock is Dojo's own: behind it nothing is possible.
        time.heard(at(3), at(0), NOW);
        assert_eq!(time.reckon(at(1), after(1)), Reckoning::sure(at(4)));
        assert_eq!(
            time.trouble(at(1), after(1)),
            Some(ClockTrouble::Apart(TimeDelta::hours(3)))
        );
        // The till runs thirty years ahead.
        let years = 30 * 365 * 24;
        time.heard(at(0), at(years), NOW);
        let reckoning = time.reckon(at(years + 1), after(1));
        assert_eq!((reckoning.earliest, reckoning.latest), (at(1), at(years + 1)));
    }

    #[test]
    fn a_clock_that_goes_back_is_not_believed() {
        let mut time = Timekeeper::default();
        time.heard(at(0), at(0), NOW);
        assert_eq!(time.reckon(at(-5), after(1)), Reckoning::sure(at(1)));
        assert_eq!(
            time.trouble(at(-5), after(1)),
            Some(ClockTrouble::GoneBack(TimeDelta::hours(6)))
        );
        let battery = DateTime::UNIX_EPOCH;
        assert_eq!(time.reckon(battery, after(2)), Reckoning::sure(at(2)));
        assert_eq!(time.trouble(battery, after(2)), Some(ClockTrouble::Reset));
    }

    #[test]
    fn a_clock_that_was_just_set_right_is_believed_before_dojo_is_asked_again() {
        let mut time = Timekeeper::default();
        time.heard(at(0), DateTime::UNIX_EPOCH, NOW);
        assert_eq!(time.reckon(at(0), NOW), Reckoning::sure(at(0)));
    }

    #[test]
    fn a_clock_that_was_set_right_and_drifts_stays_believed() {
        let mut time = Timekeeper::default();
        time.heard(at(5), at(0), NOW);
        time.looked(at(5), NOW);
        assert_eq!(time.trouble(at(5), NOW), None);
        // A day without Dojo, and a clock that gained two minutes and a second.
        let till = at(29) + CLOCK_TOLERANCE + TimeDelta::seconds(1);
        time.looked(till, after(24));
        assert_eq!(time.reckon(till, after(24)), Reckoning::sure(till));
    }

    #[test]
    fn what_the_ledger_knows_to_be_past_counts_until_dojo_says_otherwise() {
        let mut time = Timekeeper::default();
        time.past(at(10), NOW);
        let reckoning = time.reckon(at(0), after(1));
        assert_eq!((reckoning.earliest, reckoning.latest), (at(0), at(11)));
        assert!(matches!(
            time.trouble(at(0), after(1)),
            Some(ClockTrouble::GoneBack(_))
        ));
        time.heard(at(1), at(1), after(1));
        assert_eq!(time.reckon(at(2), after(2)), Reckoning::sure(at(2)));
        time.past(at(90), after(2));
        assert_eq!(time.reckon(at(2), after(2)), Reckoning::sure(at(2)));
    }

    #[test]
    fn a_clock_that_is_set_back_after_a_sleep_is_not_believed() {
        let mut time = Timekeeper::default();
        time.heard(at(0), at(0), NOW);
        // It slept for two days, and Dojo can't be reached.
        time.looked(at(48), after(1));
        let reckoning = time.reckon(at(42), after(1));
        assert_eq!((reckoning.earliest, reckoning.latest), (at(42), at(48)));
        assert!(matches!(
            time.trouble(at(42), after(1)),
            Some(ClockTrouble::GoneBack(_))
        ));
    }
}
