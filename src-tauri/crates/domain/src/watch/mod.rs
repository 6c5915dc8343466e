//! Which warnings are due. It follows from what is known now, whatever was slept through before:
//! there are no timers that could be missed.

mod changes;
mod rhythm;

pub use changes::{Change, changes};
pub use rhythm::{CLOCK_SETTLE_TIME, Rhythm, WARNING_CHECK_INTERVAL};

use crate::{CLOCK_TOLERANCE, Finding, Hold, Reckoning, Stage};
use chrono::{DateTime, TimeDelta, Utc};

/// How long after it a warning that nobody has seen is told again.
pub const WARN_AGAIN_AFTER: TimeDelta = TimeDelta::minutes(30);

/// How many warnings may come before the safe time.
pub const MOST_WARNINGS: usize = 4;

/// What a venue set about warnings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Warnings {
    /// In any order; none at 0.
    hours: [u16; MOST_WARNINGS],
    safe_hours: u8,
}

impl Warnings {
    /// `hours` before the safe time at which people are warned, the first [`MOST_WARNINGS`] of them;
    /// `safe_hours` between the safe time and Dojo's deadline.
    pub fn new(hours: &[u16], safe_hours: u8) -> Self {
        let mut kept = [0; MOST_WARNINGS];
        for (place, hours) in kept.iter_mut().zip(hours) {
            *place = *hours;
        }
        Self {
            hours: kept,
            safe_hours,
        }
    }

    /// By when people should have acted on what ends at `deadline`.
    pub fn safe(&self, deadline: DateTime<Utc>) -> DateTime<Utc> {
        let before = TimeDelta::hours(self.safe_hours.into());
        deadline.checked_sub_signed(before).unwrap_or(deadline)
    }

    /// How near the end at `deadline` is; none while it is far off and after it.
    pub fn stage(&self, deadline: DateTime<Utc>, now: Reckoning) -> Option<Stage> {
        if now.latest >= deadline {
            return (now.earliest < deadline).then_some(Stage::Doubtful);
        }
        let left = self.safe(deadline).signed_duration_since(now.latest);
        if left <= TimeDelta::zero() {
            return Some(Stage::Late);
        }
        let inside = |hours: &u16| left <= TimeDelta::hours((*hours).into());
        let tightest = self.hours.into_iter().filter(inside).min();
        tightest.map(Stage::Within)
    }

    /// How near the end of `hold` is, while anything on it is held.
    pub fn stage_of(&self, hold: &Hold, now: Reckoning) -> Option<Stage> {
        let deadline = hold.deadline().filter(|_| hold.left() > 0)?;
        self.stage(deadline.at, now)
    }
}

/// What is remembered of one warning on a hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Warned {
    /// How near the end was when people were told.
    pub stage: Stage,
    /// When it was first told, by the clock of that moment.
    pub at: DateTime<Utc>,
    /// When it was told last.
    pub raised_at: DateTime<Utc>,
    /// Whether it still waits for a person.
    pub is_open: bool,
    /// Whether a person has seen it.
    pub is_seen: bool,
}

impl Warned {
    /// What a finding says of it; none of another kind.
    pub fn of(finding: &Finding) -> Option<Self> {
        Some(Self {
            stage: finding.key.stage()?,
            at: finding.at,
            raised_at: finding.raised_at,
            is_open: finding.is_open(),
            is_seen: finding.seen_by.is_some(),
        })
    }
}

/// What has to be written down, and told, about one hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WarningStep {
    /// Tell it for the first time.
    Raise(Stage),
    /// Tell it again, for nobody has seen it.
    Again(Stage),
    /// It is not true any more, or was told by a clock that ran ahead: it neither waits nor counts.
    End(Stage),
}

/// What is due on a hold in `stage`, of which `known` was told. At a start everything unseen is told again.
pub fn due(stage: Option<Stage>, known: &[Warned], now: Reckoning, is_start: bool) -> Vec<WarningStep> {
    let ahead = |at: DateTime<Utc>| at - now.latest > CLOCK_TOLERANCE;
    let mut steps = Vec::new();
    let mut is_told = false;
    for warned in known {
        let is_here = stage == Some(warned.stage);
        let is_void = ahead(warned.at);
        if is_here && !is_void {
            is_told = warned.is_open || warned.is_seen;
            let pause = now.latest - warned.raised_at;
            if warned.is_open && (is_start || pause >= WARN_AGAIN_AFTER || ahead(warned.raised_at)) {
                steps.push(WarningStep::Again(warned.stage));
            }
        } else if !is_here && (warned.is_open || is_void) {
            steps.push(WarningStep::End(warned.stage));
        }
    }
    steps.extend(stage.filter(|_| !is_told).map(WarningStep::Raise));
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn venue() -> Warnings {
        Warnings::new(&[48, 24, 6, 1], 12)
    }

    fn at(hours: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::hours(hours)
    }

    fn sure(hours: i64) -> Reckoning {
        Reckoning::sure(at(hours))
    }

    fn told(stage: Stage, hours: i64) -> Warned {
        Warned {
            stage,
            at: at(hours),
            raised_at: at(hours),
            is_open: true,
            is_seen: false,
        }
    }

    fn seen(stage: Stage, hours: i64) -> Warned {
        Warned {
            is_open: false,
            is_seen: true,
            ..told(stage, hours)
        }
    }

    #[test]
    fn a_stage_is_counted_to_the_safe_time_and_ends_with_the_hold() {
        let stages: Vec<_> = [99, 100, 124, 142, 147, 148, 159, 160]
            .map(|hours| venue().stage(at(160), sure(hours)))
            .to_vec();
        let within = |hours| Some(Stage::Within(hours));
        assert_eq!(
            stages,
            [
                None,
                within(48),
                within(24),
                within(6),
                within(1),
                Some(Stage::Late),
                Some(Stage::Late),
                None
            ]
        );
    }

    #[test]
    fn a_hold_that_has_ended_by_one_clock_only_is_doubtful() {
        let apart = Reckoning {
            earliest: at(10),
            latest: at(300_000),
        };
        assert_eq!(venue().stage(at(160), apart), Some(Stage::Doubtful));
        assert_eq!(venue().stage(at(10), apart), None);
    }

    #[test]
    fn each_stage_is_told_once_and_again_until_somebody_has_seen_it() {
        let day = Stage::Within(24);
        assert_eq!(due(Some(day), &[], sure(0), false), [WarningStep::Raise(day)]);
        assert_eq!(due(Some(day), &[told(day, 0)], sure(0), false), []);
        assert_eq!(
            due(Some(day), &[told(day, 0)], sure(0), true),
            [WarningStep::Again(day)]
        );
        assert_eq!(
            due(Some(day), &[told(day, 0)], sure(1), false),
            [WarningStep::Again(day)]
        );
        assert_eq!(due(Some(day), &[seen(day, 0)], sure(9), true), []);
        // The next one takes its place.
        let six = Stage::Within(6);
        assert_eq!(
            due(Some(six), &[told(day, 0)], sure(20), false),
            [WarningStep::End(day), WarningStep::Raise(six)]
        );
        assert_eq!(
            due(None, &[seen(day, 0), told(six, 20)], sure(21), false),
            [WarningStep::End(six)]
        );
    }

    #[test]
    fn what_a_clock_that_ran_ahead_told_does_not_count() {
        let (two_days, six) = (Stage::Within(48), Stage::Within(6));
        assert_eq!(
            due(None, &[seen(six, 90)], sure(0), false),
            [WarningStep::End(six)]
        );
        assert_eq!(
            due(Some(two_days), &[seen(two_days, 90)], sure(0), false),
            [WarningStep::Raise(two_days)]
        );
        // Ended by the watch and not by a person: it is due again when its cause is back.
        let ended = Warned {
            is_seen: false,
            ..seen(six, 0)
        };
        assert_eq!(
            due(Some(six), &[ended], sure(1), false),
            [WarningStep::Raise(six)]
        );
    }

    #[test]
    fn a_stages_name_reads_back() {
        for stage in [Stage::Within(48), Stage::Late, Stage::Doubtful] {
            assert_eq!(Stage::named(&stage.name()), Some(stage));
        }
        assert_eq!(Stage::named("soon"), None);
    }
}
