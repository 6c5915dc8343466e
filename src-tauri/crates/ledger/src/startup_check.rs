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
    /// For how long it has been being checked behind a window that is up; none once it has been found sound.
    fn being_checked(&self) -> Option<Duration> {
        None
    }
    /// Waits until all of it has been found sound; that is at once where it was before it was opened.
    ///
    /// # Errors
    /// [`LedgerError::NotSound`].
    async fn whole(&self) -> Result<(), LedgerError> {
        Ok(())
    }
}
