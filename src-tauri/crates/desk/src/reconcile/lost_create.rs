//! Requests whose answer was lost, looked for at Dojo.

use crate::AppError;
use crate::gateway::search_cursor::SearchCursor;
use crate::reconcile::Reconciler;
use chrono::TimeDelta;
use holdfast_domain::{Hold, HoldId, Operation, OperationKind, OperationState};
use holdfast_ledger::LedgerError;
use std::time::Duration;

/// How long Dojo is searched for a request to open a hold that its record didn't show: it may come late.
const LATE_CREATE_SEARCHED_FOR: TimeDelta = TimeDelta::hours(1);

/// How long a hold with nothing left to do is still read when a request on it was not seen. Long enough that a
/// clock set wrong by hours doesn't end it.
const LATE_RESULT_WATCHED_FOR: TimeDelta = TimeDelta::hours(24);

/// How long a cancelled request is still read, for a payment that was under way. The daily look finds later ones.
const WATCH_CANCELLED_FOR: Duration = Duration::from_secs(15 * 60);

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

    /// A request was seen withdrawn.
    pub(crate) fn was_withdrawn(&self, id: HoldId) {
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
                all.retain(|_, at| now.saturating_sub(*at) < WATCH_CANCELLED_FOR);
                all.keys().copied().collect()
            },
        )
    }

    /// Looks for the intent of a create whose answer was lost, by its reference, through search.
    pub(crate) async fn find_created(&self, hold: &Hold) -> Result<(), AppError> {
        if self.lost_create(hold).await?.is_none() {
            return Ok(());
        }
        let mut pages = SearchCursor::since(hold.opened_at.checked_sub_signed(TimeDelta::hours(1)));
        while !pages.is_over() {
            let page = self.gateway.next_page(&mut pages).await?;
            let found = page
                .iter()
                .find(|i| i.reference.as_deref() == Some(hold.reference.as_str()));
            if let Some(intent) = found {
                let _settling = self.settling.lock().await;
                let Some(mut known) = self.lost_create(hold).await? else {
                    return Ok(());
                };
                known.is_late = known.state == OperationState::Absent;
                known.detail = None;
                known.state = OperationState::Accepted;
                known.dojo_id.clone_from(&intent.id);
                return self.created(hold, known, Some(intent.clone())).await;
            }
        }
        self.create_not_found(hold).await
    }

    /// The create whose outcome is still looked for, if there is one.
    pub(crate) async fn lost_create(&self, hold: &Hold) -> Result<Option<Operation>, AppError> {
        let operations = self.context.ledger.operations(hold.id).await?;
        let newest = operations.into_iter().rfind(|o| o.kind == OperationKind::Create);
        let found = newest.filter(|create| {
            let age = self.context.now().signed_duration_since(create.at);
            create.state.is_open()
                || (create.state == OperationState::Absent && age < LATE_CREATE_SEARCHED_FOR)
        });
        Ok(found.filter(|create| !self.context.in_flight.has(create.id)))
    }
}
