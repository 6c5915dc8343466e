//! Requests whose answer was lost, looked for at Dojo.

use crate::{AppError, Desk};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_dojo as dojo;
use holdfast_domain::{Hold, Operation, OperationKind, OperationState};

impl Desk {
    /// Looks for the intent of a create whose answer was lost, by its reference, through search.
    pub(crate) async fn find_created(&self, hold: Hold) -> Result<Hold, AppError> {
        let operations = self.ledger.operations(hold.id).await?;
        let create = operations
            .into_iter()
            .find(|o| o.kind == OperationKind::Create && may_turn_up(o, &hold, self.now()));
        let Some(create) = create.filter(|create| !self.is_in_flight(create.id)) else {
            return Ok(hold);
        };
        let mut request = dojo::SearchRequest {
            start_date: hold.opened_at.checked_sub_signed(TimeDelta::hours(1)),
            ..dojo::SearchRequest::default()
        };
        for _ in 0..20 {
            let answer = self.dojo.search(&request).await.map_err(|f| self.unread(f))?;
            self.heard(answer.server_date, true);
            let page = answer.value;
            let found = page
                .data
                .iter()
                .find(|i| i.reference.as_deref() == Some(hold.reference.as_str()));
            if let Some(intent) = found {
                let mut known = create;
                known.state = OperationState::Accepted;
                known.dojo_id.clone_from(&intent.id);
                self.created(&hold, known, Some(intent.clone())).await?;
                return Ok(self.ledger.hold(hold.id).await?);
            }
            match page
                .after
                .filter(|after| !after.is_empty() && Some(after) != request.after.as_ref())
            {
                Some(after) if !page.data.is_empty() => request.after = Some(after),
                _ => break,
            }
        }
        self.create_not_found(&hold, &create).await?;
        Ok(hold)
    }
}

/// A create whose answer was lost may turn up at Dojo for as long as its link could have been paid.
fn may_turn_up(create: &Operation, hold: &Hold, now: DateTime<Utc>) -> bool {
    create.state.is_open()
        || (create.state == OperationState::Absent && hold.link_ends_at.is_none_or(|end| now < end))
}
