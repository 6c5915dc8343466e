//! Forgetting guests by age, before each backup, so that the backup has no names any more that it need not have.

use crate::{AppError, Desk};
use chrono::Months;
use holdfast_domain::{Actor, Event, ForgetReason, TabId};
use holdfast_ledger::LedgerError;

/// The most tabs that one commit forgets, since other commits wait for it. The next backup goes on with the rest.
const MOST_TABS_AT_A_TIME: i64 = 1_000;

impl Desk {
    /// Forgets who is to be forgotten by now, and backs up.
    pub(super) async fn look_after_ledger(&self) {
        if let Err(error) = self.forget_by_age().await {
            tracing::error!(%error, "guests whose time has come could not be forgotten");
        }
        // A shared ledger is backed up with its server.
        if self.context.session.is_none() {
            // A failure was logged where it happened.
            drop(self.backups.back_up().await);
        }
    }

    /// Forgets guests whose tabs were closed as many months ago as Settings say; how many tabs those were.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn forget_by_age(&self) -> Result<usize, AppError> {
        let months = self.context.settings().await?.forget_after_months;
        // By the clock that is most behind: one that runs ahead must not forget anybody too soon.
        let before = self
            .context
            .reckoning()
            .earliest
            .checked_sub_months(Months::new(months.into()));
        let Some(before) = before.filter(|_| months > 0) else {
            return Ok(0);
        };
        let mut tabs: Vec<TabId> = self.context.ledger.to_forget(before, MOST_TABS_AT_A_TIME).await?;
        if tabs.is_empty() {
            return Ok(0);
        }
        let waiting = self.waiting_for_somebody().await?;
        tabs.retain(|tab| !waiting.contains(tab));
        let count = tabs.len();
        if count == 0 {
            return Ok(0);
        }
        let event = Event::GuestsForgotten {
            tabs: u32::try_from(count).unwrap_or(u32::MAX),
            why: ForgetReason::Age(months),
        };
        let note = self.context.note(Actor::Holdfast, None, event);
        match self.context.ledger.forget(tabs, note).await {
            // One of them was reopened a moment ago; the next backup tries again.
            Err(LedgerError::Busy) => Ok(0),
            done => {
                done?;
                self.context.changed();
                Ok(count)
            }
        }
    }
}
