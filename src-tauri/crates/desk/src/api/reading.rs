//! Reading Dojo's record, and what waits for a person since.

use crate::{AppError, Desk};
use holdfast_domain::{Finding, Hold, HoldId};

impl Desk {
    /// One GET of a hold's intent, and all that follows from it.
    ///
    /// # Errors
    /// [`crate::ErrorCode::NotSent`] when Dojo can't be reached, [`crate::ErrorCode::Unauthorised`],
    /// [`crate::ErrorCode::Unclear`] when its answer makes no sense; none of them changes anything.
    pub async fn read(&self, id: HoldId) -> Result<Hold, AppError> {
        self.reconciler.read(id).await
    }

    /// Staff looked into it, and what Dojo shows now counts from here on. `key` is that of the
    /// [`crate::view::ContradictionView`] that they saw.
    ///
    /// # Errors
    /// [`crate::ErrorCode::NotAllowed`] while Dojo does not keep to one answer, [`crate::ErrorCode::Changed`] when
    /// it shows something else by now; those of [`Desk::read`], and the ledger's.
    pub async fn accept_reading(&self, id: HoldId, key: &str) -> Result<Hold, AppError> {
        self.executor.accept_reading(id, key).await
    }

    /// After a backup was put back: reads up to `most` of the holds that were not read since, those
    /// that were over included, and then asks for requests that the ledger does not know. The answer
    /// is how many holds are still to be read; 0 when all is done, or nothing was ever put back.
    ///
    /// # Errors
    /// [`crate::ErrorCode::NotSent`] when Dojo can't be reached, and the ledger's.
    pub async fn read_again(&self, most: usize) -> Result<usize, AppError> {
        self.reconciler.read_again(most).await
    }

    /// All pages in one go: every intent of the last days is compared with the ledger.
    ///
    /// # Errors
    /// Those of the search, and the ledger's.
    pub async fn reconcile_recent(&self) -> Result<(), AppError> {
        self.reconciler.reconcile_recent().await
    }

    /// Whether the ledger knows of no tab at all.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn is_empty(&self) -> Result<bool, AppError> {
        self.reconciler.is_empty().await
    }

    /// A finding in words, without whom it is about unless the words need the name.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn finding_words(&self, finding: &Finding) -> Result<String, AppError> {
        self.reconciler.finding_words(finding).await
    }

    /// Somebody has seen a finding: it is not told again.
    ///
    /// # Errors
    /// [`crate::ErrorCode::NotFound`], and the ledger's.
    pub async fn acknowledge(&self, key: &str) -> Result<(), AppError> {
        self.reconciler.acknowledge(key).await
    }
}
