//! Writing: each call is one immediate transaction, durable when it returns.

use crate::error::StoreError;
use crate::store::journal;
use holdfast_ledger::Note;
use rusqlite::{Connection, Transaction, TransactionBehavior};

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
