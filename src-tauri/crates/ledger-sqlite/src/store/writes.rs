//! Writing rows: each function is one immediate transaction, durable when it returns.

use crate::error::StoreError;
use crate::integrity::{
    journal,
    row_hash::{self, HashedTable},
};
use crate::store::{movements, rows};
use chrono::{DateTime, Utc};
use holdfast_domain::{Hold, HoldId, Line, Operation, OperationId, Tab, TabId};
use holdfast_ledger::{Learnt, LedgerError, Note, Progress};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use serde::Serialize;

/// The setting that [`holdfast_ledger::Restored`] is kept in.
pub(crate) const RESTORED: &str = "restored";

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

pub(crate) fn add_tab(c: &Connection, tab: &Tab, note: &Note) -> Result<(), StoreError> {
    commit(c, std::slice::from_ref(note), |t| insert_tab(t, tab))
}

fn insert_tab(t: &Transaction<'_>, tab: &Tab) -> Result<(), StoreError> {
    t.prepare_cached("INSERT INTO tab (id, body, opened_at) VALUES (?1, ?2, ?3)")?
        .execute(params![
            tab.id.to_string(),
            json(tab)?,
            tab.opened_at.to_rfc3339()
        ])?;
    row_hash::set(t, HashedTable::Tab, &tab.id.to_string())
}

/// A tab with its first hold: neither is ever there alone.
pub(crate) fn open_tab(
    c: &Connection,
    tab: &Tab,
    hold: &Hold,
    create: &Operation,
    notes: &[Note],
) -> Result<(), StoreError> {
    commit(c, notes, |t| {
        insert_tab(t, tab)?;
        insert_hold(t, hold, create)
    })
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
        opened.map_or(Ok(()), |(hold, create)| insert_hold(t, hold, create))
    })
}

pub(crate) fn add_hold(
    c: &Connection,
    hold: &Hold,
    create: &Operation,
    note: &Note,
) -> Result<(), StoreError> {
    commit(c, std::slice::from_ref(note), |t| insert_hold(t, hold, create))
}

/// A hold with the operation that is to create it.
pub(crate) fn insert_hold(t: &Transaction<'_>, hold: &Hold, create: &Operation) -> Result<(), StoreError> {
    t.prepare_cached(
        "INSERT INTO hold (id, tab, reference, body, authorised, captured, pending, refunded, over)
         VALUES (?1, ?2, ?3, ?4, 0, 0, 0, 0, 0)",
    )?
    .execute(params![
        hold.id.to_string(),
        hold.tab.to_string(),
        hold.reference,
        json(hold)?
    ])?;
    row_hash::set(t, HashedTable::Hold, &hold.id.to_string())?;
    insert_operation(t, create)?;
    movements::note(t, hold.id)
}

pub(crate) fn add_line(c: &Connection, line: &Line, note: &Note) -> Result<(), StoreError> {
    commit(c, std::slice::from_ref(note), |t| {
        t.prepare_cached("INSERT INTO line (id, tab, body) VALUES (?1, ?2, ?3)")?
            .execute(params![line.id.to_string(), line.tab.to_string(), json(line)?])?;
        row_hash::set(t, HashedTable::Line, &line.id.to_string())
    })
}

pub(crate) fn set_closed(
    c: &Connection,
    id: TabId,
    at: Option<DateTime<Utc>>,
    note: &Note,
) -> Result<(), StoreError> {
    commit(c, std::slice::from_ref(note), |t| {
        let mut tab = rows::tab(t, id)?;
        tab.closed_at = at;
        t.prepare_cached("UPDATE tab SET body = ?2, closed_at = ?3 WHERE id = ?1")?
            .execute(params![id.to_string(), json(&tab)?, at.map(|at| at.to_rfc3339())])?;
        row_hash::set(t, HashedTable::Tab, &id.to_string())
    })
}

/// Whether it is put away is another matter: [`set_closed`].
pub(crate) fn set_tab(c: &Connection, tab: &Tab, note: &Note) -> Result<(), StoreError> {
    commit(c, std::slice::from_ref(note), |t| {
        let closed_at = rows::tab(t, tab.id)?.closed_at;
        let tab = Tab {
            closed_at,
            ..tab.clone()
        };
        t.execute(
            "UPDATE tab SET body = ?2 WHERE id = ?1",
            params![tab.id.to_string(), json(&tab)?],
        )?;
        row_hash::set(t, HashedTable::Tab, &tab.id.to_string())
    })
}

pub(crate) fn intend(c: &Connection, operation: &Operation, note: &Note) -> Result<(), StoreError> {
    commit(c, std::slice::from_ref(note), |t| insert_operation(t, operation))
}

fn insert_operation(t: &Transaction<'_>, operation: &Operation) -> Result<(), StoreError> {
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

pub(crate) fn record(
    c: &Connection,
    id: HoldId,
    learnt: Learnt,
    progress: Option<Progress>,
    notes: &[Note],
) -> Result<(), StoreError> {
    commit(c, notes, |t| {
        let mut hold = rows::hold(t, id)?;
        hold.intent_id = hold.intent_id.or(learnt.intent_id);
        hold.link = learnt.link.or(hold.link);
        hold.created_at = hold.created_at.or(learnt.created_at);
        if let Some(terms) = learnt.terms {
            terms.put_into(&mut hold);
        }
        // Each reading says again whether Dojo acted: what one of them showed is no more than that.
        if let Some(seen) = learnt.seen {
            hold.seen = Some(seen);
            hold.lapsed_at = learnt.lapsed_at;
        }
        t.prepare_cached(
            "UPDATE hold SET intent_id = ?2, body = ?3, authorised = ?4, captured = ?5, pending = ?6,
                    refunded = ?7, over = ?8 WHERE id = ?1",
        )?
        .execute(params![
            id.to_string(),
            hold.intent_id,
            json(&hold)?,
            hold.authorised(),
            hold.captured(),
            hold.pending(),
            hold.refunded(),
            hold.is_over()
        ])?;
        row_hash::set(t, HashedTable::Hold, &id.to_string())?;
        progress.map_or(Ok(()), |progress| move_on(t, &progress))?;
        movements::note(t, id)
    })
}

fn move_on(t: &Transaction<'_>, progress: &Progress) -> Result<(), StoreError> {
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

pub(crate) fn set_setting(c: &Connection, name: &str, value: &str, note: &Note) -> Result<(), StoreError> {
    commit(c, std::slice::from_ref(note), |t| {
        t.prepare_cached(
            "INSERT INTO setting (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )?
        .execute(params![name, value])?;
        row_hash::set(t, HashedTable::Setting, name)
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
