//! What an answer to a request proved, written down.

use crate::AppError;
use crate::context::locks::Flight;
use crate::reconcile::Reconciler;
use crate::wording::once_sent;
use holdfast_domain::Operation;
use holdfast_ledger::{Learnt, LedgerError, Note, Progress};

impl Reconciler {
    /// Records what the answer to a request proved. No reading settles the operation meanwhile: it is on its way
    /// until this is written, and from then on a reading may go on with it. Where another till has found in Dojo's
    /// record already what became of it, that stands. The operation as it is now.
    pub(crate) async fn record_answer(
        &self,
        after: Operation,
        progress: Progress,
        note: Note,
        flight: Flight<'_>,
    ) -> Result<Operation, AppError> {
        let settling = self.newest_settled.lock().await;
        let ledger = &self.context.ledger;
        let recorded = ledger
            .record(after.hold, Learnt::default(), Some(progress), vec![note])
            .await;
        let after = match recorded {
            Err(LedgerError::Changed) => {
                tracing::info!(operation = %after.id, "its answer was overtaken by Dojo's record");
                let known = ledger.operation(after.id).await;
                let known = known.map_err(|error| once_sent(error, self.context.session.is_some()))?;
                known.ok_or(LedgerError::NotFound)?
            }
            Err(error) => {
                tracing::error!(%error, operation = %after.id, "its answer could not be written down");
                return Err(once_sent(error, self.context.session.is_some()));
            }
            Ok(_) => after,
        };
        drop((flight, settling));
        self.context.changed();
        Ok(after)
    }
}
