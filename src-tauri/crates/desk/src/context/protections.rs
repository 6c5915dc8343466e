//! What protects guests, as it is kept beside the ledger. `settings` says what it does.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::sync::Mutex;
use tokio::sync::OnceCell;

/// What of the settings protects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Protections {
    pub(crate) names_to_dojo: bool,
    pub(crate) forget_after_months: u8,
    /// What the last ledger that was otherwise was given back.
    #[serde(default)]
    pub(crate) kept: Option<Kept>,
}

/// What an older ledger had otherwise, and didn't change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// When it was seen.
    pub(crate) at: DateTime<Utc>,
    /// Names of settings.
    pub(crate) fields: Vec<String>,
}

/// Those in force, once they were looked at; none before any setting was saved.
pub(crate) type InForce = OnceCell<Mutex<Option<Protections>>>;
