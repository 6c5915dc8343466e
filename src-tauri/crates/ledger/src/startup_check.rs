//! Whether what the ledger keeps has been verified since it was opened.

use crate::LedgerError;
use async_trait::async_trait;
use std::time::Duration;

/// Whether what the ledger keeps has been verified since it was opened.
///
/// # Errors
/// As said.
#[async_trait]
pub trait StartupCheck: Send + Sync {
    /// For how long the check of all of it has been running while it is worked with; none once that has ended.
    fn checking_for(&self) -> Option<Duration> {
        None
    }
    /// Refuses once harm was found in it. It waits for no check: until that has ended, each call verifies the rows that
    /// it rests on.
    ///
    /// # Errors
    /// [`LedgerError::NotSound`].
    async fn refuse_if_harmed(&self) -> Result<(), LedgerError> {
        Ok(())
    }
}
