//! Writing: each call is one immediate transaction, durable when it returns.

use crate::error::StoreError;
use crate::integrity::journal;
use holdfast_ledger::Note;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use serde::Serialize;

pub(crate) fn commit<T>(
    connection: &Connection,
    notes: &[Note],
    work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    let done = work(&transaction)?;
    for note in notes {
        journal::append(&transaction, note)?;
    }
    transaction.commit()?;
    Ok(done)
}

pub(crate) fn json(value: &impl Serialize) -> Result<String, StoreError> {
    Ok(serde_json::to_string(value)?)
}

/// An enum's serde name, as the schema's guards compare it.
pub(crate) fn name(value: &impl Serialize) -> Result<String, StoreError> {
    match serde_json::to_value(value)? {
        serde_json::Value::String(name) => Ok(name),
        other => Err(StoreError::damaged(format!("{other} is no name"))),
    }
}
