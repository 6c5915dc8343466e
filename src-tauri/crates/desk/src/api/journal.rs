//! The journal held against what somebody outside knows of it.

use crate::present::journal_check::{self, JournalCheck};
use crate::wording::journal::NOT_A_HEAD;
use crate::{AppError, Desk, Field};
use holdfast_domain::read_head;

impl Desk {
    /// Verifies every seal, then compares the journal with what Dojo was told with each request.
    ///
    /// # Errors
    /// Those of Dojo's search; the ledger's, [`crate::ErrorCode::Ledger`] when a seal doesn't hold.
    pub async fn compare_journal(&self) -> Result<JournalCheck, AppError> {
        let found = self.reconciler.compare_with_dojo().await?;
        Ok(journal_check::of_dojo(&found, &self.context.frame().await?))
    }

    /// Verifies every seal, then compares the journal with the entry and the seal at a printed report's foot.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] for the field `printed`; the ledger's.
    pub async fn compare_printed(&self, printed: &str) -> Result<JournalCheck, AppError> {
        let head = read_head(printed).map_err(|_| AppError::field(Field::Printed, NOT_A_HEAD))?;
        let seq = head.seq;
        let found = self.reconciler.compare_with_printed(head).await?;
        Ok(journal_check::of_printed(
            seq,
            &found,
            &self.context.frame().await?,
        ))
    }
}
