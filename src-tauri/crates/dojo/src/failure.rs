//! What went wrong, sorted by what the caller must do about it.

use crate::obstacle::{Obstacle, is_page};
use crate::transport::WireResponse;
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

/// Why a request wasn't sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsent {
    /// It can't be sent as it stands: a header of it, or an address without TLS.
    #[error("it can’t be sent as it stands")]
    Unsendable,
    /// The other end refused the connection.
    #[error("the connection was refused")]
    Refused,
    /// There was no connection in time.
    #[error("no connection in time")]
    NotInTime,
    /// It was too late to send it: see [`Until`](crate::Until).
    #[error("too late to be sent")]
    TooLate,
    /// There was no connection, for a reason that can't be told: no such name, no network.
    #[error("Dojo can’t be reached")]
    Unreachable,
    /// It's known what stands in the way.
    #[error("Dojo can’t be reached: {0:?}")]
    Barred(Obstacle),
}

/// Why an answer proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Lost {
    /// It didn't come in time.
    #[error("no answer in time")]
    NotInTime,
    /// The connection broke before it was whole.
    #[error("the connection broke")]
    Broken,
    /// It is longer than any of Dojo's.
    #[error("the answer has no end")]
    TooLong,
    /// It can't be read.
    #[error("Dojo’s answer can’t be read")]
    Unreadable,
    /// A page came instead: a network's sign-in, or a proxy's own.
    #[error("a page came instead of Dojo’s answer")]
    Page,
    /// A refusal without Dojo's problem body.
    #[error("an answer {0} that is not Dojo’s")]
    NotDojos(u16),
    /// Dojo says that it conflicts with what it has, which may be this very request.
    #[error("Dojo says that this conflicts with what it has (409)")]
    Conflict,
    /// A redirection, which is never followed.
    #[error("a redirection ({0})")]
    Redirected(u16),
    /// Another status.
    #[error("Dojo answered {0}")]
    Status(u16),
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
        why: if is_page(response) { Lost::Page } else { why },
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
