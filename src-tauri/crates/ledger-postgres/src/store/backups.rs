//! Copies of the ledger are the server's business; what it knows of itself after one was put back is kept here.

use crate::error::damaged;
use crate::{FORMAT, PostgresLedger};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use holdfast_domain::{OperationKind, OperationState};
use holdfast_ledger::stored::Code;
use holdfast_ledger::{
    BackedUp, Backup, Backups, Counts, LedgerError, Newer, Note, Restored, SecondFolder, SettingSeen,
    Settings, StartupCheck,
};
use serde::Serialize;

/// The setting that [`Restored`] is kept in.
const RESTORED: &str = "restored";

/// The server checks its pages by itself, and each entry of the journal is sealed: nothing is checked at a start.
impl StartupCheck for PostgresLedger {}

/// What is counted, in words.
const COUNTS: &str = "
    SELECT 'Tabs open', count(*) FROM holdfast.tab WHERE closed_at IS NULL
     UNION ALL SELECT 'Tabs closed', count(*) FROM holdfast.tab WHERE closed_at IS NOT NULL
     UNION ALL SELECT 'Holds not over', count(*) FROM holdfast.hold WHERE over = 0
     UNION ALL SELECT 'Holds over', count(*) FROM holdfast.hold WHERE over = 1
     UNION ALL SELECT 'Renewals under way', count(*) FROM holdfast.renewal WHERE ended_at IS NULL
     UNION ALL SELECT 'Findings that wait', count(*) FROM holdfast.finding WHERE ended_at IS NULL
     UNION ALL SELECT 'Entries in the journal', coalesce(sum(seq), 0)::bigint FROM holdfast.head";

fn name(value: &impl Serialize) -> Result<String, LedgerError> {
    let name = serde_json::to_value(value).map_err(|error| damaged(error.to_string()))?;
    Ok(name.as_str().unwrap_or_default().to_owned())
}

fn is_of(text: &str, restored: &Restored) -> bool {
    serde_json::from_str(text).is_ok_and(|was: Restored| was.at == restored.at)
}

#[async_trait]
impl Backups for PostgresLedger {
    /// Refuses: the venue's administrator backs up the server as a whole.
    async fn back_up(&self, _: DateTime<Utc>, _: Option<SecondFolder>) -> Result<BackedUp, LedgerError> {
        Err(LedgerError::Storage(
            "a shared ledger is backed up with its server, not by a till".to_owned(),
        ))
    }

    async fn backups(&self) -> Result<Vec<Backup>, LedgerError> {
        Ok(Vec::new())
    }

    async fn newer_than(&self, _: &str) -> Result<Newer, LedgerError> {
        Err(LedgerError::NotFound)
    }

    async fn restored(&self) -> Result<Option<Restored>, LedgerError> {
        let value = self.setting(RESTORED).await?;
        let restored = value.map(|text| serde_json::from_str(&text)).transpose();
        restored.map_err(|error| damaged(error.to_string()))
    }

    async fn set_restored(&self, restored: &Restored, note: Note) -> Result<(), LedgerError> {
        let value = serde_json::to_string(restored).map_err(|error| damaged(error.to_string()))?;
        let was = self.setting(RESTORED).await?;
        let seen = match restored.read_again_at {
            // That all was read again is said of this one: another loss may have been noted since.
            Some(_) => SettingSeen::Was(was.as_deref().filter(|was| is_of(was, restored))),
            None => SettingSeen::Anything,
        };
        self.set_setting(RESTORED, &value, seen, note).await
    }

    async fn counts(&self) -> Result<Counts, LedgerError> {
        let of_operations =
            "SELECT kind::bigint, state::bigint, count(*) FROM holdfast.operation GROUP BY kind, state";
        let [counted, of_operations] = self.lanes.query_at_once([COUNTS, of_operations], &[]).await?;
        let unreadable = |error: tokio_postgres::Error| damaged(error.to_string());
        let mut rows = Vec::new();
        for row in &counted {
            rows.push((
                row.try_get(0).map_err(unreadable)?,
                row.try_get(1).map_err(unreadable)?,
            ));
        }
        let mut operations = Vec::new();
        for row in &of_operations {
            let kind = OperationKind::of(row.try_get(0).map_err(unreadable)?)?;
            let state = OperationState::of(row.try_get(1).map_err(unreadable)?)?;
            let what = format!("Operations {}, {}", name(&kind)?, name(&state)?);
            operations.push((what, row.try_get(2).map_err(unreadable)?));
        }
        operations.sort();
        rows.extend(operations);
        Ok(Counts { format: FORMAT, rows })
    }
}
