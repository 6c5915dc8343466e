//! What was on its way to Dojo when the program last ended: staff are told at once that it is being
//! looked into, and then what became of it.

use crate::AppError;
use crate::context::till::Whose;
use crate::reconcile::Reconciler;
use holdfast_domain::{HoldId, Operation, OperationId, OperationState};

impl Reconciler {
    /// Looks, once, for what an earlier run of the program decided and never wrote the end of.
    /// Has to be asked before Dojo's record is read, for a reading may settle it.
    pub(crate) async fn interrupted(&self) -> Result<&[(HoldId, OperationId)], AppError> {
        let found = self.interrupted.get_or_try_init(|| async {
            let mut found = Vec::new();
            for hold in self.watched().await? {
                let operations = self.context.ledger.operations(hold.id).await?;
                // Another till's is under way there.
                let was_ours =
                    |o: &Operation| self.context.whose(o) == Whose::Ours && !self.context.in_flight.has(o.id);
                let cut_off = operations
                    .iter()
                    .filter(|o| o.state == OperationState::Intended && was_ours(o));
                found.extend(cut_off.map(|o| (hold.id, o.id)));
            }
            Ok::<_, AppError>(found)
        });
        Ok(found.await?)
    }
}
