//! What happened, in order: append-only and chained by hashes.

use crate::LedgerError;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use holdfast_domain::{
    Actor, EntryMatch, Event, Finding, FindingKey, HoldId, JournalHead, JournalWitness, Personal, TabId,
};
use std::collections::HashMap;

/// One line of the journal: what happened, in order, each sealed to the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place, from 1, without gaps.
    pub seq: i64,
    /// When, by the clock that deadlines are counted by.
    pub at: DateTime<Utc>,
    /// Who did it; Dojo or Holdfast where no person did.
    pub by: Actor,
    /// Which tab it belongs to.
    pub tab: Option<TabId>,
    /// What happened, without anything about a person.
    pub event: Event,
    /// What of that is about a person.
    pub personal: Personal,
    /// Dojo's reference.
    pub reference: Option<String>,
}

/// Which of the entries that belong to no tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HouseTopic {
    /// All of them.
    Anything,
    /// Changes of settings.
    Settings,
    /// What took entries back: a backup that was restored, a file that was found to be older.
    Restores,
}

impl HouseTopic {
    /// Whether an entry is about it.
    pub fn is_of(self, event: &Event, personal: &Personal) -> bool {
        match (self, event) {
            (Self::Anything, _)
            | (Self::Settings, Event::SettingsChanged | Event::SettingsRepaired)
            | (
                Self::Restores,
                Event::BackupRestored { .. } | Event::FoundOlder | Event::CommitsLost { .. },
            ) => true,
            // An older ledger told them by their first word.
            (Self::Settings, Event::Former { .. }) => personal
                .words
                .as_ref()
                .is_some_and(|words| words.starts_with("Settings")),
            (Self::Settings | Self::Restores, _) => false,
        }
    }
}

/// A journal line that is about to be written; the ledger gives it its place and its seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// When it was written, by the clock that deadlines are counted by.
    pub at: DateTime<Utc>,
    /// Who did it; Dojo or Holdfast where no person did.
    pub by: Actor,
    /// Which tab it belongs to.
    pub tab: Option<TabId>,
    /// What happened, without anything about a person.
    pub event: Event,
    /// What of that is about a person.
    pub personal: Personal,
    /// Dojo's reference.
    pub reference: Option<String>,
    /// What a person should know of with it.
    pub raises: Option<Raises>,
}

/// What a note makes a finding of: people hear of each key once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raises {
    /// What it is about.
    pub key: FindingKey,
    /// On which hold.
    pub hold: Option<HoldId>,
}

impl Note {
    /// The finding that comes with it.
    pub fn finding(&self) -> Option<Finding> {
        let raises = self.raises.clone()?;
        Some(Finding {
            key: raises.key,
            tab: self.tab,
            hold: raises.hold,
            event: self.event.clone(),
            personal: self.personal.clone(),
            at: self.at,
            raised_at: self.at,
            ended_at: None,
            seen_by: None,
        })
    }
}

/// What happened, in order: append-only and chained by hashes.
///
/// # Errors
/// Every call may answer [`LedgerError::Storage`]; the others as said.
#[async_trait]
pub trait Journal: Send + Sync {
    /// The journal of a tab, oldest first.
    async fn journal(&self, tab: TabId) -> Result<Vec<Entry>, LedgerError>;
    /// Who closed each of these tabs the last time: it may have been reopened and closed again. One that nobody closed
    /// is left out.
    async fn closers(&self, tabs: Vec<TabId>) -> Result<HashMap<TabId, Actor>, LedgerError>;
    /// The newest `limit` entries about `topic` that belong to no tab, newest first.
    async fn house_journal(&self, topic: HouseTopic, limit: i64) -> Result<Vec<Entry>, LedgerError>;
    /// When the journal's newest entry was written.
    async fn newest_entry(&self) -> Result<Option<DateTime<Utc>>, LedgerError>;
    /// What somebody outside is told, to be a witness; none while there is no entry.
    async fn witness(&self) -> Result<Option<JournalWitness>, LedgerError>;
    /// What the journal has where each of these was seen. A seal may be its beginning, and one that a former format
    /// gave the entry counts.
    async fn compare(&self, heads: Vec<JournalHead>) -> Result<Vec<EntryMatch>, LedgerError>;
    /// Verifies the whole journal's seals; the number of entries. [`LedgerError::Damaged`].
    async fn verify_journal(&self) -> Result<i64, LedgerError>;
}
