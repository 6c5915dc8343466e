//! What a query and a function are given.

use serde_json::Value as Json;
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

/// A value of a query.
pub(crate) type Value<'a> = (&'a (dyn ToSql + Sync), Type);

/// A parameter of a function.
#[derive(Debug, Clone)]
pub(crate) enum Param {
    /// An id, or other bytes, or none.
    Bytes(Option<Vec<u8>>),
    /// Ids.
    Ids(Vec<Vec<u8>>),
    /// A number.
    Int(i64),
    /// A text.
    Text(String),
    /// A row or a list of rows, or none.
    Json(Option<Json>),
}

impl Param {
    pub(crate) fn value(&self) -> (&(dyn ToSql + Sync), Type) {
        match self {
            Self::Bytes(bytes) => (bytes, Type::BYTEA),
            Self::Ids(ids) => (ids, Type::BYTEA_ARRAY),
            Self::Int(number) => (number, Type::INT8),
            Self::Text(text) => (text, Type::TEXT),
            Self::Json(json) => (json, Type::JSONB),
        }
    }
}

impl From<Uuid> for Param {
    fn from(id: Uuid) -> Self {
        Self::Bytes(Some(id.into_bytes().to_vec()))
    }
}

impl From<i64> for Param {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<&str> for Param {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Json> for Param {
    fn from(row: Json) -> Self {
        Self::Json(Some(row))
    }
}

impl From<Option<Json>> for Param {
    fn from(row: Option<Json>) -> Self {
        Self::Json(row)
    }
}
