//! Reading rows.

use crate::LedgerError;
use holdfast_domain::{Hold, HoldId, Line, Operation, OperationId, OperationState, Tab, TabId};
use rusqlite::{Connection, OptionalExtension, Params, Row};
use serde::de::DeserializeOwned;

fn bodies<T: DeserializeOwned>(c: &Connection, sql: &str, p: impl Params) -> Result<Vec<T>, LedgerError> {
    let mut query = c.prepare_cached(sql)?;
    let rows = query.query_map(p, |r| r.get::<_, String>(0))?;
    rows.map(|body| Ok(serde_json::from_str(&body?)?)).collect()
}

pub(super) fn tabs(c: &Connection, open: bool, limit: i64) -> Result<Vec<Tab>, LedgerError> {
    let sql = if open {
        "SELECT body FROM tab WHERE closed_at IS NULL ORDER BY opened_at DESC LIMIT ?1"
    } else {
        "SELECT body FROM tab WHERE closed_at IS NOT NULL ORDER BY closed_at DESC LIMIT ?1"
    };
    bodies(c, sql, [limit])
}

pub(super) fn tab(c: &Connection, id: TabId) -> Result<Tab, LedgerError> {
    let body: String = c.query_row("SELECT body FROM tab WHERE id = ?1", [id.to_string()], |r| {
        r.get(0)
    })?;
    Ok(serde_json::from_str(&body)?)
}

pub(super) fn hold(c: &Connection, id: HoldId) -> Result<Hold, LedgerError> {
    let body: String = c.query_row("SELECT body FROM hold WHERE id = ?1", [id.to_string()], |r| {
        r.get(0)
    })?;
    Ok(serde_json::from_str(&body)?)
}

pub(super) fn holds(c: &Connection, tab: TabId) -> Result<Vec<Hold>, LedgerError> {
    bodies(
        c,
        "SELECT body FROM hold WHERE tab = ?1 ORDER BY id",
        [tab.to_string()],
    )
}

pub(super) fn lines(c: &Connection, tab: TabId) -> Result<Vec<Line>, LedgerError> {
    bodies(
        c,
        "SELECT body FROM line WHERE tab = ?1 ORDER BY id",
        [tab.to_string()],
    )
}

pub(super) fn live_holds(c: &Connection) -> Result<Vec<Hold>, LedgerError> {
    bodies(
        c,
        "SELECT body FROM hold WHERE over = 0
          UNION SELECT h.body FROM hold h JOIN operation o ON o.hold = h.id
                 WHERE o.state IN ('intended', 'accepted', 'unknown')",
        [],
    )
}

pub(super) fn every_hold(c: &Connection) -> Result<Vec<HoldId>, LedgerError> {
    let mut query = c.prepare_cached("SELECT id FROM hold ORDER BY over, id DESC")?;
    let rows = query.query_map([], |r| r.get::<_, String>(0))?;
    rows.map(|id| {
        let id = id?;
        id.parse()
            .map_err(|_| LedgerError::Damaged(format!("{id} is no id")))
    })
    .collect()
}

pub(super) fn setting(c: &Connection, name: &str) -> Result<Option<String>, LedgerError> {
    Ok(
        c.query_row("SELECT value FROM setting WHERE name = ?1", [name], |r| r.get(0))
            .optional()?,
    )
}

const OPERATION: &str = "SELECT body, state, dojo_id, detail, settled_at FROM operation";

type OperationRow = (String, String, Option<String>, Option<String>, Option<String>);

fn operation_row(row: &Row<'_>) -> rusqlite::Result<OperationRow> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
}

/// The body is what was decided; what moved since stands in columns of its own.
fn to_operation((body, state, dojo_id, detail, settled): OperationRow) -> Result<Operation, LedgerError> {
    let mut operation: Operation = serde_json::from_str(&body)?;
    operation.state = state_of(&state)?;
    operation.dojo_id = dojo_id;
    operation.detail = detail;
    operation.settled_at = settled
        .map(|at| {
            at.parse()
                .map_err(|_| LedgerError::Damaged(format!("{at} is no time")))
        })
        .transpose()?;
    Ok(operation)
}

fn state_of(name: &str) -> Result<OperationState, LedgerError> {
    Ok(serde_json::from_value(serde_json::Value::from(name))?)
}

pub(super) fn operations(c: &Connection, hold: HoldId) -> Result<Vec<Operation>, LedgerError> {
    let mut query = c.prepare_cached(&format!("{OPERATION} WHERE hold = ?1 ORDER BY id"))?;
    let rows = query.query_map([hold.to_string()], operation_row)?;
    rows.map(|row| to_operation(row?)).collect()
}

pub(super) fn operation(c: &Connection, id: OperationId) -> Result<Option<Operation>, LedgerError> {
    let mut query = c.prepare_cached(&format!("{OPERATION} WHERE id = ?1"))?;
    query
        .query_row([id.to_string()], operation_row)
        .optional()?
        .map(to_operation)
        .transpose()
}
