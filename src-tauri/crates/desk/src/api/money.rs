//! What moves money: one decision, carried out.

use crate::{AppError, Decision, Desk};
use holdfast_domain::Operation;

impl Desk {
    /// Carries out a decision, sending at most one request that moves money.
    ///
    /// # Errors
    /// Before anything is sent: [`ErrorCode::Changed`] when it isn't as the person saw it,
    /// [`ErrorCode::NotAllowed`], [`ErrorCode::NotSent`] (Dojo could not be read), [`ErrorCode::Ledger`].
    /// Afterwards there are none but the ledger's own: what became of it is the operation's state.
    pub async fn operate(&self, decision: Decision) -> Result<Operation, AppError> {
        self.executor.operate(decision).await
    }
}
