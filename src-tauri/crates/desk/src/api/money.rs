//! What moves money: one decision, carried out.

use crate::{AppError, Decision, Desk, Renew, Take, Taken};
use holdfast_domain::{HoldId, Operation};

impl Desk {
    /// Carries out a decision, sending at most one request that moves money.
    ///
    /// # Errors
    /// Before anything is sent: [`crate::ErrorCode::Changed`] when it isn't as the person saw it,
    /// [`crate::ErrorCode::NotAllowed`], [`crate::ErrorCode::NotSent`] (Dojo could not be read),
    /// [`crate::ErrorCode::Ledger`].
    /// Afterwards there are none but the ledger's own: what became of it is the operation's state.
    pub async fn operate(&self, decision: Decision) -> Result<Operation, AppError> {
        self.executor.operate(decision).await
    }

    /// Takes, one operation a hold, the first under the sheet's own decision. The next one is sent only when the one
    /// before has succeeded; the request for the rest when Dojo has accepted the last.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`], [`crate::ErrorCode::Changed`] when it isn't as staff saw it,
    /// [`crate::ErrorCode::Unconfirmed`], [`crate::ErrorCode::NotAllowed`], and those of [`Desk::operate`]; none once
    /// a part was sent.
    pub async fn take(&self, take: &Take) -> Result<Taken, AppError> {
        self.taker.take(take).await
    }

    /// Asks for what takes left to be asked for, as far as it can be by now.
    ///
    /// # Errors
    /// The ledger's; whatever else keeps one back does so until the next time.
    pub async fn continue_asks(&self) -> Result<(), AppError> {
        self.taker.continue_asks().await
    }

    /// Asks the guest for a new hold in the place of one that is in force, on the same tab. The old one is
    /// released by [`Desk::continue_renewals`] once Dojo shows the new one as held.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] for the amount, [`crate::ErrorCode::NotAllowed`] with the reason, those of
    /// [`Desk::read`], before anything is written or sent; the ledger's. Dojo's answer is the new hold's state.
    pub async fn renew(&self, typed: &Renew) -> Result<HoldId, AppError> {
        self.renewer.renew(typed).await
    }

    /// Goes on with every renewal that is under way, as far as it can be by now: nothing happens without
    /// Dojo's word of this moment that the new hold is in force.
    ///
    /// # Errors
    /// The ledger's; whatever else keeps one back does so until the next time.
    pub async fn continue_renewals(&self) -> Result<(), AppError> {
        self.renewer.continue_renewals().await
    }
}
