//! Which holds are read now and then, because something may yet happen to them.

use crate::account::Account;
use crate::reconcile::Reconciler;
use chrono::TimeDelta;
use holdfast_domain::{Hold, HoldId, TabId};
use holdfast_ledger::LedgerError;
use std::collections::BTreeSet;
use std::time::Duration;

/// How long a hold with nothing left to do is still read when a request on it was not seen. Long enough that a
/// clock set wrong by hours doesn't end it.
const LATE_RESULT_WATCHED_FOR: TimeDelta = TimeDelta::hours(24);

/// How long a cancelled request is still read, for a payment that was under way. The daily look finds later ones.
const CANCELLED_HOLD_WATCHED_FOR: Duration = Duration::from_secs(15 * 60);

impl Reconciler {
    /// The holds that are worth a look now and then: something may yet happen to them.
    pub(crate) async fn watched(&self) -> Result<Vec<Hold>, LedgerError> {
        let now = self.context.now();
        let since = now.checked_sub_signed(LATE_RESULT_WATCHED_FOR).unwrap_or(now);
        let mut holds = self.context.ledger.live_holds(since).await?;
        // On one that is over Dojo may show less than before: it is asked until it keeps to one answer. And one
        // that was withdrawn may have been paid in the same moment.
        let withdrawn = self.just_withdrawn();
        for id in self.contradicting().into_iter().chain(withdrawn) {
            if holds.iter().all(|hold| hold.id != id) {
                holds.push(self.context.ledger.hold(id).await?);
            }
        }
        Ok(holds)
    }

    /// The tabs that those holds are on.
    pub(crate) async fn watched_accounts(&self) -> Result<Vec<Account>, LedgerError> {
        let live = self.watched().await?;
        let tabs: BTreeSet<TabId> = live.iter().map(|hold| hold.tab).collect();
        self.context.ledger.accounts(tabs.into_iter().collect()).await
    }

    /// Takes note that a request was seen withdrawn.
    pub(crate) fn note_withdrawn(&self, id: HoldId) {
        if let Ok(mut all) = self.withdrawn.lock() {
            all.insert(id, self.context.clock.steady());
        }
    }

    fn just_withdrawn(&self) -> Vec<HoldId> {
        let now = self.context.clock.steady();
        let all = self.withdrawn.lock();
        all.map_or_else(
            |_| Vec::new(),
            |mut all| {
                all.retain(|_, at| now.saturating_sub(*at) < CANCELLED_HOLD_WATCHED_FOR);
                all.keys().copied().collect()
            },
        )
    }
}
