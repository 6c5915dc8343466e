//! How long Dojo's record has shown nothing of an operation.

use crate::reconcile::Reconciler;
use holdfast_domain::{Operation, QUIET_GAP, QUIET_WINDOW};
use std::time::Duration;

/// How long and how often Dojo's record has shown nothing of an operation, by [`crate::Clock::steady`]:
/// neither a Date header nor somebody who sets the clock may shorten it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quiet {
    since: Duration,
    last: Duration,
    readings: u32,
}

impl Quiet {
    fn is_over(self, now: Duration) -> bool {
        self.readings >= 3 && now.saturating_sub(self.since) >= QUIET_WINDOW
    }
}

impl Reconciler {
    /// Counts one more reading that shows nothing of an operation; whether the whole quiet window has passed.
    pub(crate) fn count_silence(&self, operation: &Operation) -> bool {
        let now = self.context.clock.steady();
        let Ok(mut all) = self.quiet.lock() else {
            return false;
        };
        let quiet = all.entry(operation.id).or_insert(Quiet {
            since: now,
            last: now,
            readings: 1,
        });
        if now.saturating_sub(quiet.last) >= QUIET_GAP {
            quiet.last = now;
            quiet.readings = quiet.readings.saturating_add(1);
        }
        let is_over = quiet.is_over(now);
        if is_over {
            all.remove(&operation.id);
        }
        is_over
    }
}
