//! How long Dojo's record has shown nothing of an operation.

use crate::context::till::Whose;
use crate::reconcile::Reconciler;
use holdfast_domain::{Operation, QUIET_GAP, QUIET_WINDOW};
use holdfast_ledger::{Duty, Permit};
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

/// How long another till's request may be on its way, once it has begun to leave: its time limit.
const REQUEST_LIMIT: Duration = Duration::from_secs(30);

impl Reconciler {
    /// Whether this till may conclude of another one's request that it never left.
    pub(crate) async fn may_conclude(&self) -> bool {
        self.context.has(Duty::Watch).await
    }

    /// Whether an operation is another till's, which may be sending it yet, or this one isn't to conclude anything of
    /// it. Spans alone decide that, counted from when this till saw it first: it was decided earlier, so once the span
    /// is over its permit is too, by any clock.
    pub(crate) fn may_be_sending(&self, operation: &Operation, concludes: bool) -> bool {
        if self.context.whose(operation) == Whose::Ours {
            return false;
        }
        let now = self.context.clock.steady();
        let Ok(mut all) = self.met.lock() else {
            return true;
        };
        if !operation.state.is_open() {
            all.remove(&operation.id);
            return false;
        }
        let met = *all.entry(operation.id).or_insert(now);
        !concludes || now.saturating_sub(met) < Permit::LONGEST + REQUEST_LIMIT
    }

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
