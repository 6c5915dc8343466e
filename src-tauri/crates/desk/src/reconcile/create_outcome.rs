//! What became of a create.

use crate::reconcile::{echo, observe};
use crate::{AppError, Desk, wording};
use holdfast_dojo as dojo;
use holdfast_domain::{Hold, Operation, OperationState};
use holdfast_ledger::{Learnt, Progress};

impl Desk {
    /// An intent with an id is the whole outcome of a create: it is recorded at once.
    pub(crate) async fn created(
        &self,
        hold: &Hold,
        mut operation: Operation,
        intent: Option<dojo::PaymentIntent>,
    ) -> Result<(), AppError> {
        let mut learnt = Learnt::default();
        if let (OperationState::Accepted, Some(intent)) = (operation.state, &intent) {
            let moment = self.moment(hold.id, None);
            let reading = observe::learnt(hold, intent, &[], moment);
            learnt = reading.sound().unwrap_or_default();
            learnt.intent_id.clone_from(&operation.dojo_id);
            operation.state = OperationState::Succeeded;
            if let Some(odd) = echo::odd_echo(hold, intent) {
                operation.state = OperationState::Conflict;
                operation.detail = Some(odd);
            }
        }
        let note = self.operation_note(hold, &operation, wording::answered(&operation, hold));
        let progress = Progress {
            id: operation.id,
            state: operation.state,
            dojo_id: operation.dojo_id,
            detail: operation.detail,
            settled_at: (!operation.state.is_open()).then(|| self.now()),
        };
        self.ledger
            .record(hold.id, learnt, Some(progress), vec![note])
            .await?;
        self.changed();
        Ok(())
    }
}
