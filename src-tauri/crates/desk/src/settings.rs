//! What a manager may set, each with a sane default.

use crate::{AppError, Desk, FieldError};
use holdfast_domain::{Currency, DeadlineAction, parse_amount, parse_percent};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A venue's settings, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export)]
pub struct Settings {
    /// The venue's name.
    pub venue: String,
    /// What new tabs are in.
    #[ts(type = "\"GBP\" | \"EUR\"")]
    pub currency: Currency,
    /// Service charge in percent.
    pub service: String,
    /// Tips offered, in percent.
    pub tip_presets: Vec<String>,
    /// Holds offered for a tab.
    pub tab_presets: Vec<String>,
    /// Holds offered for a deposit.
    pub deposit_presets: Vec<String>,
    /// What Dojo does at the deadline unless said otherwise.
    #[ts(type = "\"release\" | \"capture\"")]
    pub deadline_action: DeadlineAction,
    /// Hours before Dojo's deadline by which staff should have acted.
    pub safe_hours: u8,
    /// Who is working.
    pub staff_name: String,
    /// `system`, `light` or `dark`.
    pub theme: String,
    /// A second folder for backups, on another disk if possible; none keeps one copy only.
    pub backup_folder: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        let list = |items: &[&str]| items.iter().map(|s| (*s).to_owned()).collect();
        Self {
            venue: "My venue".to_owned(),
            currency: Currency::Gbp,
            service: "12.5".to_owned(),
            tip_presets: list(&["5", "10", "12.5"]),
            tab_presets: list(&["50", "100", "200"]),
            deposit_presets: list(&["100", "200", "400"]),
            deadline_action: DeadlineAction::Release,
            safe_hours: 12,
            staff_name: "Staff".to_owned(),
            theme: "system".to_owned(),
            backup_folder: None,
        }
    }
}

impl Settings {
    fn problems(&self) -> Vec<FieldError> {
        let mut problems = Vec::new();
        let mut check = |field: &str, problem: Option<String>| {
            problems.extend(problem.map(|message| FieldError {
                field: field.to_owned(),
                message,
            }));
        };
        check(
            "venue",
            self.venue
                .trim()
                .is_empty()
                .then(|| "The venue needs a name.".to_owned()),
        );
        check(
            "staffName",
            self.staff_name
                .trim()
                .is_empty()
                .then(|| "Say who is working.".to_owned()),
        );
        check(
            "safeHours",
            (self.safe_hours > 96).then(|| "Use at most 96 hours.".to_owned()),
        );
        check(
            "service",
            parse_percent(&self.service).err().map(|e| e.to_string()),
        );
        let percent = self.tip_presets.iter().find_map(|t| parse_percent(t).err());
        check("tipPresets", percent.map(|e| e.to_string()));
        let amount = |all: &[String]| {
            all.iter()
                .find_map(|t| parse_amount(t, self.currency, false).err())
        };
        check("tabPresets", amount(&self.tab_presets).map(|e| e.to_string()));
        check(
            "depositPresets",
            amount(&self.deposit_presets).map(|e| e.to_string()),
        );
        problems
    }
}

impl Desk {
    /// The settings in force.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn settings(&self) -> Result<Settings, AppError> {
        let stored = self.ledger.setting("settings").await?;
        Ok(stored
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default())
    }

    /// Puts settings in force.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] by field; the ledger's.
    pub async fn save_settings(&self, mut settings: Settings) -> Result<Settings, AppError> {
        settings.backup_folder = settings
            .backup_folder
            .map(|folder| folder.trim().to_owned())
            .filter(|folder| !folder.is_empty());
        let mut problems = settings.problems();
        if let Some(folder) = settings.backup_folder.clone() {
            // A network folder may take its time.
            let checked = tokio::task::spawn_blocking(move || crate::backup::problem(&folder)).await;
            problems.extend(checked.ok().flatten().map(|message| FieldError {
                field: "backupFolder".to_owned(),
                message,
            }));
        }
        if !problems.is_empty() {
            return Err(AppError::invalid(problems));
        }
        let text = serde_json::to_string(&settings)
            .map_err(|e| AppError::new(crate::ErrorCode::Internal, e.to_string()))?;
        let note = self.note(&settings.staff_name, None, "Settings changed");
        self.ledger.set_setting("settings", &text, note).await?;
        self.changed();
        Ok(settings)
    }
}
