//! The table of operations, and the one of those that somebody was told of and put aside.

use crate::error::StoreError;
use crate::integrity::row_hash::{self, HashedTable};
use crate::store::{
    commit::{commit, json, name},
    holds, rows,
};
use chrono::{DateTime, Utc};
use holdfast_domain::{Hold, HoldId, Operation, OperationId, OperationState};
use holdfast_ledger::{LedgerError, Note, Progress};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use std::collections::HashMap;

const OPERATION: &str = "SELECT o.body, o.state, o.dojo_id, o.detail, o.settled_at, s.at
   FROM operation o LEFT JOIN seen s ON s.operation = o.id";

type OperationRow = (
    String,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
);

fn operation_row(row: &Row<'_>) -> rusqlite::Result<OperationRow> {
    Ok((
        row.get(0)?,
        row.get(1)?,
        row.get(2)?,
        row.get(3)?,
        row.get(4)?,
        row.get(5)?,
    ))
}

fn time(text: Option<String>) -> Result<Option<DateTime<Utc>>, StoreError> {
    text.map(|at| {
        at.parse()
            .map_err(|_| StoreError::damaged(format!("{at} is no time")))
    })
    .transpose()
}

/// The body is what was decided; what moved since stands in columns of its own.
fn to_operation(row: OperationRow) -> Result<Operation, StoreError> {
    let (body, state, dojo_id, detail, settled, seen) = row;
    let mut operation: Operation = serde_json::from_str(&body)?;
    operation.state = state_of(&state)?;
    operation.dojo_id = dojo_id;
    operation.detail = detail;
    operation.settled_at = time(settled)?;
    operation.seen_at = time(seen)?;
    Ok(operation)
}

fn state_of(name: &str) -> Result<OperationState, StoreError> {
    Ok(serde_json::from_value(serde_json::Value::from(name))?)
}

pub(crate) fn operation(c: &Connection, id: OperationId) -> Result<Option<Operation>, StoreError> {
    let mut query = c.prepare_cached(&format!("{OPERATION} WHERE o.id = ?1"))?;
    query
        .query_row([id.to_string()], operation_row)
        .optional()?
        .map(to_operation)
        .transpose()
}

pub(crate) fn operations(c: &Connection, hold: HoldId) -> Result<Vec<Operation>, StoreError> {
    let mut query = c.prepare_cached(&format!("{OPERATION} WHERE o.hold = ?1 ORDER BY o.rowid"))?;
    let rows = query.query_map([hold.to_string()], operation_row)?;
    rows.map(|row| to_operation(row?)).collect()
}

pub(crate) fn operations_on(
    c: &Connection,
    tabs: &str,
) -> Result<HashMap<HoldId, Vec<Operation>>, StoreError> {
    let mut query = c.prepare_cached(&format!(
        "{OPERATION} WHERE hold IN (SELECT id FROM hold WHERE tab IN (SELECT value FROM json_each(?1)))
         ORDER BY o.rowid"
    ))?;
    let mut operations: HashMap<HoldId, Vec<Operation>> = HashMap::new();
    for row in query.query_map([tabs], operation_row)? {
        let operation = to_operation(row?)?;
        operations.entry(operation.hold).or_default().push(operation);
    }
    Ok(operations)
}

/// By its name, or SQLite would rather look through all of them in their order.
pub(crate) const OPEN_ASKS: &str =
    "SELECT id FROM operation INDEXED BY operation_asks WHERE asks IS NOT NULL ORDER BY rowid";

/// Takes after which the guest has yet to be asked for the rest.
pub(crate) fn open_asks(c: &Connection) -> Result<Vec<Operation>, StoreError> {
    let mut all = Vec::new();
    for id in rows::ids(c, OPEN_ASKS, [])? {
        all.extend(operation(c, id)?);
    }
    Ok(all)
}

pub(crate) fn intend(c: &Connection, operation: &Operation, note: &Note) -> Result<(), StoreError> {
    commit(c, std::slice::from_ref(note), |t| insert_operation(t, operation))
}

pub(crate) fn insert_operation(t: &Transaction<'_>, operation: &Operation) -> Result<(), StoreError> {
    t.prepare_cached(
        "INSERT INTO operation (id, hold, kind, amount, tip, state, body, asks)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        operation.id.to_string(),
        operation.hold.to_string(),
        name(&operation.kind)?,
        operation.amount,
        operation.tip,
        name(&operation.state)?,
        json(operation)?,
        (operation.then_ask > 0).then_some(1)
    ])?;
    row_hash::set(t, HashedTable::Operation, &operation.id.to_string())
}

pub(crate) fn move_on(t: &Transaction<'_>, progress: &Progress) -> Result<(), StoreError> {
    let changed = t.prepare_cached(
        "UPDATE operation SET state = ?2, dojo_id = coalesce(dojo_id, ?3), detail = ?4, settled_at = ?5 WHERE id = ?1",
)?.execute(params![
            progress.id.to_string(),
            name(&progress.state)?,
            progress.dojo_id,
            progress.detail,
            progress.settled_at.map(|at| at.to_rfc3339())
        ])?;
    if changed == 1 {
        row_hash::set(t, HashedTable::Operation, &progress.id.to_string())
    } else {
        Err(LedgerError::NotFound.into())
    }
}

/// Ends what a take left to be asked for, with the hold that is opened for it.
pub(crate) fn end_ask(
    c: &Connection,
    ask: OperationId,
    opened: Option<&(Hold, Operation)>,
    notes: &[Note],
) -> Result<(), StoreError> {
    commit(c, notes, |t| {
        let ended = t
            .prepare_cached("UPDATE operation SET asks = NULL WHERE id = ?1 AND asks IS NOT NULL")?
            .execute([ask.to_string()])?;
        if ended == 0 {
            return Err(LedgerError::NotFound.into());
        }
        opened.map_or(Ok(()), |(hold, create)| holds::insert_hold(t, hold, create))
    })
}

pub(crate) fn mark_seen(c: &Connection, id: OperationId, note: &Note) -> Result<(), StoreError> {
    commit(c, std::slice::from_ref(note), |t| {
        t.execute(
            "INSERT INTO seen (operation, at, by) VALUES (?1, ?2, ?3)
             ON CONFLICT (operation) DO UPDATE SET at = excluded.at, by = excluded.by",
            params![id.to_string(), note.at.to_rfc3339(), note.by],
        )?;
        row_hash::set(t, HashedTable::Seen, &id.to_string())
    })
}
