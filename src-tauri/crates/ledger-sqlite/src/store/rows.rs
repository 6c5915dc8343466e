//! Reading rows of any table. Oldest first is the order in which they were written, not that of their ids: a clock
//! that was set back gives a later row an earlier id.

use crate::error::StoreError;
use rusqlite::{Connection, Params};
use serde::de::DeserializeOwned;
use std::str::FromStr;

pub(crate) fn bodies<T: DeserializeOwned>(
    c: &Connection,
    sql: &str,
    p: impl Params,
) -> Result<Vec<T>, StoreError> {
    let mut query = c.prepare_cached(sql)?;
    let rows = query.query_map(p, |r| r.get::<_, String>(0))?;
    rows.map(|body| Ok(serde_json::from_str(&body?)?)).collect()
}

pub(crate) fn body<T: DeserializeOwned>(c: &Connection, sql: &str, id: &str) -> Result<T, StoreError> {
    let body: String = c.prepare_cached(sql)?.query_row([id], |r| r.get(0))?;
    Ok(serde_json::from_str(&body)?)
}

pub(crate) fn ids<T: FromStr>(c: &Connection, sql: &str, p: impl Params) -> Result<Vec<T>, StoreError> {
    let mut query = c.prepare_cached(sql)?;
    let rows = query.query_map(p, |r| r.get::<_, String>(0))?;
    rows.map(|id| parsed(&id?)).collect()
}

/// Ids as one parameter, for `json_each`.
pub(crate) fn listed(ids: impl IntoIterator<Item = impl ToString>) -> Result<String, StoreError> {
    let ids: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
    Ok(serde_json::to_string(&ids)?)
}

/// An id as a column has it.
pub(crate) fn parsed<T: FromStr>(id: &str) -> Result<T, StoreError> {
    id.parse()
        .map_err(|_| StoreError::damaged(format!("{id} is no id")))
}
