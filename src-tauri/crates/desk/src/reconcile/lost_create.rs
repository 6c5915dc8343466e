//! Requests whose answer was lost, looked for at Dojo.

use crate::AppError;
use crate::gateway::search_cursor::SearchCursor;
use crate::reconcile::Reconciler;
use chrono::TimeDelta;
use holdfast_domain::{Hold, Operation, OperationKind, OperationState};

/// How long Dojo is searched for a request to open a hold that its record didn't show: it may come late.
const LATE_CREATE_SEARCHED_FOR: TimeDelta = TimeDelta::hours(1);

impl Reconciler {
    /// Looks for the intent of a create whose answer was lost, by its reference, through search.
    pub(crate) async fn find_created(&self, hold: &Hold) -> Result<(), AppError> {
        if self.lost_create(hold).await?.is_none() {
            return Ok(());
        }
        let mut pages = SearchCursor::since(hold.opened_at.checked_sub_signed(TimeDelta::hours(1)));
        while !pages.is_over() {
            let page = self.gateway.next_page(&mut pages).await?;
            let moment = self.moment(hold.id, pages.server_date);
            let found = page
                .iter()
                .find(|i| i.reference.as_deref() == Some(hold.reference.as_str()));
            if let Some(intent) = found {
                let _settling = self.newest_settled.lock().await;
                let Some(mut known) = self.lost_create(hold).await? else {
                    return Ok(());
                };
                known.is_late = known.state == OperationState::Absent;
                known.detail = None;
                known.state = OperationState::Accepted;
                known.dojo_id.clone_from(&intent.id);
                return self.created(hold, known, Some((intent.clone(), moment))).await;
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
        let concludes = self.may_conclude().await;
        Ok(found.filter(|create| {
            !self.context.in_flight.has(create.id) && !self.may_be_sending(create, concludes)
        }))
    }
}
