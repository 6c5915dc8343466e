//! A person decides to go by what Dojo shows, though it showed more before.

use crate::AppError;
use crate::operations::Executor;
use holdfast_domain::{Hold, HoldId};

impl Executor {
    /// Staff looked into it, and what Dojo shows now counts from here on. `key` is that of the
    /// [`crate::view::ContradictionView`] that they saw.
    pub(crate) async fn accept_reading(&self, id: HoldId, key: &str) -> Result<Hold, AppError> {
        self.context.ledger.refuse_if_harmed().await?;
        let turn = self.turn(id);
        let _turn = turn.lock().await;
        self.reconciler.go_by_reading(id, key).await
    }
}
