//! Values by name.

use crate::{LedgerError, Note};
use async_trait::async_trait;

/// Values by name.
///
/// # Errors
/// Every call may answer [`LedgerError::Storage`]; the others as said.
#[async_trait]
pub trait Settings: Send + Sync {
    /// A setting's value.
    async fn setting(&self, name: &str) -> Result<Option<String>, LedgerError>;
    /// Sets a setting.
    async fn set_setting(&self, name: &str, value: &str, note: Note) -> Result<(), LedgerError>;
    /// A text beside the ledger, which stays as it is when a backup is put in the ledger's place.
    async fn beside(&self) -> Result<Option<String>, LedgerError>;
    /// Sets that text. It is on the disk when this returns.
    async fn set_beside(&self, text: &str) -> Result<(), LedgerError>;
}
