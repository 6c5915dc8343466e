//! Settings as they are kept: read back one by one, so that one that can't be read neither stops the till
//! nor quietly becomes a default; and what a change changed, for the journal.

use crate::wording::setting;
use crate::wording::settings::ALL_OF_THEM;
use crate::{Field, Settings};
use holdfast_domain::Edit;
use serde_json::{Map, Value};

/// What is kept, and what of it could not be read.
#[derive(Debug, Default)]
pub(crate) struct Stored {
    /// In force: what can't be read is at its default.
    pub(crate) settings: Settings,
    /// In words.
    pub(crate) unreadable: Vec<String>,
    /// As the ledger has them; none before anything was saved.
    pub(crate) text: Option<String>,
}

impl Stored {
    /// From the ledger's text, which isn't kept; none before anything was saved.
    pub(crate) fn read(text: Option<&str>) -> Self {
        let Some(text) = text else {
            return Self::default();
        };
        let Ok(Value::Object(kept)) = serde_json::from_str(text) else {
            return Self {
                settings: Settings::default(),
                unreadable: vec![ALL_OF_THEM.to_owned()],
                text: None,
            };
        };
        if let Some(settings) = sound(kept.clone()) {
            return Self {
                settings,
                unreadable: Vec::new(),
                text: None,
            };
        }
        let (mut settings, mut unreadable) = (Settings::default(), Vec::new());
        for (key, value) in kept {
            let mut tried = object(&settings);
            tried.insert(key.clone(), value);
            match sound(tried) {
                Some(read) => settings = read,
                None => unreadable.push(setting(&key).to_owned()),
            }
        }
        Self {
            settings,
            unreadable,
            text: None,
        }
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

/// What changed, as the journal keeps it: JSON of each value before and after.
pub(crate) fn changed(before: &Settings, after: &Settings) -> Vec<Edit> {
    let (before, after) = (object(before), object(after));
    // The entry's own time says that.
    let is_other = |(key, value): &(&String, &Value)| {
        key.as_str() != Field::BackupFolderSince.as_str() && before.get(*key) != Some(*value)
    };
    let changes = after.iter().filter(is_other).map(|(key, value)| Edit {
        field: key.clone(),
        was: before.get(key).map(Value::to_string),
        is: Some(value.to_string()),
    });
    changes.collect()
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
        assert_eq!(stored.unreadable, ["the safety margin", "the service charge"]);
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
        let wordless: Vec<_> = all.keys().filter(|key| setting(key) == key.as_str()).collect();
        // Its name is its word.
        assert_eq!(wordless, Vec::<&String>::new());
    }

    #[test]
    fn a_change_says_from_what_to_what() {
        let before = Settings::default();
        let after = Settings {
            service: "10".to_owned(),
            ..before.clone()
        };
        let edit = Edit {
            field: Field::Service.as_str().to_owned(),
            was: Some(r#""12.5""#.to_owned()),
            is: Some(r#""10""#.to_owned()),
        };
        assert_eq!(changed(&before, &after), [edit]);
        assert_eq!(changed(&before, &before), []);
    }
}
