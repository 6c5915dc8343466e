//! What people should know of, each once.

use crate::{LedgerError, Note};
use async_trait::async_trait;
use holdfast_domain::{Finding, FindingKey};

/// What people should know of, each once.
///
/// # Errors
/// Every call may answer [`LedgerError::Storage`]; the others as said.
#[async_trait]
pub trait Findings: Send + Sync {
    /// Puts findings in force as given: new ones are added, known ones changed by their key. That one
    /// was told again needs no note.
    async fn put_findings(&self, findings: Vec<Finding>, notes: Vec<Note>) -> Result<(), LedgerError>;
    /// The findings that wait for a person.
    async fn findings(&self) -> Result<Vec<Finding>, LedgerError>;
    /// One finding, whether it waits or not, if it is known.
    async fn finding(&self, key: &FindingKey) -> Result<Option<Finding>, LedgerError>;
    /// What was told of deadlines: all of it on holds that are not over, and what waits on others.
    async fn warnings(&self) -> Result<Vec<Finding>, LedgerError>;
}
