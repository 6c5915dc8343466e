//! What can't be kept of settings as they were typed, field by field.

use super::Settings;
use crate::context::limits::{
    MOST_ADDRESS_CHARACTERS, MOST_BUTTON_CHARACTERS, MOST_NAME_CHARACTERS, MOST_PLACE_CHARACTERS,
    MOST_STATEMENT_CHARACTERS,
};
use crate::context::reasons::SettingProblem;
use crate::{Field, FieldError};
use holdfast_domain::{BusinessDays, MOST_WARNINGS, has_card_number, parse_amount, parse_percent};

/// A field of the screen, and what is wrong with it if anything is.
type FieldProblem = (Field, Option<SettingProblem>);

/// More tables and rooms than a till is asked to open a tab at.
const MOST_PLACES_KEPT: usize = 300;

/// More amounts or reasons than anybody picks from.
const MOST_BUTTONS: usize = 30;

/// Longer than any book has to be kept.
const MOST_MONTHS_KEPT: u8 = 120;

/// The longest time before Dojo's deadline by which staff should have acted.
const MOST_SAFE_HOURS: u8 = 96;

/// How many tabs the end of the night closes side by side at most.
const MOST_TABS_AT_ONCE: u8 = 8;

/// How long a release waits at most so that it can be stopped.
const MOST_SECONDS_HELD_BACK: u8 = 30;

/// How many hours ahead a warning may come: a hold lives for a week.
const EARLIEST_WARNING_HOURS: u16 = 168;

impl Settings {
    /// All that has to be put right before they are in force.
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
        let is_long = |place: &String| place.chars().count() > MOST_PLACE_CHARACTERS;
        let long = self.places.iter().any(is_long);
        if self.places.iter().any(|place| has_card_number(place)) {
            return Some(SettingProblem::CardNumber);
        }
        long.then_some(SettingProblem::PlaceTooLong(MOST_PLACE_CHARACTERS))
    }

    fn address_problem(&self) -> Option<SettingProblem> {
        if has_card_number(&self.address) {
            return Some(SettingProblem::CardNumber);
        }
        let is_long = self.address.chars().count() > MOST_ADDRESS_CHARACTERS;
        is_long.then_some(SettingProblem::AddressTooLong(MOST_ADDRESS_CHARACTERS))
    }

    fn statement_problem(&self) -> Option<SettingProblem> {
        if has_card_number(&self.statement_name) {
            return Some(SettingProblem::CardNumber);
        }
        let is_long = self.statement_name.chars().count() > MOST_STATEMENT_CHARACTERS;
        is_long.then_some(SettingProblem::TooLong(MOST_STATEMENT_CHARACTERS))
    }

    /// Who works, and where.
    fn house_problems(&self) -> Vec<FieldProblem> {
        let name = |text: &str, missing| match text.trim() {
            "" => Some(missing),
            text if has_card_number(text) => Some(SettingProblem::CardNumber),
            text => (text.chars().count() > MOST_NAME_CHARACTERS)
                .then_some(SettingProblem::TooLong(MOST_NAME_CHARACTERS)),
        };
        let is_theme = ["system", "light", "dark"].contains(&self.theme.as_str());
        vec![
            (Field::Venue, name(&self.venue, SettingProblem::NoVenue)),
            (Field::Address, self.address_problem()),
            (Field::StatementName, self.statement_problem()),
            (
                Field::StaffName,
                name(&self.staff_name, SettingProblem::NoStaffName),
            ),
            (Field::Theme, (!is_theme).then_some(SettingProblem::NoSuchTheme)),
            (Field::Places, self.place_problem()),
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
                Field::SafeHours,
                unless(
                    self.safe_hours <= MOST_SAFE_HOURS,
                    SettingProblem::TooManyHours(MOST_SAFE_HOURS.into()),
                ),
            ),
            (Field::WarningHours, unless(are_usable, warnings)),
            (
                Field::NightAtOnce,
                unless(
                    (1..=MOST_TABS_AT_ONCE).contains(&self.night_at_once),
                    SettingProblem::NotOneTo(MOST_TABS_AT_ONCE.into()),
                ),
            ),
            (
                Field::ForgetAfterMonths,
                unless(
                    self.forget_after_months <= MOST_MONTHS_KEPT,
                    SettingProblem::TooManyMonths(MOST_MONTHS_KEPT.into()),
                ),
            ),
            (
                Field::HoldBackSeconds,
                unless(
                    self.hold_back_seconds <= MOST_SECONDS_HELD_BACK,
                    SettingProblem::TooManySeconds(MOST_SECONDS_HELD_BACK.into()),
                ),
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
            let is_long = reasons
                .iter()
                .any(|reason| reason.chars().count() > MOST_BUTTON_CHARACTERS);
            is_long.then_some(SettingProblem::ReasonTooLong(MOST_BUTTON_CHARACTERS))
        };
        vec![
            (Field::ReleaseReasons, too_long(&self.release_reasons)),
            (Field::CancelReasons, too_long(&self.cancel_reasons)),
            (Field::RefundReasons, too_long(&self.refund_reasons)),
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
            (Field::CutOff, problem(&self.cut_off, "UTC")),
            (Field::TimeZone, problem("05:00", zone.unwrap_or("UTC"))),
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
            (Field::Service, percent(&self.service)),
            (
                Field::TipPresets,
                few(tips).or_else(|| tips.iter().find_map(percent)),
            ),
            (
                Field::TabPresets,
                few(tabs).or_else(|| tabs.iter().find_map(amount)),
            ),
            (
                Field::DepositPresets,
                few(deposits).or_else(|| deposits.iter().find_map(amount)),
            ),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn what_is_no_number_is_refused_beside_its_field() {
        let fields = [
            ("safeHours", Field::SafeHours),
            ("nightAtOnce", Field::NightAtOnce),
            ("holdBackSeconds", Field::HoldBackSeconds),
            ("forgetAfterMonths", Field::ForgetAfterMonths),
        ];
        for (key, field) in fields {
            for typed in [Value::Null, json!(300)] {
                let mut all = json!(Settings::default());
                all[key] = typed;
                let settings: Settings = serde_json::from_value(all).unwrap();
                let found: Vec<Field> = settings.problems().iter().map(|error| error.field).collect();
                assert_eq!(found, [field]);
            }
        }
    }
}
