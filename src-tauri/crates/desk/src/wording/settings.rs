//! Settings, as staff call them.

use super::typing::amount;
use holdfast_domain::{AmountProblem, BusinessDayProblem, Edit};
use serde_json::Value;

/// What each setting is called on the screen and in the journal.
const SETTING_WORDS: [(&str, &str); 34] = [
    ("venue", "the venue’s name"),
    ("address", "the address on papers"),
    ("statementName", "the name on card statements"),
    ("currency", "the currency"),
    ("service", "the service charge"),
    ("tipPresets", "the tips offered"),
    ("tabPresets", "the amounts offered for a tab"),
    ("depositPresets", "the amounts offered for a deposit"),
    ("places", "the tables and rooms"),
    ("releaseReasons", "the reasons for a release"),
    ("cancelReasons", "the reasons for cancelling"),
    ("refundReasons", "the reasons for a refund"),
    ("deadlineAction", "what Dojo does at the deadline"),
    ("safeHours", "the safety margin"),
    ("warningHours", "the warnings’ hours"),
    ("warningSound", "the sound of a warning"),
    ("namesInNotices", "guests’ names in notifications"),
    ("keepInTray", "staying in the tray"),
    ("letterKeys", "one-letter keys"),
    ("linkEnds", "how long a link lasts"),
    ("cutOff", "the start of the business day"),
    ("timeZone", "the time zone"),
    ("nightAtOnce", "the tabs closed at once"),
    ("reportAfterRun", "the report after the run"),
    ("spreadsheetNumbers", "the numbers in files for a spreadsheet"),
    ("holdBackSeconds", "the seconds to cancel"),
    ("backupFolder", "the second backup folder"),
    ("backupFolderSince", "when that folder was chosen"),
    ("backupRecipient", "the key that its copies are encrypted to"),
    ("forgetAfterMonths", "the months until guests are forgotten"),
    ("namesToDojo", "sending Dojo names"),
    ("staffName", "who is working"),
    ("theme", "the theme"),
    ("dojoKey", "the Dojo key"),
];

/// What a setting is called.
pub(crate) fn setting(key: &str) -> &str {
    let known = SETTING_WORDS.iter().find(|(name, _)| *name == key);
    known.map_or(key, |(_, words)| words)
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
        other => other.to_string(),
    }
}

/// Why a setting can't be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SettingProblem {
    /// It is no amount and no percentage.
    Amount(AmountProblem),
    /// It is no time of day, or no zone.
    BusinessDay(BusinessDayProblem),
    NoVenue,
    NoStaffName,
    /// More tables and rooms than this.
    TooManyPlaces(usize),
    /// A table or room has more characters than this.
    PlaceTooLong(usize),
    /// The address has more characters than this.
    AddressTooLong(usize),
    /// A reason has more characters than this.
    ReasonTooLong(usize),
    /// More hours than this.
    TooManyHours(u16),
    /// More seconds than this.
    TooManySeconds(u16),
    /// More months than this.
    TooManyMonths(u16),
    /// Fewer than one or more than this.
    NotOneTo(u16),
    /// None, more than `most`, or one that comes too early or too late.
    Warnings {
        most: usize,
        hours: u16,
    },
    /// More characters than this.
    TooLong(usize),
    /// A card's number stands in it.
    CardNumber,
    /// More buttons than this.
    TooMany(usize),
    NoSuchTheme,
    /// The folder isn't said from its root on.
    FolderNotWhole,
    /// It is on another computer, or no disk.
    FolderElsewhere,
    /// Its disk doesn't answer.
    FolderSilent,
    /// Its name is no text.
    FolderNotSpelt,
    NoFolder,
    /// Nothing can be written into the folder, and why.
    FolderNotWritable(String),
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
}
