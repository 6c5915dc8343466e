//! What a person says of a refund of which nobody had said what it was of.

use crate::error::StoreError;
use crate::integrity::row_hash::{self, HashedTable};
use crate::store::{
    commit::{commit, json},
    holds, movements, operations, rows,
};
use holdfast_domain::{Hold, HoldId, Operation, OperationId, Said, refunds};
use holdfast_ledger::{LedgerError, Note};
use rusqlite::{Connection, Transaction, params};

/// Keeps it, and corrects the movements in the same commit.
pub(crate) fn say(
    c: &Connection,
    hold: HoldId,
    decision: Option<OperationId>,
    said: &Said,
    note: &Note,
) -> Result<(), StoreError> {
    commit(c, std::slice::from_ref(note), |t| {
        match decision {
            Some(decision) => of_decision(t, hold, decision, said)?,
            None => of_elsewhere(t, hold, said)?,
        }
        movements::note(t, hold)
    })
}

fn of_decision(t: &Transaction<'_>, hold: HoldId, id: OperationId, said: &Said) -> Result<(), StoreError> {
    let body = "SELECT body FROM operation WHERE id = ?1 AND hold = ?2 AND kind = 'refund'";
    let found = rows::bodies::<Operation>(t, body, [id.to_string(), hold.to_string()])?;
    let mut operation = found.into_iter().next().ok_or(LedgerError::NotFound)?;
    if operation.of.is_some() {
        return Err(LedgerError::Busy.into());
    }
    if operation.amount != said.amount {
        return Err(LedgerError::TooMuch.into());
    }
    operation.of = Some(said.of);
    t.execute(
        "UPDATE operation SET body = ?2 WHERE id = ?1",
        params![id.to_string(), json(&operation)?],
    )?;
    row_hash::set(t, HashedTable::Operation, &id.to_string())
}

fn of_elsewhere(t: &Transaction<'_>, id: HoldId, said: &Said) -> Result<(), StoreError> {
    let (mut hold, operations) = (holds::hold(t, id)?, operations::operations(t, id)?);
    hold.said_elsewhere = Some(with_what_was_said(&hold, &operations, said)?);
    t.execute(
        "UPDATE hold SET body = ?2 WHERE id = ?1",
        params![id.to_string(), json(&hold)?],
    )?;
    row_hash::set(t, HashedTable::Hold, &id.to_string())
}

/// Together with what was said of former ones, where that still counts.
fn with_what_was_said(hold: &Hold, operations: &[Operation], said: &Said) -> Result<Said, StoreError> {
    let all = refunds(hold, operations);
    let elsewhere = all.iter().find(|refund| refund.decision.is_none());
    let elsewhere = elsewhere.ok_or(LedgerError::NotFound)?;
    if elsewhere.not_said() == 0 {
        return Err(LedgerError::Busy.into());
    }
    if said.amount > elsewhere.not_said() {
        return Err(LedgerError::TooMuch.into());
    }
    Ok(Said {
        amount: elsewhere.said.saturating_add(said.amount),
        of: elsewhere.of.plus(said.of),
        ..said.clone()
    })
}
