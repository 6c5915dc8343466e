//! Settings as they are kept: read back one by one, so that one that can't be read neither stops the till
//! nor quietly becomes a default; and what a change changed, for the journal.

use crate::Settings;
use serde_json::{Map, Value};

/// What each setting is called on the screen and in the journal.
const SETTING_WORDS: [(&str, &str); 23] = [
    ("venue", "the venue’s name"),
    ("currency", "the currency"),
    ("service", "the service charge"),
    ("tipPresets", "the tips offered"),
    ("tabPresets", "the amounts offered for a tab"),
    ("depositPresets", "the amounts offered for a deposit"),
    ("releaseReasons", "the reasons for a release"),
    ("cancelReasons", "the reasons for cancelling"),
    ("refundReasons", "the reasons for a refund"),
    ("deadlineAction", "what Dojo does at the deadline"),
    ("safeHours", "the hours to act before a deadline"),
    ("warningHours", "the warnings’ hours"),
    ("warningSound", "the sound of a warning"),
    ("keepInTray", "the watch in the tray"),
    ("linkEnds", "how long a link stays good"),
    ("cutOff", "the business day’s beginning"),
    ("timeZone", "the time zone"),
    ("nightAtOnce", "the tabs closed at once"),
    ("reportAfterRun", "the report after the run"),
    ("holdBackSeconds", "the seconds to stop in"),
    ("backupFolder", "the second folder for backups"),
    ("staffName", "who is working"),
    ("theme", "the look"),
];

fn words(key: &str) -> &str {
    let known = SETTING_WORDS.iter().find(|(name, _)| *name == key);
    known.map_or(key, |(_, words)| words)
}

/// What is kept, and what of it could not be read.
#[derive(Debug, Default)]
pub(crate) struct Stored {
    /// In force: what can't be read is at its default.
    pub(crate) settings: Settings,
    /// In words.
    pub(crate) unreadable: Vec<String>,
}

impl Stored {
    /// From the ledger's text; none before anything was saved.
    pub(crate) fn read(text: Option<&str>) -> Self {
        let Some(text) = text else {
            return Self::default();
        };
        let Ok(Value::Object(kept)) = serde_json::from_str(text) else {
            return Self {
                settings: Settings::default(),
                unreadable: vec!["all of them".to_owned()],
            };
        };
        if let Some(settings) = sound(kept.clone()) {
            return Self {
                settings,
                unreadable: Vec::new(),
            };
        }
        let (mut settings, mut unreadable) = (Settings::default(), Vec::new());
        for (key, value) in kept {
            let mut tried = object(&settings);
            tried.insert(key.clone(), value);
            match sound(tried) {
                Some(read) => settings = read,
                None => unreadable.push(words(&key).to_owned()),
            }
        }
        Self { settings, unreadable }
    }
}

fn sound(all: Map<String, Value>) -> Option<Settings> {
    let settings: Settings = serde_json::from_value(Value::Object(all)).ok()?;
    settings.problems().is_empty().then_some(settings)
}

fn object(settings: &Settings) -> Map<String, Value> {
    match serde_json::to_value(settings) {
        Ok(Value::Object(all)) => all,
        Ok(_) | Err(_) => Map::new(),
    }
}

/// What changed, as the journal keeps it; none when nothing did.
pub(crate) fn changed(before: &Settings, after: &Settings) -> Option<String> {
    let (before, after) = (object(before), object(after));
    let changes: Vec<String> = after
        .iter()
        .filter(|(key, value)| before.get(*key) != Some(value))
        .map(|(key, value)| {
            let from = before.get(key).map_or_else(String::new, plain);
            format!("{} from {from} to {}", words(key), plain(value))
        })
        .collect();
    (!changes.is_empty()).then(|| format!("Settings changed: {}", changes.join("; ")))
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) if text.is_empty() => "nothing".to_owned(),
        Value::String(text) => format!("“{text}”"),
        Value::Array(all) => {
            let all: Vec<String> = all.iter().map(plain).collect();
            format!("({})", all.join(", "))
        }
        Value::Bool(true) => "on".to_owned(),
        Value::Bool(false) => "off".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_can_t_be_read_is_named_and_the_others_stay() {
        let text = r#"{"venue":"The Bell","service":"a lot","safeHours":"twelve","cutOff":"04:30"}"#;
        let stored = Stored::read(Some(text));
        assert_eq!(stored.settings.venue, "The Bell");
        assert_eq!(stored.settings.cut_off, "04:30");
        assert_eq!(stored.settings.service, Settings::default().service);
        assert_eq!(
            stored.unreadable,
            ["the hours to act before a deadline", "the service charge"]
        );
        assert_eq!(Stored::read(Some("not json")).unreadable, ["all of them"]);
        assert!(Stored::read(Some("{}")).unreadable.is_empty());
        assert!(Stored::read(None).unreadable.is_empty());
    }

    #[test]
    fn a_setting_of_a_later_version_is_passed_over() {
        let stored = Stored::read(Some(r#"{"venue":"The Bell","moonPhase":3}"#));
        assert_eq!(stored.settings.venue, "The Bell");
        assert!(stored.unreadable.is_empty(), "{:?}", stored.unreadable);
    }

    #[test]
    fn every_setting_has_words() {
        let all = object(&Settings::default());
        let missing: Vec<_> = all
            .keys()
            .filter(|key| !SETTING_WORDS.iter().any(|(name, _)| name == key))
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
        assert_eq!(SETTING_WORDS.len(), all.len(), "and no words are left over");
    }

    #[test]
    fn the_journal_says_from_what_to_what() {
        let before = Settings::default();
        let after = Settings {
            service: "10".to_owned(),
            tip_presets: vec!["5".to_owned()],
            ..before.clone()
        };
        assert_eq!(
            changed(&before, &after).unwrap(),
            "Settings changed: the service charge from “12.5” to “10”; the tips offered from (“5”, “10”, \
             “12.5”) to (“5”)"
        );
        assert_eq!(changed(&before, &before), None);
    }
}
