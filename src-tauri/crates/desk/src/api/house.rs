//! The settings, and who is told of changes.

use crate::{AppError, Desk, Settings};
use tokio::sync::watch;

impl Desk {
    /// Counts up whenever something that the window may show has changed.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.context.changes()
    }

    /// The settings in force.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn settings(&self) -> Result<Settings, AppError> {
        self.context.settings().await
    }

    /// Puts settings in force.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] by field; the ledger's.
    pub async fn save_settings(&self, settings: Settings) -> Result<Settings, AppError> {
        self.context.save_settings(settings).await
    }
}
