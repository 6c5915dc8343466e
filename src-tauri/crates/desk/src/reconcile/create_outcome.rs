//! What became of a create.

use crate::AppError;
use crate::reconcile::Reconciler;
use crate::reconcile::moment::Moment;
use crate::reconcile::{echo, observe};
use holdfast_dojo as dojo;
use holdfast_domain::{Detail, Hold, Operation, OperationState};
use holdfast_ledger::{Learnt, LedgerError, Progress};

impl Reconciler {
    /// An intent with an id is the whole outcome of a create: it is recorded at once, as of when it was read. A till
    /// may sleep in between, and another one read the hold.
    pub(crate) async fn created(
        &self,
        hold: &Hold,
        mut operation: Operation,
        intent: Option<(dojo::PaymentIntent, Moment)>,
    ) -> Result<(), AppError> {
        let mut learnt = Learnt::default();
        if let (OperationState::Accepted, Some((intent, moment))) = (operation.state, &intent) {
            let reading = observe::observe(hold, intent, &[], *moment);
            learnt = reading.sound().unwrap_or_default();
            learnt.intent_id.clone_from(&operation.dojo_id);
            operation.state = OperationState::Succeeded;
            let odd = echo::differences(hold, intent);
            if !odd.is_empty() {
                operation.state = OperationState::Conflict;
                operation.detail = Some(Detail::NotAsAsked(odd));
            }
        }
        let note = self.context.moved_on_note(hold, &operation);
        let progress = Progress {
            id: operation.id,
            state: operation.state,
            dojo_id: operation.dojo_id,
            detail: operation.detail,
            is_late: operation.is_late,
            settled_at: (!operation.state.is_open()).then(|| self.context.now()),
        };
        // Alone on the ledger nobody else has read it.
        learnt.read_from = self.context.session.map(|_| hold.version);
        let ledger = &self.context.ledger;
        let only_its_id = Learnt {
            intent_id: learnt.intent_id.clone(),
            ..Learnt::default()
        };
        let (again, noted) = (progress.clone(), note.clone());
        match ledger.record(hold.id, learnt, Some(progress), vec![note]).await {
            // Another till has written the hold since, and knows at least as much of it as this answer says.
            Err(LedgerError::Changed) if self.context.session.is_some() => {
                ledger
                    .record(hold.id, only_its_id, Some(again), vec![noted])
                    .await?;
            }
            recorded => drop(recorded?),
        }
        self.context.changed();
        Ok(())
    }
}
