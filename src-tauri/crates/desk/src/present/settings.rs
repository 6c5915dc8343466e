//! The history of the settings.

use crate::present::view;
use crate::{AppError, Desk};

impl Desk {
    /// The newest changes of settings: when, by whom, from what to what.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn settings_changes(&self) -> Result<Vec<view::Step>, AppError> {
        let entries = self.ledger.house_journal("Settings", 20).await?;
        let steps = entries.into_iter().map(|entry| view::Step {
            at: entry.at,
            words: entry.words,
            amount: None,
            by: entry.by,
            reference: None,
        });
        Ok(steps.collect())
    }
}
