//! Settings, as staff call them.

use super::typing::amount;
use crate::context::field::Field;
use crate::context::reasons::SettingProblem;
use holdfast_domain::{BusinessDayProblem, Edit};
use serde_json::Value;

/// What each setting is called on the screen and in the journal.
const SETTING_WORDS: [(Field, &str); 34] = [
    (Field::Venue, "the venue’s name"),
    (Field::Address, "the address on papers"),
    (Field::StatementName, "the name on card statements"),
    (Field::Currency, "the currency"),
    (Field::Service, "the service charge"),
    (Field::TipPresets, "the tips offered"),
    (Field::TabPresets, "the amounts offered for a tab"),
    (Field::DepositPresets, "the amounts offered for a deposit"),
    (Field::Places, "the tables and rooms"),
    (Field::ReleaseReasons, "the reasons for a release"),
    (Field::CancelReasons, "the reasons for cancelling"),
    (Field::RefundReasons, "the reasons for a refund"),
    (Field::DeadlineAction, "what Dojo does at the deadline"),
    (Field::SafeHours, "the safety margin"),
    (Field::WarningHours, "the warnings’ hours"),
    (Field::WarningSound, "the sound of a warning"),
    (Field::NamesInNotices, "guests’ names in notifications"),
    (Field::KeepInTray, "staying in the tray"),
    (Field::LetterKeys, "one-letter keys"),
    (Field::LinkEnds, "how long a link lasts"),
    (Field::CutOff, "the start of the business day"),
    (Field::TimeZone, "the time zone"),
    (Field::NightAtOnce, "the tabs closed at once"),
    (Field::ReportAfterRun, "the report after the run"),
    (
        Field::SpreadsheetNumbers,
        "the numbers in files for a spreadsheet",
    ),
    (Field::HoldBackSeconds, "the seconds to cancel"),
    (Field::BackupFolder, "the second backup folder"),
    (Field::BackupFolderSince, "when that folder was chosen"),
    (Field::BackupRecipient, "the key that its copies are encrypted to"),
    (Field::ForgetAfterMonths, "the months until guests are forgotten"),
    (Field::NamesToDojo, "sending Dojo names"),
    (Field::StaffName, "who is working"),
    (Field::Theme, "the theme"),
    (Field::DojoKey, "the Dojo key"),
];

/// What a setting is called. The journal may name one of another version: that one's name is all there is.
pub(crate) fn setting(name: &str) -> &str {
    let field = Field::named(name);
    let known = SETTING_WORDS.iter().find(|(known, _)| Some(*known) == field);
    known.map_or(name, |(_, words)| words)
}

/// A list is named up to here: a house may have three hundred rooms.
const MOST_VALUES_NAMED: usize = 8;

/// What was changed, from what to what.
pub(crate) fn settings_change(edits: &[Edit]) -> String {
    let say = |json: &Option<String>| {
        let value = json.as_deref().and_then(|json| serde_json::from_str(json).ok());
        value.as_ref().map_or_else(String::new, plain)
    };
    let changes = edits.iter().map(|edit| {
        format!(
            "{} from {} to {}",
            setting(&edit.field),
            say(&edit.was),
            say(&edit.is)
        )
    });
    format!("Settings changed: {}", changes.collect::<Vec<_>>().join("; "))
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) if text.is_empty() => "nothing".to_owned(),
        Value::String(text) => format!("“{text}”"),
        Value::Array(all) => {
            let first: Vec<String> = all.iter().take(MOST_VALUES_NAMED).map(plain).collect();
            let others = match all.len().saturating_sub(MOST_VALUES_NAMED) {
                0 => String::new(),
                others => format!(" and {others} more"),
            };
            format!("({}{others})", first.join(", "))
        }
        Value::Bool(true) => "on".to_owned(),
        Value::Bool(false) => "off".to_owned(),
        Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

impl From<SettingProblem> for String {
    fn from(problem: SettingProblem) -> Self {
        let words = match problem {
            SettingProblem::Amount(problem) => amount(problem),
            SettingProblem::BusinessDay(BusinessDayProblem::CutOff) => {
                "Type a time of day, for example 05:00."
            }
            SettingProblem::BusinessDay(BusinessDayProblem::Zone) => {
                "There is no such time zone. Use a name such as Europe/London."
            }
            SettingProblem::NoVenue => "The venue needs a name.",
            SettingProblem::NoStaffName => "Say who is working.",
            SettingProblem::TooManyPlaces(most) => {
                return format!("Use at most {most} tables and rooms.");
            }
            SettingProblem::PlaceTooLong(most) => return format!("Use at most {most} characters a line."),
            SettingProblem::AddressTooLong(most) => return format!("Use at most {most} characters."),
            SettingProblem::ReasonTooLong(most) => {
                return format!("Use at most {most} characters a reason.");
            }
            SettingProblem::TooManyHours(most) => return format!("Use at most {most} hours."),
            SettingProblem::TooManySeconds(most) => return format!("Use at most {most} seconds."),
            SettingProblem::TooManyMonths(most) => {
                return format!("Use 1 to {most} months, or 0 to forget nobody.");
            }
            SettingProblem::NotOneTo(most) => return format!("Use 1 to {most}."),
            SettingProblem::Warnings { most, hours } => {
                return format!("Give one to {most} warnings, each from 1 to {hours} hours.");
            }
            SettingProblem::TooLong(most) => return format!("Use at most {most} characters."),
            SettingProblem::CardNumber => super::typing::CARD_NUMBER,
            SettingProblem::TooMany(most) => return format!("Use at most {most}."),
            SettingProblem::NoSuchTheme => "Choose light, dark or the same as this PC.",
            SettingProblem::FolderElsewhere => {
                "This folder is on another computer. Choose one on a disk or a USB stick of this PC."
            }
            SettingProblem::FolderSilent => {
                "The disk of this folder doesn’t answer. Plug it in again, or choose another folder."
            }
            SettingProblem::FolderNotSpelt => {
                "This folder’s name has characters that Holdfast can’t write down. Rename it or choose another."
            }
            SettingProblem::FolderNotWhole => "Give the whole path of a folder.",
            SettingProblem::NoFolder => "There is no such folder. Make it first.",
            SettingProblem::FolderNotWritable(error) => {
                return format!("Holdfast can’t write into this folder: {error}.");
            }
        };
        words.to_owned()
    }
}

/// What a venue is called before it has a name.
pub(crate) const MY_VENUE: &str = "My venue";
/// Who works before anybody is named.
pub(crate) const STAFF: &str = "Staff";
pub(crate) const RELEASE_REASONS: &[&str] =
    &["Paid another way", "Left without ordering", "Opened by mistake"];
pub(crate) const CANCEL_REASONS: &[&str] = &["Opened by mistake", "Paid another way", "Guest left"];
pub(crate) const REFUND_REASONS: &[&str] = &["Wrong amount", "Complaint", "Paid twice"];
/// In the list of settings that can't be read, where the till's own file is one.
pub(crate) const OWN_SETTINGS: &str = "this till’s own (who is working, the look, the sound, the tray, the floor’s \
     order, the second backup folder)";

/// Why the till's own settings aren't kept.
pub(crate) fn own_not_written(error: &std::io::Error) -> String {
    format!("This till’s own settings couldn’t be written: {error}. Check the disk, then save again.")
}

/// In the place of the names of settings where none can be read.
pub(crate) const ALL_OF_THEM: &str = "all of them";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_journal_says_from_what_to_what() {
        let edit = |field: &str, was: &str, is: &str| Edit {
            field: field.to_owned(),
            was: Some(was.to_owned()),
            is: Some(is.to_owned()),
        };
        let edits = [
            edit("service", r#""12.5""#, r#""10""#),
            edit("tipPresets", r#"["5","10","12.5"]"#, r#"["5"]"#),
            edit("places", "[]", r#"["1","2","3","4","5","6","7","8","9","10"]"#),
        ];
        assert_eq!(
            settings_change(&edits),
            "Settings changed: the service charge from “12.5” to “10”; the tips offered from (“5”, “10”, \
             “12.5”) to (“5”); the tables and rooms from () to (“1”, “2”, “3”, “4”, “5”, “6”, “7”, “8” and 2 more)"
        );
    }

    #[test]
    fn the_setup_asks_for_a_name_over_the_one_that_nobody_chose() {
        let setup = include_str!("../../../../../ui/src/wording/setup.ts");
        assert!(setup.contains(&format!("const UNNAMED = '{MY_VENUE}'")));
    }
}
