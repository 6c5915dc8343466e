//! What a person says of a refund of which nobody had said what it was of.

use super::{
    movement, rows,
    seal::{self, Sealed},
    writes::{commit, json},
};
use crate::{LedgerError, Note};
use holdfast_domain::{Hold, HoldId, Operation, OperationId, Said, refunds};
use rusqlite::{Connection, Transaction, params};

/// Keeps it, and corrects the movements in the same commit.
pub(super) fn say(
    c: &Connection,
    hold: HoldId,
    decision: Option<OperationId>,
    said: &Said,
    note: &Note,
) -> Result<(), LedgerError> {
    commit(c, std::slice::from_ref(note), |t| {
        match decision {
            Some(decision) => of_decision(t, hold, decision, said)?,
            None => of_elsewhere(t, hold, said)?,
        }
        movement::note(t, hold)
    })
}

fn of_decision(t: &Transaction<'_>, hold: HoldId, id: OperationId, said: &Said) -> Result<(), LedgerError> {
    let body = "SELECT body FROM operation WHERE id = ?1 AND hold = ?2 AND kind = 'refund'";
    let found = rows::bodies::<Operation>(t, body, [id.to_string(), hold.to_string()])?;
    let mut operation = found.into_iter().next().ok_or(LedgerError::NotFound)?;
    if operation.of.is_some() {
        return Err(LedgerError::Busy);
    }
    if operation.amount != said.amount {
        return Err(LedgerError::TooMuch);
    }
    operation.of = Some(said.of);
    t.execute(
        "UPDATE operation SET body = ?2 WHERE id = ?1",
        params![id.to_string(), json(&operation)?],
    )?;
    seal::set(t, Sealed::Operation, &id.to_string())
}

fn of_elsewhere(t: &Transaction<'_>, id: HoldId, said: &Said) -> Result<(), LedgerError> {
    let (mut hold, operations) = (rows::hold(t, id)?, rows::operations(t, id)?);
    hold.said_elsewhere = Some(with_what_was_said(&hold, &operations, said)?);
    t.execute(
        "UPDATE hold SET body = ?2 WHERE id = ?1",
        params![id.to_string(), json(&hold)?],
    )?;
    seal::set(t, Sealed::Hold, &id.to_string())
}

/// Together with what was said of former ones, where that still counts.
fn with_what_was_said(hold: &Hold, operations: &[Operation], said: &Said) -> Result<Said, LedgerError> {
    let all = refunds(hold, operations);
    let elsewhere = all.iter().find(|refund| refund.decision.is_none());
    let elsewhere = elsewhere.ok_or(LedgerError::NotFound)?;
    if elsewhere.not_said() == 0 {
        return Err(LedgerError::Busy);
    }
    if said.amount > elsewhere.not_said() {
        return Err(LedgerError::TooMuch);
    }
    Ok(Said {
        amount: elsewhere.said.saturating_add(said.amount),
        of: elsewhere.of.plus(said.of),
        ..said.clone()
    })
}
