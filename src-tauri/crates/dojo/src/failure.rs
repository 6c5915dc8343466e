//! What went wrong, sorted by what the caller must do about it.

use crate::{Lost, Obstacle, Unsent, WireResponse};
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::collections::BTreeMap;

/// Dojo's problem body (RFC 7807), as far as it could be read: any case, any subset.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problem {
    /// Short title.
    pub title: Option<String>,
    /// Detail, when there is one.
    pub detail: Option<String>,
    /// Texts by field, with Dojo's PascalCase names.
    pub errors: BTreeMap<String, Vec<String>>,
    /// For Dojo's support.
    pub trace_id: Option<String>,
}

impl Problem {
    /// From a body; none unless it is a JSON object.
    pub fn parse(body: &[u8]) -> Option<Self> {
        let Ok(Value::Object(object)) = serde_json::from_slice(body) else {
            return None;
        };
        let mut problem = Self::default();
        for (name, value) in &object {
            let text = value.as_str().map(str::to_owned);
            match name.to_ascii_lowercase().as_str() {
                "title" => problem.title = text,
                "detail" => problem.detail = text,
                "traceid" => problem.trace_id = text,
                "errors" => problem.errors = field_errors(value),
                _ => {}
            }
        }
        Some(problem)
    }

    /// The most telling words in it; empty when there are none.
    pub fn words(&self) -> String {
        let telling = |text: &&str| !text.trim().is_empty();
        let fields = self.errors.values().flatten().map(String::as_str);
        let fields: Vec<&str> = fields.filter(telling).collect();
        if !fields.is_empty() {
            return fields.join(" ");
        }
        let mut rest = [&self.detail, &self.title].into_iter().flatten();
        rest.find(|text| telling(&text.as_str()))
            .cloned()
            .unwrap_or_default()
    }
}

fn after_colon(words: &str) -> String {
    if words.is_empty() {
        String::new()
    } else {
        format!(": {words}")
    }
}

fn field_errors(value: &Value) -> BTreeMap<String, Vec<String>> {
    let texts = |value: &Value| match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(all) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => Vec::new(),
    };
    value
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.clone(), texts(value)))
        .collect()
}

/// Why there is no usable answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// It failed before a byte of the request was handed over: free to try again.
    #[error("not sent: {why}")]
    NotSent {
        /// What kept it.
        why: Unsent,
    },
    /// Dojo refused it, in its own words.
    #[error("refused ({status}){}", after_colon(&problem.words()))]
    Rejected {
        /// HTTP status.
        status: u16,
        /// Dojo's words.
        problem: Problem,
        /// The answer's Date.
        server_date: Option<DateTime<Utc>>,
    },
    /// It may or may not have happened.
    #[error("unclear: {why}")]
    Unknown {
        /// What became of its answer.
        why: Lost,
        /// HTTP status, if an answer began.
        status: Option<u16>,
        /// The answer's Date, if there was one.
        server_date: Option<DateTime<Utc>>,
    },
}

impl Failure {
    /// What stands between this computer and Dojo, where that is known.
    pub const fn obstacle(&self) -> Option<Obstacle> {
        match self {
            Self::NotSent {
                why: Unsent::Barred(obstacle),
            } => Some(*obstacle),
            Self::Unknown { why: Lost::Page, .. } => Some(Obstacle::Page),
            Self::NotSent { .. } | Self::Rejected { .. } | Self::Unknown { .. } => None,
        }
    }
}

/// Sorts an answer that is not 2xx. 409 may mean "already done", so it proves nothing.
pub(crate) fn refusal(response: &WireResponse) -> Failure {
    let (status, server_date) = (response.status, response.date());
    let unclear = |why: Lost| Failure::Unknown {
        why: if response.is_page() { Lost::Page } else { why },
        status: Some(status),
        server_date,
    };
    match status {
        400 | 401 | 403 | 404 | 405 | 422 => match Problem::parse(&response.body) {
            Some(problem) => Failure::Rejected {
                status,
                problem,
                server_date,
            },
            None if status == 401 && response.body.is_empty() => Failure::Rejected {
                status,
                problem: Problem::default(),
                server_date,
            },
            None => unclear(Lost::NotDojos(status)),
        },
        409 => unclear(Lost::Conflict),
        300..=399 => unclear(Lost::Redirected(status)),
        _ => unclear(Lost::Status(status)),
    }
}
