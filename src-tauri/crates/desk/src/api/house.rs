//! The settings, and who is told of changes and of Dojo.

use crate::{AppError, Desk, Settings};
use holdfast_domain::FloorOrder;
use std::path::Path;
use tokio::sync::watch;

impl Desk {
    /// Says in which folder the till keeps its own settings, apart from the venue's in the ledger: before anything is
    /// asked of the desk. Without one they last as long as the desk.
    pub fn keep_settings_in(&self, folder: &Path) {
        self.context.own.keep_in(folder);
    }

    /// The settings in force.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn settings(&self) -> Result<Settings, AppError> {
        self.context.settings().await
    }

    /// Puts settings in force; all but the second folder for backups.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] by field; the ledger's.
    pub async fn save_settings(&self, settings: Settings) -> Result<Settings, AppError> {
        self.context.save_settings(settings).await
    }

    /// Takes the venue's name, address and staff over from the settings of another ledger, unless somebody saved
    /// settings here.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn take_house(&self, from: Settings) -> Result<(), AppError> {
        self.context.take_house(from).await
    }

    /// Sets the second folder for backups, which a person chose in the system's own dialog; none keeps one copy only.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] for the field `backupFolder`; the ledger's.
    pub async fn set_backup_folder(&self, folder: Option<&Path>) -> Result<Settings, AppError> {
        self.context.set_backup_folder(folder).await
    }

    /// Puts the floor in another order, and keeps it so.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn set_floor_order(&self, order: FloorOrder) -> Result<(), AppError> {
        self.context.set_floor_order(order).await
    }

    /// Counts up whenever something that the window may show has changed.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.context.changes()
    }

    /// Whether Dojo answered the last time it was asked.
    pub fn online(&self) -> watch::Receiver<bool> {
        self.gateway.online()
    }
}
