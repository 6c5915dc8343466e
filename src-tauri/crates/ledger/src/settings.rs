//! Values by name.

use crate::{LedgerError, Note};
use async_trait::async_trait;

/// What a new value of a setting rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingSeen<'a> {
    /// Nothing: it is set whatever it was.
    Anything,
    /// What it was set to when somebody read it; none where it wasn't set. The text itself is compared: a setting that
    /// was changed and changed back is what they saw.
    Was(Option<&'a str>),
}

/// Values by name.
///
/// # Errors
/// Every call may answer [`LedgerError::Storage`]; the others as said.
#[async_trait]
pub trait Settings: Send + Sync {
    /// A setting's value.
    async fn setting(&self, name: &str) -> Result<Option<String>, LedgerError>;
    /// Sets a setting. [`LedgerError::Changed`] when it isn't what was `seen`.
    async fn set_setting(
        &self,
        name: &str,
        value: &str,
        seen: SettingSeen<'_>,
        note: Note,
    ) -> Result<(), LedgerError>;
    /// A text beside the ledger, which stays as it is when a backup is put in the ledger's place.
    async fn beside(&self) -> Result<Option<String>, LedgerError>;
    /// Sets that text. It is on the disk when this returns.
    async fn set_beside(&self, text: &str) -> Result<(), LedgerError>;
}
