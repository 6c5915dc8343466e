//! Restoring a backup, as far as the desk goes: which there are, what would change, and whether it may be done now. The
//! shell then closes the desk and swaps the file.

use crate::context::reasons::NoRestore;
use crate::maintenance::Backups;
use crate::wording::restore::{RESTORE_CONSEQUENCES, describe_loss};
use crate::{AppError, ErrorCode};
use chrono::{DateTime, Utc};
use holdfast_ledger::LedgerError;
use serde::Serialize;
use ts_rs::TS;

/// A backup that is kept beside the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct BackupView {
    /// Its file's name.
    pub name: String,
    /// When it was taken.
    #[ts(type = "string")]
    pub taken_at: DateTime<Utc>,
}

/// What putting a backup back would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct RestorePreview {
    /// Which.
    pub backup: BackupView,
    /// What the ledger has now and would not have then.
    pub lost: String,
    /// What happens beside that, a sentence each.
    pub then: Vec<String>,
}

impl Backups {
    /// The backups beside the ledger, the newest first.
    pub(crate) async fn backups(&self) -> Result<Vec<BackupView>, AppError> {
        let kept = self.context.ledger.backups().await?;
        Ok(kept
            .into_iter()
            .map(|backup| BackupView {
                name: backup.name,
                taken_at: backup.taken_at,
            })
            .collect())
    }

    /// What putting one of [`Backups::backups`] back would change.
    pub(crate) async fn preview_restore(&self, name: &str) -> Result<RestorePreview, AppError> {
        let backup = self.backups().await?.into_iter().find(|b| b.name == name);
        let backup = backup.ok_or_else(|| AppError::new(ErrorCode::NotFound, NoRestore::Gone))?;
        // Harm in the ledger itself is not the backup's.
        self.context.ledger.refuse_if_harmed().await?;
        let newer = self
            .context
            .ledger
            .newer_than(name)
            .await
            .map_err(|error| match error {
                LedgerError::Damaged(_) => AppError::new(ErrorCode::NotAllowed, NoRestore::Damaged),
                LedgerError::Busy
                | LedgerError::Known
                | LedgerError::Closed
                | LedgerError::Fenced
                | LedgerError::Unreachable
                | LedgerError::NotAdmitted
                | LedgerError::Older { .. }
                | LedgerError::TooMuch
                | LedgerError::Changed
                | LedgerError::NotFound
                | LedgerError::InUse
                | LedgerError::Newer { .. }
                | LedgerError::NotSound
                | LedgerError::Storage(_) => error.into(),
            })?;
        Ok(RestorePreview {
            backup,
            lost: describe_loss(newer),
            then: RESTORE_CONSEQUENCES.map(str::to_owned).to_vec(),
        })
    }
}

/// Refuses to put a backup back while the night is being closed or a request is on its way.
pub(crate) fn refuse(is_night_closing: bool, is_sending: bool) -> Result<(), AppError> {
    let why = if is_night_closing {
        NoRestore::NightClosing
    } else if is_sending {
        NoRestore::Sending
    } else {
        return Ok(());
    };
    Err(AppError::new(ErrorCode::NotAllowed, why))
}
