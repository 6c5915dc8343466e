//! What a person says of a refund of which nobody had said what it was of.

use crate::error::StoreError;
use crate::store::{commit::commit, holds, movements, operations, rows};
use holdfast_domain::{Hold, HoldId, Operation, OperationId, OperationKind, Said, refunds};
use holdfast_ledger::{LedgerError, Note};
use rusqlite::{Connection, Transaction};

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
    let found = operations::stored(t, id)?.filter(|found| {
        let decided = &found.operation;
        decided.hold == hold && decided.kind == OperationKind::Refund
    });
    let mut found = found.ok_or(LedgerError::NotFound)?;
    if found.operation.of.is_some() {
        return Err(LedgerError::Known.into());
    }
    if found.operation.amount != said.amount {
        return Err(LedgerError::TooMuch.into());
    }
    found.operation.of = Some(said.of);
    rows::update(t, &found)
}

fn of_elsewhere(t: &Transaction<'_>, id: HoldId, said: &Said) -> Result<(), StoreError> {
    let (mut hold, operations) = (holds::hold(t, id)?, operations::operations(t, id)?);
    hold.said_elsewhere = Some(with_what_was_said(&hold, &operations, said)?);
    holds::update_hold(t, hold).map(drop)
}

/// Together with what was said of former ones, where that still counts.
fn with_what_was_said(hold: &Hold, operations: &[Operation], said: &Said) -> Result<Said, StoreError> {
    let all = refunds(hold, operations);
    let elsewhere = all.iter().find(|refund| refund.decision.is_none());
    let elsewhere = elsewhere.ok_or(LedgerError::NotFound)?;
    if elsewhere.not_said() == 0 {
        return Err(LedgerError::Known.into());
    }
    if said.amount > elsewhere.not_said() {
        return Err(LedgerError::TooMuch.into());
    }
    let former = hold.said_elsewhere.as_ref().filter(|_| elsewhere.said > 0);
    Ok(Said {
        earlier: former.map_or_else(Vec::new, |former| former.again().collect()),
        amount: elsewhere.said.saturating_add(said.amount),
        of: elsewhere.of.plus(said.of),
        ..said.clone()
    })
}
