//! The table of operations.

use crate::error::StoreError;
use crate::store::{commit::commit, guests::Keys, holds, rows, tabs};
use holdfast_domain::{Hold, HoldId, Operation, OperationId, OperationKind};
use holdfast_ledger::stored::StoredOperation;
use holdfast_ledger::{Expect, LedgerError, Note, Progress, TabSeen};
use rusqlite::{Connection, Params, Transaction};
use std::collections::HashMap;

/// One operation with what the ledger knows of it besides, if it is known.
pub(crate) fn stored(c: &Connection, id: OperationId) -> Result<Option<StoredOperation>, StoreError> {
    rows::first(c, "operation r WHERE r.id = ?1", [rows::key(&id.0)])
}

pub(crate) fn operation(c: &Connection, id: OperationId) -> Result<Option<Operation>, StoreError> {
    Ok(stored(c, id)?.map(|found| found.operation))
}

fn all(c: &Connection, from: &str, p: impl Params) -> Result<Vec<Operation>, StoreError> {
    let found = rows::all::<StoredOperation>(c, from, p)?;
    Ok(found.into_iter().map(|found| found.operation).collect())
}

pub(crate) fn operations(c: &Connection, hold: HoldId) -> Result<Vec<Operation>, StoreError> {
    let from = "operation r WHERE r.hold = ?1 ORDER BY r.place";
    all(c, from, [rows::key(&hold.0)])
}

/// The operations on the tabs that are listed.
pub(crate) fn on_listed() -> String {
    let holds = format!("SELECT id FROM hold WHERE tab IN {}", rows::LISTED);
    format!("operation r WHERE r.hold IN ({holds}) ORDER BY r.place")
}

pub(crate) fn operations_on(
    c: &Connection,
    tabs: &str,
    keys: &Keys<'_>,
) -> Result<HashMap<HoldId, Vec<Operation>>, StoreError> {
    let mut operations: HashMap<HoldId, Vec<Operation>> = HashMap::new();
    for StoredOperation { operation, .. } in rows::all_by(c, &on_listed(), [tabs], keys)? {
        operations.entry(operation.hold).or_default().push(operation);
    }
    Ok(operations)
}

/// By its name, or SQLite would rather look through all of them in their order.
pub(crate) const OPEN_ASKS: &str =
    "operation r INDEXED BY operation_asks WHERE r.asks IS NOT NULL ORDER BY r.place";

/// Takes after which the guest has yet to be asked for the rest.
pub(crate) fn open_asks(c: &Connection) -> Result<Vec<Operation>, StoreError> {
    all(c, OPEN_ASKS, [])
}

pub(crate) fn intend(
    c: &Connection,
    operation: &Operation,
    expect: Expect,
    note: &Note,
) -> Result<(), StoreError> {
    commit(c, std::slice::from_ref(note), |t| {
        // First, so that a decision that is known is told from one on a hold that has changed since.
        refuse_if_known(t, operation.id)?;
        let hold = holds::hold(t, operation.hold)?;
        if operation.kind == OperationKind::Create {
            tabs::refuse_if_closed(t, hold.tab)?;
        }
        tabs::refuse_unless_at(expect.hold, hold.version)?;
        tabs::refuse_unless_as_seen(t, hold.tab, expect.tab)?;
        insert_operation(t, operation)
    })
}

/// A decision is made durable once, by whichever press or till.
pub(crate) fn refuse_if_known(t: &Transaction<'_>, id: OperationId) -> Result<(), StoreError> {
    let mut query = t.prepare_cached("SELECT EXISTS (SELECT 1 FROM operation WHERE id = ?1)")?;
    if query.query_row([rows::key(&id.0)], |r| r.get(0))? {
        return Err(LedgerError::Known.into());
    }
    Ok(())
}

pub(crate) fn insert_operation(t: &Transaction<'_>, operation: &Operation) -> Result<(), StoreError> {
    rows::insert(t, &StoredOperation::new(operation.clone())).map(drop)
}

/// One that has to be known, to be changed.
fn known(t: &Transaction<'_>, id: OperationId) -> Result<StoredOperation, StoreError> {
    stored(t, id)?.ok_or_else(|| LedgerError::NotFound.into())
}

pub(crate) fn move_on(t: &Transaction<'_>, progress: Progress) -> Result<(), StoreError> {
    let mut found = known(t, progress.id)?;
    progress.put_into(&mut found.operation)?;
    rows::update(t, &found)
}

/// Ends what a take left to be asked for, with the hold that is opened for it.
pub(crate) fn end_ask(
    c: &Connection,
    ask: OperationId,
    opened: Option<&(Hold, Operation)>,
    seen: Option<TabSeen>,
    notes: &[Note],
) -> Result<(), StoreError> {
    commit(c, notes, |t| {
        let mut found = known(t, ask)?;
        if !std::mem::replace(&mut found.asks, false) {
            return Err(LedgerError::NotFound.into());
        }
        rows::update(t, &found)?;
        opened.map_or(Ok(()), |(hold, create)| {
            holds::insert_hold_on(t, hold, create, seen)
        })
    })
}

pub(crate) fn mark_seen(c: &Connection, id: OperationId, note: &Note) -> Result<(), StoreError> {
    commit(c, std::slice::from_ref(note), |t| {
        let mut found = known(t, id)?;
        found.operation.seen_at = Some(note.at);
        found.seen_by = Some(note.by.clone());
        rows::update(t, &found)
    })
}
