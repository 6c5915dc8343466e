//! What a manager may set, each with a sane default.

mod backup_folder;
mod link_ends;
mod spreadsheet;
mod stored;

pub use link_ends::LinkEnds;
pub use spreadsheet::SpreadsheetNumbers;

use crate::context::Context;
use crate::context::frame::Frame;
use crate::wording::settings::{
    CANCEL_REASONS, MY_VENUE, REFUND_REASONS, RELEASE_REASONS, STAFF, SettingProblem,
};
use crate::{AppError, FieldError};
use holdfast_domain::{
    Actor, BusinessDayProblem, BusinessDays, Currency, DeadlineAction, Event, MOST_WARNINGS, Warnings,
    has_card_number, parse_amount, parse_percent, tidy_line,
};
use serde::{Deserialize, Serialize};
use std::path::Path;
use stored::Stored;
use ts_rs::TS;

/// A venue's settings, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export)]
pub struct Settings {
    /// The venue's name.
    pub venue: String,
    /// Where it is and how it's reached, on papers; several lines.
    pub address: String,
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
    pub safe_hours: u8,
    /// When a business day begins, `05:00`.
    pub cut_off: String,
    /// Where its clocks are, `Europe/London`; empty for the computer's own zone.
    pub time_zone: String,
    /// How many tabs the end of the night closes side by side, 1 to 8.
    pub night_at_once: u8,
    /// Whether the night report is made by itself when closing the night has ended.
    pub report_after_run: bool,
    /// How files for a spreadsheet write numbers.
    pub spreadsheet_numbers: SpreadsheetNumbers,
    /// Seconds between the press that releases and the sending, in which it can be stopped; 0 sends at once.
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
    /// Whether the watch goes on in the tray when the window is closed.
    pub keep_in_tray: bool,
    /// Whether keys of a single character do something: some people press them by accident, or by voice.
    pub letter_keys: bool,
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
            venue: MY_VENUE.to_owned(),
            address: String::new(),
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
            keep_in_tray: true,
            letter_keys: true,
            staff_name: STAFF.to_owned(),
            theme: "system".to_owned(),
            backup_folder: None,
        }
    }
}

/// A field of the screen, and what is wrong with it if anything is.
type FieldProblem = (&'static str, Option<SettingProblem>);

/// More tables and rooms than a till is asked to open a tab at.
const MOST_PLACES_KEPT: usize = 300;

/// As long as the name of a venue, or of a person who works there, may be.
const LONGEST_NAME: usize = 80;

/// More amounts or reasons than anybody picks from.
const MOST_BUTTONS: usize = 30;

/// As long as the room or table of a tab may be.
const LONGEST_PLACE: usize = 40;

/// What there is room for above a paper: four lines or so.
const LONGEST_ADDRESS: usize = 200;

/// How many hours ahead a warning may come: a hold lives for a week.
const EARLIEST_WARNING_HOURS: u16 = 168;

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

    pub(crate) fn problems(&self) -> Vec<FieldError> {
        let found = [
            self.house_problems(),
            self.warning_problems(),
            self.reason_problems(),
            self.day_problems(),
            self.amount_problems(),
        ];
        let fields = found.into_iter().flatten();
        fields
            .filter_map(|(field, problem)| Some(FieldError::new(field, problem?)))
            .collect()
    }

    /// Why the tables and rooms can't be kept.
    fn place_problem(&self) -> Option<SettingProblem> {
        if self.places.len() > MOST_PLACES_KEPT {
            return Some(SettingProblem::TooManyPlaces(MOST_PLACES_KEPT));
        }
        let is_long = |place: &String| place.chars().count() > LONGEST_PLACE;
        let long = self.places.iter().any(is_long);
        if self.places.iter().any(|place| has_card_number(place)) {
            return Some(SettingProblem::CardNumber);
        }
        long.then_some(SettingProblem::PlaceTooLong(LONGEST_PLACE))
    }

    fn address_problem(&self) -> Option<SettingProblem> {
        if has_card_number(&self.address) {
            return Some(SettingProblem::CardNumber);
        }
        let is_long = self.address.chars().count() > LONGEST_ADDRESS;
        is_long.then_some(SettingProblem::AddressTooLong(LONGEST_ADDRESS))
    }

    /// Who works, and where.
    fn house_problems(&self) -> Vec<FieldProblem> {
        let name = |text: &str, missing| match text.trim() {
            "" => Some(missing),
            text if has_card_number(text) => Some(SettingProblem::CardNumber),
            text => (text.chars().count() > LONGEST_NAME).then_some(SettingProblem::TooLong(LONGEST_NAME)),
        };
        let is_theme = ["system", "light", "dark"].contains(&self.theme.as_str());
        vec![
            ("venue", name(&self.venue, SettingProblem::NoVenue)),
            ("address", self.address_problem()),
            ("staffName", name(&self.staff_name, SettingProblem::NoStaffName)),
            ("theme", (!is_theme).then_some(SettingProblem::NoSuchTheme)),
            ("places", self.place_problem()),
        ]
    }

    /// How long before a deadline, how long before a release, how many at once.
    fn warning_problems(&self) -> Vec<FieldProblem> {
        let is_usable = |hours: &u16| (1..=EARLIEST_WARNING_HOURS).contains(hours);
        let are_usable = (1..=MOST_WARNINGS).contains(&self.warning_hours.len())
            && self.warning_hours.iter().all(is_usable);
        let warnings = SettingProblem::Warnings {
            most: MOST_WARNINGS,
            hours: EARLIEST_WARNING_HOURS,
        };
        let unless = |is_right: bool, problem| (!is_right).then_some(problem);
        vec![
            (
                "safeHours",
                unless(self.safe_hours <= 96, SettingProblem::TooManyHours(96)),
            ),
            ("warningHours", unless(are_usable, warnings)),
            (
                "nightAtOnce",
                unless((1..=8).contains(&self.night_at_once), SettingProblem::NotOneTo(8)),
            ),
            (
                "holdBackSeconds",
                unless(self.hold_back_seconds <= 30, SettingProblem::TooManySeconds(30)),
            ),
        ]
    }

    fn reason_problems(&self) -> Vec<FieldProblem> {
        let too_long = |reasons: &[String]| {
            if reasons.len() > MOST_BUTTONS {
                return Some(SettingProblem::TooMany(MOST_BUTTONS));
            }
            if reasons.iter().any(|reason| has_card_number(reason)) {
                return Some(SettingProblem::CardNumber);
            }
            let is_long = reasons.iter().any(|reason| reason.chars().count() > 60);
            is_long.then_some(SettingProblem::ReasonTooLong(60))
        };
        vec![
            ("releaseReasons", too_long(&self.release_reasons)),
            ("cancelReasons", too_long(&self.cancel_reasons)),
            ("refundReasons", too_long(&self.refund_reasons)),
        ]
    }

    fn day_problems(&self) -> Vec<FieldProblem> {
        // Each by itself, so that both are said when both are wrong.
        let zone = Some(self.time_zone.trim()).filter(|zone| !zone.is_empty());
        let problem = |cut_off, zone| {
            let days = BusinessDays::parse(cut_off, zone);
            days.err().map(SettingProblem::BusinessDay)
        };
        vec![
            ("cutOff", problem(&self.cut_off, "UTC")),
            ("timeZone", problem("05:00", zone.unwrap_or("UTC"))),
        ]
    }

    /// What can't be read as a percentage or an amount.
    fn amount_problems(&self) -> Vec<FieldProblem> {
        let percent = |text: &String| parse_percent(text).err().map(SettingProblem::Amount);
        let amount = |text: &String| {
            let problem = parse_amount(text, self.currency, false).err();
            problem.map(SettingProblem::Amount)
        };
        let few = |presets: &[String]| {
            (presets.len() > MOST_BUTTONS).then_some(SettingProblem::TooMany(MOST_BUTTONS))
        };
        let [tips, tabs, deposits] = [&self.tip_presets, &self.tab_presets, &self.deposit_presets];
        vec![
            ("service", percent(&self.service)),
            ("tipPresets", few(tips).or_else(|| tips.iter().find_map(percent))),
            ("tabPresets", few(tabs).or_else(|| tabs.iter().find_map(amount))),
            (
                "depositPresets",
                few(deposits).or_else(|| deposits.iter().find_map(amount)),
            ),
        ]
    }
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
            checkout: self.checkout,
        })
    }

    /// The settings in force.
    pub(crate) async fn settings(&self) -> Result<Settings, AppError> {
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
        days.map_err(|problem| {
            AppError::new(crate::ErrorCode::Internal, SettingProblem::BusinessDay(problem))
        })
    }

    /// Puts settings in force; all but the second folder for backups, which [`Context::set_backup_folder`] sets.
    pub(crate) async fn save_settings(&self, mut settings: Settings) -> Result<Settings, AppError> {
        let lists = [
            &mut settings.places,
            &mut settings.release_reasons,
            &mut settings.cancel_reasons,
            &mut settings.refund_reasons,
        ];
        let words = [&mut settings.venue, &mut settings.staff_name];
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
        settings.backup_folder = before.settings.backup_folder.clone();
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
        if let Some(folder) = folder.map(Path::to_owned) {
            // A slow disk may take its time.
            let checked = tokio::task::spawn_blocking(move || backup_folder::problem(&folder)).await;
            if let Some(problem) = checked.ok().flatten() {
                return Err(AppError::field("backupFolder", problem));
            }
        }
        self.replace_settings(before, settings).await
    }

    async fn replace_settings(&self, before: Stored, settings: Settings) -> Result<Settings, AppError> {
        let text = serde_json::to_string(&settings)
            .map_err(|e| AppError::new(crate::ErrorCode::Internal, e.to_string()))?;
        let edits = stored::changed(&before.settings, &settings);
        let event = match (edits.is_empty(), before.unreadable.is_empty()) {
            (false, _) => Event::SettingsChanged,
            (true, false) => Event::SettingsRepaired,
            (true, true) => return Ok(settings),
        };
        // By who was working when it was changed: nobody writes under a name that they have only just set.
        let mut note = self.note(before.settings.actor(), None, event);
        note.personal.edits = edits;
        self.ledger.set_setting("settings", &text, note).await?;
        self.changed();
        Ok(settings)
    }
}
