//! What a manager may set, each with a sane default.

use crate::stored_settings::{self, Stored};
use crate::{AppError, Desk, FieldError};
use holdfast_domain::{
    BusinessDayProblem, BusinessDays, Currency, DeadlineAction, MOST_WARNINGS, Warnings, parse_amount,
    parse_percent,
};
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
    pub deadline_action: DeadlineAction,
    /// When an unpaid link ends unless said otherwise.
    pub link_ends: crate::LinkEnds,
    /// Hours before Dojo's deadline by which staff should have acted.
    pub safe_hours: u8,
    /// When a business day begins, `05:00`.
    pub cut_off: String,
    /// Where its clocks are, `Europe/London`; empty for the computer's own zone.
    pub time_zone: String,
    /// How many tabs the end of the night closes side by side, 1 to 8.
    pub night_at_once: u8,
    /// Whether the night report is made by itself when closing the night has ended.
    pub report_after_run: bool,
    /// Seconds between the press that releases and the sending, in which it can be stopped; 0 sends at once.
    pub hold_back_seconds: u8,
    /// Reasons offered for a release.
    pub release_reasons: Vec<String>,
    /// Reasons offered for cancelling an unpaid request.
    pub cancel_reasons: Vec<String>,
    /// Reasons offered for a refund.
    pub refund_reasons: Vec<String>,
    /// Hours before that at which staff are warned, at most four.
    pub warning_hours: Vec<u16>,
    /// Whether a warning outside the window is heard too.
    pub warning_sound: bool,
    /// Whether the watch goes on in the tray when the window is closed.
    pub keep_in_tray: bool,
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
            link_ends: crate::LinkEnds::Tonight,
            safe_hours: 12,
            cut_off: "05:00".to_owned(),
            time_zone: String::new(),
            night_at_once: 4,
            report_after_run: true,
            hold_back_seconds: 5,
            release_reasons: list(&["Paid another way", "Guest left, nothing had", "Opened by mistake"]),
            cancel_reasons: list(&["Opened by mistake", "Paid another way", "Guest left"]),
            refund_reasons: list(&["Wrong amount", "Complaint", "Paid twice"]),
            warning_hours: vec![48, 24, 6, 1],
            warning_sound: false,
            keep_in_tray: true,
            staff_name: "Staff".to_owned(),
            theme: "system".to_owned(),
            backup_folder: None,
        }
    }
}

/// A hold lives for a week.
const LONGEST_WARNING: u16 = 168;

impl Settings {
    /// The venue's business days; `computer` is the computer's own time zone.
    ///
    /// # Errors
    /// When cut-off or zone can't be used.
    pub fn business_days(&self, computer: &str) -> Result<BusinessDays, BusinessDayProblem> {
        let zone = self.time_zone.trim();
        BusinessDays::parse(&self.cut_off, if zone.is_empty() { computer } else { zone })
    }

    /// When people are warned.
    pub(crate) fn warnings(&self) -> Warnings {
        Warnings::new(&self.warning_hours, self.safe_hours)
    }

    pub(crate) fn problems(&self) -> Vec<FieldError> {
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
        let is_usable = |hours: &u16| (1..=LONGEST_WARNING).contains(hours);
        let are_usable = (1..=MOST_WARNINGS).contains(&self.warning_hours.len())
            && self.warning_hours.iter().all(is_usable);
        check(
            "warningHours",
            (!are_usable).then(|| {
                format!("Give one to {MOST_WARNINGS} warnings, each from 1 to {LONGEST_WARNING} hours.")
            }),
        );
        check(
            "nightAtOnce",
            (!(1..=8).contains(&self.night_at_once)).then(|| "Use 1 to 8.".to_owned()),
        );
        check(
            "holdBackSeconds",
            (self.hold_back_seconds > 30).then(|| "Use at most 30 seconds.".to_owned()),
        );
        let too_long = |all: &[String]| all.iter().any(|reason| reason.chars().count() > 60);
        for (field, reasons) in [
            ("releaseReasons", &self.release_reasons),
            ("cancelReasons", &self.cancel_reasons),
            ("refundReasons", &self.refund_reasons),
        ] {
            check(
                field,
                too_long(reasons).then(|| "Use at most 60 characters a reason.".to_owned()),
            );
        }
        match self.business_days("UTC") {
            Ok(_) => {}
            Err(problem @ BusinessDayProblem::CutOff) => check("cutOff", Some(problem.to_string())),
            Err(problem @ BusinessDayProblem::Zone) => check("timeZone", Some(problem.to_string())),
        }
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
        Ok(self.stored_settings().await?.settings)
    }

    pub(crate) async fn stored_settings(&self) -> Result<Stored, AppError> {
        let text = self.ledger.setting("settings").await?;
        Ok(Stored::read(text.as_deref()))
    }

    /// The venue's business days. A computer that does not know where it is counts by UTC.
    pub(crate) async fn business_days(&self) -> Result<BusinessDays, AppError> {
        self.business_days_by(&self.settings().await?)
    }

    /// The same, by settings that were read before.
    pub(crate) fn business_days_by(&self, settings: &Settings) -> Result<BusinessDays, AppError> {
        let computer = self.clock.zone();
        let days = settings
            .business_days(&computer)
            .or_else(|_| settings.business_days("UTC"));
        days.map_err(|problem| AppError::new(crate::ErrorCode::Internal, problem.to_string()))
    }

    /// The newest changes of settings: when, by whom, from what to what.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn settings_changes(&self) -> Result<Vec<crate::view::Step>, AppError> {
        let entries = self.ledger.house_journal("Settings", 20).await?;
        let steps = entries.into_iter().map(|entry| crate::view::Step {
            at: entry.at,
            words: entry.words,
            amount: None,
            by: entry.by,
            reference: None,
        });
        Ok(steps.collect())
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
        let before = self.stored_settings().await?;
        let Some(words) = stored_settings::changed(&before.settings, &settings).or_else(|| {
            let mended = "Settings saved, for some could not be read";
            (!before.unreadable.is_empty()).then(|| mended.to_owned())
        }) else {
            return Ok(settings);
        };
        let note = self.note(&settings.staff_name, None, words);
        self.ledger.set_setting("settings", &text, note).await?;
        self.changed();
        Ok(settings)
    }
}
