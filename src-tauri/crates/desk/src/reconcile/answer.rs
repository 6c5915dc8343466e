//! What an answer to a request proved, written down.

use crate::AppError;
use crate::context::locks::Flight;
use crate::reconcile::Reconciler;
use holdfast_domain::HoldId;
use holdfast_ledger::{Learnt, Note, Progress};

impl Reconciler {
    /// Records what the answer to a request proved. No reading settles the operation meanwhile: it is on its way
    /// until this is written, and from then on a reading may go on with it.
    pub(crate) async fn record_answer(
        &self,
        hold: HoldId,
        progress: Progress,
        note: Note,
        flight: Flight<'_>,
    ) -> Result<(), AppError> {
        let settling = self.newest_settled.lock().await;
        self.context
            .ledger
            .record(hold, Learnt::default(), Some(progress), vec![note])
            .await?;
        drop((flight, settling));
        self.context.changed();
        Ok(())
    }
}
