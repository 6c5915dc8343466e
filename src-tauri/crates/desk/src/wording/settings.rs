//! Settings, as staff call them.

use holdfast_domain::Edit;
use serde_json::Value;

/// What each setting is called on the screen and in the journal.
const SETTING_WORDS: [(&str, &str); 24] = [
    ("venue", "the venue’s name"),
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
    ("keepInTray", "staying in the tray"),
    ("linkEnds", "how long a link lasts"),
    ("cutOff", "the start of the business day"),
    ("timeZone", "the time zone"),
    ("nightAtOnce", "the tabs closed at once"),
    ("reportAfterRun", "the report after the run"),
    ("holdBackSeconds", "the seconds to cancel"),
    ("backupFolder", "the second backup folder"),
    ("staffName", "who is working"),
    ("theme", "the theme"),
];

/// What a setting is called.
pub(crate) fn setting(key: &str) -> &str {
    let known = SETTING_WORDS.iter().find(|(name, _)| *name == key);
    known.map_or(key, |(_, words)| words)
}

/// A list is named up to here: a house may have three hundred rooms.
const MOST_NAMED: usize = 8;

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
            let first: Vec<String> = all.iter().take(MOST_NAMED).map(plain).collect();
            let others = match all.len().saturating_sub(MOST_NAMED) {
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

pub(crate) fn too_many_places(most: usize) -> String {
    format!("Use at most {most} tables and rooms.")
}

pub(crate) fn place_too_long(most: usize) -> String {
    format!("Use at most {most} characters a line.")
}

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
