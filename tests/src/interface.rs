//! Dojo's published interface as the judge of requests and answers.

use crate::recorder::Exchange;
use anyhow::{Context, Result};
use holdfast_dojo::Method;
use jsonschema::{Draft, Validator, error::ValidationErrorKind};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// The interface, version 2026-02-27, with a validator for every schema asked for so far.
pub struct Interface {
    document: Value,
    validators: HashMap<String, Validator>,
}

impl Interface {
    /// From the copy beside the tests.
    pub fn load() -> Result<Self> {
        let text = include_str!("../stories/contract/openapi-2026-02-27.json");
        let mut document = serde_json::from_str(text).context("the copy of the interface")?;
        as_json_schema(&mut document);
        Ok(Self {
            document,
            validators: HashMap::new(),
        })
    }

    /// Formats are checked too, the interval of the published dialect, `dd.hh:mm:ss`, included.
    fn validator(&mut self, schema: &Value) -> Result<&Validator> {
        let name = schema.to_string();
        if !self.validators.contains_key(&name) {
            // References start at the root of the document, so the schema becomes its root.
            let mut whole = self.document.clone();
            whole["allOf"] = json!([schema]);
            let validator = jsonschema::options()
                .with_draft(Draft::Draft7)
                .with_format("timespan", |text: &str| {
                    holdfast_dojo::TimeSpan::parse(text).is_some()
                })
                .should_validate_formats(true)
                .build(&whole)
                .map_err(|e| anyhow::anyhow!("{name}: {e}"))?;
            self.validators.insert(name.clone(), validator);
        }
        self.validators.get(&name).context("just inserted")
    }

    fn judge_value(&mut self, place: &str, schema: &Value, value: &Value) -> Result<Vec<String>> {
        let mut findings = Vec::new();
        for error in self.validator(schema)?.iter_errors(value) {
            let path = without_indexes(error.instance_path().as_str());
            match error.kind() {
                ValidationErrorKind::AdditionalProperties { unexpected } => findings.extend(
                    unexpected
                        .iter()
                        .map(|name| format!("{place} {path}/{name}: not in the schema")),
                ),
                // The schema allows no field at all, which happens where it is put together from two.
                ValidationErrorKind::FalseSchema => {
                    findings.push(format!("{place} {path}: no field is allowed"));
                }
                _ => findings.push(format!("{place} {path}: {error}")),
            }
        }
        Ok(findings)
    }

    /// Everything in an exchange that the interface does not provide for. Nothing means that it fits.
    pub fn judge(&mut self, exchange: &Exchange) -> Result<Vec<String>> {
        let request = &exchange.request;
        let (method, path, query) = line(exchange);
        let Some((template, operation)) = self.operation(method, path) else {
            return Ok(vec![format!("{method} {path}: no such operation")]);
        };
        let name = format!("{method} {template}");
        let mut findings = self.judge_parameters(&name, &operation, exchange, query)?;
        let declared = &operation["requestBody"]["content"]["application/json"]["schema"];
        match (&request.body, declared.is_null()) {
            (Some(body), false) => match serde_json::from_slice(body) {
                Ok(body) => findings.extend(self.judge_value(&format!("{name} asks"), declared, &body)?),
                Err(_) => findings.push(format!("{name} asks: not JSON")),
            },
            (Some(_), true) => findings.push(format!("{name} asks: no body is provided for")),
            (None, false) => findings.push(format!("{name} asks: a body is missing")),
            (None, true) => {}
        }
        if let Some(answer) = &exchange.answer {
            let place = format!("{name} answers {}", answer.status);
            let response = &operation["responses"][answer.status.to_string()];
            let declared = &response["content"]["application/json"]["schema"];
            match serde_json::from_slice(&answer.body) {
                _ if response.is_null() => findings.push(format!("{place}: no such answer")),
                _ if declared.is_null() && answer.body.is_empty() => {}
                _ if declared.is_null() => findings.push(format!("{place}: no body is provided for")),
                Ok(body) => findings.extend(self.judge_value(&place, declared, &body)?),
                Err(_) => findings.push(format!("{place}: not JSON")),
            }
        }
        Ok(findings)
    }

    /// Which operation an exchange is, such as `get /payment-intents/{paymentIntentId}`.
    pub fn name(&self, exchange: &Exchange) -> Option<String> {
        let (method, path, _) = line(exchange);
        let (template, _) = self.operation(method, path)?;
        Some(format!("{method} {template}"))
    }

    /// The operation behind a path; one without a name in it goes before one with.
    fn operation(&self, method: &str, path: &str) -> Option<(String, Value)> {
        let fits = |template: &str| {
            template.split('/').count() == path.split('/').count()
                && template
                    .split('/')
                    .zip(path.split('/'))
                    .all(|(part, sent)| part == sent || (part.starts_with('{') && !sent.is_empty()))
        };
        let paths = self.document["paths"].as_object()?;
        let (template, item) = paths
            .iter()
            .filter(|(template, item)| fits(template) && item.get(method).is_some())
            .min_by_key(|(template, _)| template.matches('{').count())?;
        Some((template.clone(), item[method].clone()))
    }

    fn judge_parameters(
        &mut self,
        name: &str,
        operation: &Value,
        exchange: &Exchange,
        query: &str,
    ) -> Result<Vec<String>> {
        let mut findings = Vec::new();
        let mut known = Vec::new();
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let pointer = parameter["$ref"].as_str().and_then(|r| r.strip_prefix('#'));
            let parameter = match pointer {
                Some(pointer) => self.document.pointer(pointer).context("a dangling reference")?,
                None => parameter,
            };
            let (parameter, is_required) = (parameter.clone(), parameter["required"] == true);
            let called = parameter["name"].as_str().unwrap_or_default().to_owned();
            let sent = match parameter["in"].as_str() {
                Some("header") => exchange
                    .request
                    .headers
                    .iter()
                    .find(|(header, _)| header.eq_ignore_ascii_case(&called))
                    .map(|(_, value)| json!(value)),
                Some("query") => query
                    .split('&')
                    .filter_map(|pair| pair.split_once('='))
                    .find(|(key, _)| *key == called)
                    // In a query `true` is written without a sign that it is no text.
                    .map(|(_, value)| value.parse::<bool>().map_or(json!(value), Value::Bool)),
                _ => continue,
            };
            match sent {
                Some(value) => {
                    let place = format!("{name} asks with {called}");
                    findings.extend(self.judge_value(&place, &parameter["schema"], &value)?);
                }
                None if is_required => findings.push(format!("{name} asks: {called} is missing")),
                None => {}
            }
            known.push(called);
        }
        let strangers = query
            .split('&')
            .filter_map(|pair| pair.split('=').next())
            .filter(|key| !key.is_empty() && !known.iter().any(|name| name == key));
        findings.extend(strangers.map(|key| format!("{name} asks with {key}: no such parameter")));
        Ok(findings)
    }

    /// Every field that a request's schema has.
    pub fn fields(&self, schema: &str) -> Vec<String> {
        let properties = self.document["components"]["schemas"][schema]["properties"].as_object();
        properties
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .collect()
    }
}

/// Method, path and query, the method as the interface writes it.
fn line(exchange: &Exchange) -> (&'static str, &str, &str) {
    let request = &exchange.request;
    let method = match request.method {
        Method::Get => "get",
        Method::Post => "post",
        Method::Delete => "delete",
    };
    let (path, query) = request
        .path_and_query
        .split_once('?')
        .unwrap_or((&request.path_and_query, ""));
    (method, path, query)
}

/// `/data/0/captures/1` and `/data/7/captures/0` are one finding.
fn without_indexes(path: &str) -> String {
    path.split('/')
        .map(|part| {
            if !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()) {
                "*"
            } else {
                part
            }
        })
        .collect::<Vec<_>>()
        .join("/")
}

/// Rewrites what OpenAPI 3.0 says in its own dialect: `nullable`, and `oneOf` around a single schema,
/// which would hide in which field an error is.
fn as_json_schema(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(as_json_schema),
        Value::Object(map) => {
            map.values_mut().for_each(as_json_schema);
            if let Some(Value::Array(one)) = map.get("oneOf")
                && one.len() == 1
                && let Some(one) = map.remove("oneOf")
            {
                map.insert("allOf".to_owned(), one);
            }
            if map.remove("nullable") == Some(Value::Bool(true)) {
                nullable(map);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn nullable(map: &mut Map<String, Value>) {
    if let Some(Value::String(kind)) = map.get("type") {
        let both = json!([kind, "null"]);
        map.insert("type".to_owned(), both);
        if let Some(Value::Array(values)) = map.get_mut("enum") {
            values.push(Value::Null);
        }
    } else {
        let rest = Value::Object(std::mem::take(map));
        map.insert("if".to_owned(), json!({ "type": "null" }));
        map.insert("else".to_owned(), rest);
    }
}
