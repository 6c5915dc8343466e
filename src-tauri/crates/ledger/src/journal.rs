//! What happened, in order: append-only and chained by hashes.

use crate::LedgerError;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use holdfast_domain::{Finding, FindingKind, HoldId, TabId};
use serde::{Deserialize, Serialize};

/// One line of the journal: what happened, in order, each sealed to the one before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its place, from 1, without gaps.
    pub seq: i64,
    /// When, by the till's clock.
    pub at: DateTime<Utc>,
    /// By whom; `Dojo` for what Dojo did.
    pub by: String,
    /// Which tab it belongs to.
    pub tab: Option<TabId>,
    /// What, in words for people.
    pub words: String,
    /// Minor units, where money is meant.
    pub amount: Option<i64>,
    /// Dojo's reference.
    pub reference: Option<String>,
}

/// A journal line that is about to be written; the ledger gives it its place and its seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: String,
    /// Which tab it belongs to.
    pub tab: Option<TabId>,
    /// What, in words for people.
    pub words: String,
    /// Minor units, where money is meant.
    pub amount: Option<i64>,
    /// Dojo's reference.
    pub reference: Option<String>,
    /// What a person should know of with it.
    pub raises: Option<Raises>,
}

/// What a note makes a finding of: people hear of each key once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raises {
    /// What was found.
    pub kind: FindingKind,
    /// What it is about, as in [`Finding::key`].
    pub key: String,
    /// On which hold.
    pub hold: Option<HoldId>,
}

impl Note {
    /// The finding that comes with it.
    pub fn finding(&self) -> Option<Finding> {
        let raises = self.raises.clone()?;
        Some(Finding {
            key: raises.key,
            kind: raises.kind,
            tab: self.tab,
            hold: raises.hold,
            words: self.words.clone(),
            amount: self.amount,
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
    /// The newest `limit` entries that belong to no tab and whose words begin with `beginning`, newest first.
    async fn house_journal(&self, beginning: &str, limit: i64) -> Result<Vec<Entry>, LedgerError>;
    /// When the journal's newest entry was written.
    async fn newest_entry(&self) -> Result<Option<DateTime<Utc>>, LedgerError>;
    /// Verifies the whole journal's seals; the number of entries. [`LedgerError::Damaged`].
    async fn verify_journal(&self) -> Result<i64, LedgerError>;
}
