//! The history of the settings.

use crate::present::topic::topic;
use crate::present::view;
use crate::{AppError, Desk, wording};
use holdfast_ledger::HouseTopic;

impl Desk {
    /// The newest changes of settings: when, by whom, from what to what.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn settings_changes(&self) -> Result<Vec<view::HistoryEntry>, AppError> {
        let entries = self
            .context
            .ledger
            .house_journal(HouseTopic::Settings, 20)
            .await?;
        let about = wording::of_house(self.context.frame().await?);
        let steps = entries.into_iter().map(|entry| view::HistoryEntry {
            at: entry.at,
            words: wording::event(&entry.event, &entry.personal, about),
            amount: None,
            by: entry.by.to_string(),
            reference: None,
            topic: topic(&entry.event),
        });
        Ok(steps.collect())
    }
}
