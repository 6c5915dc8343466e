//! What a manager may set, each with a sane default.

mod backup_folder;
mod house;
mod link_ends;
mod own;
mod problems;
mod protections;
mod spreadsheet;
mod stored;

pub(crate) use backup_folder::is_named_elsewhere;
pub use backup_folder::is_on_another_computer;
pub use link_ends::LinkEnds;
pub use spreadsheet::SpreadsheetNumbers;

use crate::context::Context;
use crate::context::frame::Frame;
use crate::context::own::OwnSettings;
use crate::context::reasons::SettingProblem;
use crate::wording::settings::{CANCEL_REASONS, MY_VENUE, REFUND_REASONS, RELEASE_REASONS, STAFF};
use crate::{AppError, Field};
use chrono::{DateTime, Utc};
use holdfast_dojo::Checkout;
use holdfast_domain::{
    Actor, BusinessDayProblem, BusinessDays, Currency, DeadlineAction, Event, Warnings, tidy_line,
};
use holdfast_ledger::SettingSeen;
use serde::{Deserialize, Deserializer, Serialize};
use std::path::Path;
use stored::Stored;
use ts_rs::TS;

/// The venue's settings and the till's own, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export)]
pub struct Settings {
    /// The venue's name.
    pub venue: String,
    /// Where it is and how it's reached, on papers; several lines.
    pub address: String,
    /// What a guest's card statement calls the venue, as Dojo has it; on papers. Empty where nobody knows.
    pub statement_name: String,
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
    /// Tables and rooms to pick from when a tab is opened, in the manager's order.
    pub places: Vec<String>,
    /// What Dojo does at the deadline unless said otherwise.
    pub deadline_action: DeadlineAction,
    /// When an unpaid link ends unless said otherwise.
    pub link_ends: LinkEnds,
    /// Hours before Dojo's deadline by which staff should have acted.
    #[serde(deserialize_with = "number")]
    #[ts(type = "number | null")]
    pub safe_hours: u8,
    /// When a business day begins, `05:00`.
    pub cut_off: String,
    /// Where its clocks are, `Europe/London`; empty for the computer's own zone.
    pub time_zone: String,
    /// How many tabs the end of the night closes side by side, 1 to 8.
    #[serde(deserialize_with = "number")]
    #[ts(type = "number | null")]
    pub night_at_once: u8,
    /// Whether the night report is made by itself when closing the night has ended.
    pub report_after_run: bool,
    /// How files for a spreadsheet write numbers.
    pub spreadsheet_numbers: SpreadsheetNumbers,
    /// Seconds between the press that releases and the sending, in which it can be stopped; 0 sends at once.
    #[serde(deserialize_with = "number")]
    #[ts(type = "number | null")]
    pub hold_back_seconds: u8,
    /// Reasons offered for a release.
    pub release_reasons: Vec<String>,
    /// Reasons offered for cancelling an unpaid request.
    pub cancel_reasons: Vec<String>,
    /// Reasons offered for a refund.
    pub refund_reasons: Vec<String>,
    /// Hours before the safe time at which staff are warned, at most four.
    pub warning_hours: Vec<u16>,
    /// Whether a warning outside the window is heard too.
    pub warning_sound: bool,
    /// Whether a warning outside the window names the guest: a locked screen may show it to everybody.
    pub names_in_notices: bool,
    /// Whether the watch goes on in the tray when the window is closed.
    pub keep_in_tray: bool,
    /// Whether keys of a single character do something: some people press them by accident, or by voice.
    pub letter_keys: bool,
    /// Months after closing a tab at which its guest is forgotten, 1 to 120; 0 forgets nobody by itself.
    #[serde(deserialize_with = "number")]
    #[ts(type = "number | null")]
    pub forget_after_months: u8,
    /// Whether Dojo is told guests' names, places and e-mails with a request.
    pub names_to_dojo: bool,
    /// Who is working.
    pub staff_name: String,
    /// `system`, `light` or `dark`.
    pub theme: String,
    /// A second folder for backups, on another disk if possible; none keeps one copy only.
    pub backup_folder: Option<String>,
    /// When that was chosen or dropped.
    #[ts(type = "string | null")]
    pub backup_folder_since: Option<DateTime<Utc>>,
    /// The public key that copies there are encrypted to; none leaves them as they are. The secret one is on paper.
    pub backup_recipient: Option<String>,
}

/// A number as it was typed. The window sends none where it's no number, and never gets none.
fn number<'de, D: Deserializer<'de>>(from: D) -> Result<u8, D::Error> {
    let typed = Option::<u64>::deserialize(from)?;
    Ok(typed
        .and_then(|typed| u8::try_from(typed).ok())
        .unwrap_or(REFUSED))
}

/// More than any of the numbers may be: [`Settings::problems`] says so beside its field.
const REFUSED: u8 = u8::MAX;

impl Default for Settings {
    fn default() -> Self {
        let list = |items: &[&str]| items.iter().map(|s| (*s).to_owned()).collect();
        Self {
            venue: MY_VENUE.to_owned(),
            address: String::new(),
            statement_name: String::new(),
            currency: Currency::Gbp,
            service: "12.5".to_owned(),
            tip_presets: list(&["5", "10", "12.5"]),
            tab_presets: list(&["50", "100", "200"]),
            deposit_presets: list(&["100", "200", "400"]),
            places: Vec::new(),
            deadline_action: DeadlineAction::Release,
            link_ends: LinkEnds::Tonight,
            safe_hours: 12,
            cut_off: "05:00".to_owned(),
            time_zone: String::new(),
            night_at_once: 4,
            report_after_run: true,
            spreadsheet_numbers: SpreadsheetNumbers::Point,
            hold_back_seconds: 5,
            release_reasons: list(RELEASE_REASONS),
            cancel_reasons: list(CANCEL_REASONS),
            refund_reasons: list(REFUND_REASONS),
            warning_hours: vec![48, 24, 6, 1],
            warning_sound: false,
            names_in_notices: true,
            keep_in_tray: true,
            letter_keys: true,
            forget_after_months: 13,
            names_to_dojo: true,
            staff_name: STAFF.to_owned(),
            theme: "system".to_owned(),
            backup_folder: None,
            backup_folder_since: None,
            backup_recipient: None,
        }
    }
}

impl Settings {
    /// Who is working.
    pub fn actor(&self) -> Actor {
        Actor::staff(self.staff_name.as_str())
    }

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
}

/// The business days of a venue whose till is in that zone. A computer that doesn't know where it is counts by UTC.
fn days_of(settings: &Settings, computer: &str) -> Result<BusinessDays, AppError> {
    let days = settings
        .business_days(computer)
        .or_else(|_| settings.business_days("UTC"));
    days.map_err(|problem| AppError::new(crate::ErrorCode::Internal, SettingProblem::BusinessDay(problem)))
}

/// By what figures read that are worked out away from the venue, at a moment that nobody compared with Dojo's clock.
/// `settings` is the ledger's text of the venue's.
pub(crate) fn frame_from_afar(settings: Option<&str>, now: DateTime<Utc>) -> Result<Frame, AppError> {
    let settings = Stored::read(settings).settings;
    Ok(Frame {
        now,
        earliest: now,
        warnings: settings.warnings(),
        days: days_of(&settings, "UTC")?,
        hold_back_seconds: settings.hold_back_seconds,
        checkout: Checkout::default(),
    })
}

impl Context {
    /// The moment, and the settings that decide how it reads.
    pub(crate) async fn frame(&self) -> Result<Frame, AppError> {
        self.frame_by(&self.settings().await?)
    }

    /// The same, by settings that were read before.
    pub(crate) fn frame_by(&self, settings: &Settings) -> Result<Frame, AppError> {
        Ok(Frame {
            now: self.now(),
            earliest: self.reckoning().earliest,
            warnings: settings.warnings(),
            days: self.business_days_by(settings)?,
            hold_back_seconds: settings.hold_back_seconds,
            checkout: self.checkout,
        })
    }

    /// The settings in force.
    pub(crate) async fn settings(&self) -> Result<Settings, AppError> {
        Ok(self.stored_settings().await?.settings)
    }

    /// The venue's business days. A computer that does not know where it is counts by UTC.
    pub(crate) async fn business_days(&self) -> Result<BusinessDays, AppError> {
        self.business_days_by(&self.settings().await?)
    }

    /// The same, by settings that were read before.
    pub(crate) fn business_days_by(&self, settings: &Settings) -> Result<BusinessDays, AppError> {
        days_of(settings, &self.clock.zone())
    }

    /// Puts settings in force; all but the second folder for backups and the key that copies there are encrypted to,
    /// which [`Context::set_backup_folder`] and [`Context::set_backup_recipient`] set.
    pub(crate) async fn save_settings(&self, mut settings: Settings) -> Result<Settings, AppError> {
        let lists = [
            &mut settings.places,
            &mut settings.release_reasons,
            &mut settings.cancel_reasons,
            &mut settings.refund_reasons,
        ];
        let words = [
            &mut settings.venue,
            &mut settings.statement_name,
            &mut settings.staff_name,
        ];
        for text in words.into_iter().chain(lists.into_iter().flatten()) {
            *text = tidy_line(text);
        }
        let lines = settings.address.lines().map(tidy_line);
        settings.address = lines.collect::<Vec<_>>().join("\n").trim().to_owned();
        // One a line, each once: a button each.
        let mut seen = std::collections::HashSet::new();
        settings
            .places
            .retain(|place| !place.is_empty() && seen.insert(holdfast_domain::plain(place)));
        let before = self.stored_settings().await?;
        settings.backup_folder.clone_from(&before.settings.backup_folder);
        settings.backup_folder_since = before.settings.backup_folder_since;
        settings
            .backup_recipient
            .clone_from(&before.settings.backup_recipient);
        let problems = settings.problems();
        if !problems.is_empty() {
            return Err(AppError::invalid(problems));
        }
        self.replace_settings(before, settings).await
    }

    /// Sets the second folder for backups, which a person chose in the system's own dialog.
    pub(crate) async fn set_backup_folder(&self, folder: Option<&Path>) -> Result<Settings, AppError> {
        let before = self.stored_settings().await?;
        let mut settings = before.settings.clone();
        settings.backup_folder = folder.map(|folder| folder.display().to_string());
        if settings.backup_folder != before.settings.backup_folder {
            settings.backup_folder_since = Some(self.now());
        }
        if let Some(folder) = folder.map(Path::to_owned) {
            let checked = tokio::task::spawn_blocking(move || backup_folder::problem_in_time(folder)).await;
            if let Some(problem) = checked.ok().flatten() {
                return Err(AppError::field(Field::BackupFolder, problem));
            }
        }
        self.replace_settings(before, settings).await
    }

    /// Sets the public key that copies in the second folder are encrypted to.
    pub(crate) async fn set_backup_recipient(&self, recipient: String) -> Result<Settings, AppError> {
        let before = self.stored_settings().await?;
        let mut settings = before.settings.clone();
        settings.backup_recipient = Some(recipient);
        self.replace_settings(before, settings).await
    }

    /// Names the zone of a venue that several tills share, where nobody did: they'd count its days each by their own.
    /// The first till that opens it says where it is.
    pub(crate) async fn name_zone(&self) -> Result<(), AppError> {
        if self.session.is_none() {
            return Ok(());
        }
        let before = self.stored_settings().await?;
        let mut settings = before.settings.clone();
        // What can't be read stays until a person saves something.
        if !settings.time_zone.trim().is_empty() || !before.unreadable.is_empty() {
            return Ok(());
        }
        settings.time_zone = self.clock.zone();
        if settings.problems().is_empty() {
            self.replace_settings_as(Actor::Holdfast, before, settings)
                .await?;
        }
        Ok(())
    }

    async fn replace_settings(&self, before: Stored, settings: Settings) -> Result<Settings, AppError> {
        // By who was working when it was changed: nobody writes under a name that they have only just set.
        let by = before.settings.actor();
        self.replace_settings_as(by, before, settings).await
    }

    async fn replace_settings_as(
        &self,
        by: Actor,
        before: Stored,
        settings: Settings,
    ) -> Result<Settings, AppError> {
        let edits = stored::changed(&before.settings, &settings);
        let own = OwnSettings::of(&settings, self.floor_order().await?);
        let event = match (edits.is_empty(), before.unreadable.is_empty()) {
            (false, _) => Event::SettingsChanged,
            (true, false) => Event::SettingsRepaired,
            (true, true) => return Ok(settings),
        };
        let mut note = self.note(by, None, event);
        note.personal.edits = edits;
        let seen = SettingSeen::Was(before.text.as_deref());
        self.write_settings(&settings, seen, note).await?;
        self.keep_own(own).await?;
        self.changed();
        Ok(settings)
    }
}
