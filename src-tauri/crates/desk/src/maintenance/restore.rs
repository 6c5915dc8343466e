//! Putting a backup in the ledger's place, as far as the desk goes: which there are, what would change,
//! in words, and whether it may be done now. Whoever owns the desk then closes it and swaps the file.

use crate::maintenance::Backups;
use crate::{AppError, ErrorCode};
use chrono::{DateTime, Utc};
use holdfast_ledger::{LedgerError, Newer};
use serde::Serialize;
use ts_rs::TS;

/// A backup that is kept beside the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Backup {
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
    pub backup: Backup,
    /// What the ledger has now and would not have then.
    pub lost: String,
    /// What happens beside that, a sentence each.
    pub then: Vec<String>,
}

impl Backups {
    /// The backups beside the ledger, the newest first.
    pub(crate) async fn backups(&self) -> Result<Vec<Backup>, AppError> {
        let kept = self.context.ledger.backups().await?;
        Ok(kept
            .into_iter()
            .map(|backup| Backup {
                name: backup.name,
                taken_at: backup.taken_at,
            })
            .collect())
    }

    /// What putting one of [`Backups::backups`] back would change.
    pub(crate) async fn preview_restore(&self, name: &str) -> Result<RestorePreview, AppError> {
        let backup = self.backups().await?.into_iter().find(|b| b.name == name);
        let backup =
            backup.ok_or_else(|| AppError::new(ErrorCode::NotFound, "This backup no longer exists."))?;
        // Harm in the ledger itself is not the backup's.
        self.context.ledger.refuse_if_harmed().await?;
        let newer = self
            .context
            .ledger
            .newer_than(name)
            .await
            .map_err(|error| match error {
                LedgerError::Damaged(_) => AppError::new(
                    ErrorCode::NotAllowed,
                    "This backup is damaged and can’t be used. Choose another one.",
                ),
                other => other.into(),
            })?;
        Ok(RestorePreview {
            backup,
            lost: lost(newer),
            then: AFTERWARDS.map(str::to_owned).to_vec(),
        })
    }
}

/// Refuses to put a backup back while the night is being closed or a request is on its way.
pub(crate) fn refuse(is_night_closing: bool, is_sending: bool) -> Result<(), AppError> {
    let why = if is_night_closing {
        "The night is being closed. Stop it, or wait until it is finished."
    } else if is_sending {
        "A request is on its way to Dojo. Wait until its outcome is shown."
    } else {
        return Ok(());
    };
    Err(AppError::new(ErrorCode::NotAllowed, why))
}

/// What the ledger has now and would not have then, in words.
pub fn lost(newer: Newer) -> String {
    let counted = [
        (newer.tabs, "tab", "tabs"),
        (newer.operations, "request to Dojo", "requests to Dojo"),
        (newer.lines, "bill item", "bill items"),
    ];
    let parts: Vec<String> = counted
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| format!("{count} {}", if count == 1 { one } else { many }))
        .collect();
    match parts.as_slice() {
        [] => "It has every tab, request and bill item that your records have now.".to_owned(),
        [one] => format!("It lacks {one} that your records have now."),
        [before @ .., last] => format!(
            "It lacks {} and {last} that your records have now.",
            before.join(", ")
        ),
    }
}

/// What happens beside that.
pub const AFTERWARDS: [&str; 2] = [
    "We back up the current records first and keep them.",
    "Then we check every hold with Dojo: what was on hold, taken and refunded comes back. Bill items and \
     notes don’t.",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_lost_is_counted_as_people_count() {
        let said = |tabs, operations, lines| {
            lost(Newer {
                tabs,
                operations,
                lines,
            })
        };
        assert_eq!(
            said(2, 1, 4),
            "It lacks 2 tabs, 1 request to Dojo and 4 bill items that your records have now."
        );
        assert_eq!(said(0, 0, 1), "It lacks 1 bill item that your records have now.");
        assert!(said(0, 0, 0).starts_with("It has every tab"));
    }
}
