//! A person decides to go by what Dojo shows, though it showed more before.

use crate::{AppError, Desk};
use holdfast_domain::{Hold, HoldId};

impl Desk {
    /// Staff looked into it, and what Dojo shows now counts from here on. `key` is that of the
    /// [`crate::view::Contradiction`] that they saw.
    ///
    /// # Errors
    /// [`crate::ErrorCode::NotAllowed`] while Dojo does not keep to one answer, [`crate::ErrorCode::Changed`] when
    /// it shows something else by now; those of [`Desk::read`], and the ledger's.
    pub async fn accept_reading(&self, id: HoldId, key: &str) -> Result<Hold, AppError> {
        self.context.ledger.whole().await?;
        let turn = self.turn(id);
        let _turn = turn.lock().await;
        self.reconciler.go_by_reading(id, key).await
    }
}
