//! Request bodies: names in either case, unknown names refused or tolerated, errors collected.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::{
    names::{inner_names, normalise, pascal},
    problem::Problem,
};

/// A request body while it is read. Errors pile up, so that one answer names all of them.
pub(super) struct Body {
    map: Map<String, Value>,
    strict: bool,
    errors: BTreeMap<String, Vec<String>>,
}

impl Body {
    /// Reads a body. `strict` refuses names outside `allowed`.
    pub(super) fn read(bytes: &[u8], allowed: &[&str], strict: bool) -> Result<Self, Problem> {
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(Problem::field("", "A non-empty request body is required."));
        }
        let Ok(Value::Object(map)) = serde_json::from_slice(bytes).map(normalise) else {
            return Err(Problem::field("$", "The JSON value could not be converted."));
        };
        let mut body = Self {
            map,
            strict,
            errors: BTreeMap::new(),
        };
        if strict {
            for name in body
                .map
                .keys()
                .filter(|name| !allowed.contains(&name.as_str()))
                .cloned()
                .collect::<Vec<_>>()
            {
                body.refuse(&name, "Could not find this member on the request object.");
            }
            let whole = Value::Object(body.map.clone());
            body.check_inside("", &whole);
        }
        Ok(body)
    }

    fn check_inside(&mut self, path: &str, value: &Value) {
        let Some(map) = value.as_object() else { return };
        for (name, inner) in map {
            let here = if path.is_empty() {
                pascal(name)
            } else {
                format!("{path}.{}", pascal(name))
            };
            if let (Some(allowed), Some(object)) = (inner_names(name), inner.as_object()) {
                for unknown in object.keys().filter(|key| !allowed.contains(&key.as_str())) {
                    self.refuse(
                        &format!("{here}.{}", pascal(unknown)),
                        "Could not find this member.",
                    );
                }
                self.check_inside(&here, inner);
            }
        }
    }

    /// Notes an error about a field.
    pub(super) fn refuse(&mut self, name: &str, text: &str) {
        self.errors.entry(pascal(name)).or_default().push(text.to_owned());
    }

    /// Ends the reading: all errors, or none.
    pub(super) fn done(&mut self) -> Result<(), Problem> {
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(Problem::Invalid(std::mem::take(&mut self.errors)))
        }
    }

    /// The value under a name, `null` counting as absent.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.map.get(name).filter(|value| !value.is_null())
    }

    /// Notes that a required field is absent.
    pub(super) fn require(&mut self, name: &str) {
        if self.get(name).is_none() {
            self.refuse(name, &format!("The {} field is required.", pascal(name)));
        }
    }

    /// A text of at most the characters given.
    pub(super) fn text(&mut self, name: &str, longest: usize) -> Option<String> {
        match self.get(name)?.clone() {
            Value::String(text) if text.chars().count() <= longest => Some(text),
            Value::String(_) => {
                let name_shown = pascal(name);
                self.refuse(
                    name,
                    &format!("The field {name_shown} must be a string with a maximum length of {longest}."),
                );
                None
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                self.wrong(name)
            }
        }
    }

    /// A whole number. The older samples write some of them as text.
    pub(super) fn integer(&mut self, name: &str) -> Option<i64> {
        let value = self.get(name)?.clone();
        match self.whole(&value) {
            Some(number) => Some(number),
            None => self.wrong(name),
        }
    }

    fn whole(&self, value: &Value) -> Option<i64> {
        match value {
            Value::Number(number) => number.as_i64(),
            Value::String(text) if !self.strict => text.parse().ok(),
            Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// A money object: minor units and currency.
    pub(super) fn money(&mut self, name: &str, least: i64) -> Option<(i64, String)> {
        let Some(map) = self.get(name)?.as_object().cloned() else {
            return self.wrong(name);
        };
        let value = match map.get("value").map(|value| self.whole(value)) {
            Some(Some(value)) if value >= least => Some(value),
            Some(Some(_)) => {
                self.refuse(
                    &format!("{}.Value", pascal(name)),
                    &format!("The value must be at least {least}."),
                );
                None
            }
            Some(None) => self.wrong(&format!("{}.Value", pascal(name))),
            None => {
                self.refuse(&format!("{}.Value", pascal(name)), "The Value field is required.");
                None
            }
        };
        let currency = match map.get("currencyCode").and_then(Value::as_str) {
            Some(code @ ("GBP" | "EUR")) => Some(code.to_owned()),
            _ => {
                self.refuse(
                    &format!("{}.CurrencyCode", pascal(name)),
                    "The currency must be GBP or EUR.",
                );
                None
            }
        };
        Some((value?, currency?))
    }

    /// An instant. Without a zone it is taken as UTC.
    pub(super) fn instant(&mut self, name: &str) -> Option<DateTime<Utc>> {
        let text = self.get(name)?.as_str().unwrap_or("").to_owned();
        let read = DateTime::parse_from_rfc3339(&text)
            .or_else(|_| DateTime::parse_from_rfc3339(&format!("{text}Z")))
            .or_else(|_| DateTime::parse_from_rfc3339(&format!("{text}T00:00:00Z")));
        match read {
            Ok(at) => Some(at.to_utc()),
            Err(_) => self.wrong(name),
        }
    }

    /// One of the interface's words, in any case.
    pub(super) fn word<T: Copy>(&mut self, name: &str, words: &[(&str, T)]) -> Option<T> {
        let text = self.get(name)?.as_str().unwrap_or("").to_owned();
        match words.iter().find(|(word, _)| word.eq_ignore_ascii_case(&text)) {
            Some((_, meaning)) => Some(*meaning),
            None => self.wrong(name),
        }
    }

    fn wrong<T>(&mut self, name: &str) -> Option<T> {
        self.refuse(name, "The JSON value could not be converted.");
        None
    }
}
