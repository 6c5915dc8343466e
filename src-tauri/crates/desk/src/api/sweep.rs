//! All that is open, read once.

use crate::{AppError, Desk, ErrorCode};

impl Desk {
    /// Reads every hold that is not over and settles what can be settled, then goes on with renewals. A hold
    /// that can't be read stays as it is; the number of those is the answer.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn sweep(&self) -> Result<usize, AppError> {
        let mut unread = self.reconciler.read_again(usize::MAX).await.or_else(|error| {
            // Whatever could not be asked now is asked again; only the ledger's own trouble ends it.
            (error.code != ErrorCode::Ledger).then_some(1).ok_or(error)
        })?;
        for hold in self.reconciler.watched().await? {
            if let Err(error) = self.reconciler.read(hold.id).await {
                if error.code == ErrorCode::Ledger {
                    return Err(error);
                }
                unread += 1;
            }
        }
        self.taker.continue_asks().await?;
        self.renewer.continue_renewals().await?;
        Ok(unread)
    }
}
