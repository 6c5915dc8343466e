//! Refusals, in the two shapes in which the interface writes them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::message::Response;

/// Why a request was refused.
#[derive(Debug)]
pub(super) enum Problem {
    /// 400 with the offending fields, in `PascalCase`.
    Invalid(BTreeMap<String, Vec<String>>),
    /// Any status with a sentence, in the RFC 7807 shape.
    Plain(u16, &'static str),
    /// Any status with a sentence, in the shape of the older services: `Status`, `Detail`.
    Pascal(u16, &'static str),
}

impl Problem {
    /// A 400 about one field.
    pub(super) fn field(name: &str, text: &str) -> Self {
        Self::Invalid(BTreeMap::from([(name.to_owned(), vec![text.to_owned()])]))
    }

    /// The answer that carries it.
    pub(super) fn answer(self, trace: &str) -> Response {
        match self {
            Self::Invalid(errors) => {
                let mut body = head(400, "One or more validation errors occurred.", trace);
                body.insert("errors".to_owned(), json!(errors));
                problem(400, body)
            }
            Self::Plain(status, detail) => {
                let mut body = head(status, title(status), trace);
                if !detail.is_empty() {
                    body.insert("detail".to_owned(), json!(detail));
                }
                problem(status, body)
            }
            Self::Pascal(status, detail) => {
                let body = json!({"Status": status, "Detail": detail, "Extensions": {}});
                Response::new(status, "application/problem+json", body.to_string().into_bytes())
            }
        }
    }
}

fn head(status: u16, title: &str, trace: &str) -> Map<String, Value> {
    let section = match status {
        401 => "rfc7235#section-3.1",
        404 => "rfc7231#section-6.5.4",
        405 => "rfc7231#section-6.5.5",
        409 => "rfc7231#section-6.5.8",
        429 => "rfc6585#section-4",
        500..=599 => "rfc7231#section-6.6",
        _ => "rfc7231#section-6.5.1",
    };
    let mut body = Map::new();
    body.insert(
        "type".to_owned(),
        json!(format!("https://tools.ietf.org/html/{section}")),
    );
    body.insert("title".to_owned(), json!(title));
    body.insert("status".to_owned(), json!(status));
    body.insert("traceId".to_owned(), json!(trace));
    body
}

fn title(status: u16) -> &'static str {
    match status {
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Bad Request",
    }
}

fn problem(status: u16, body: Map<String, Value>) -> Response {
    Response::new(
        status,
        "application/problem+json",
        Value::Object(body).to_string().into_bytes(),
    )
}
