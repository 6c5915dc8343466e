//! What a person says of a refund of which nobody had said what it was of.

use crate::error::StoreError;
use crate::store::{commit::commit, holds, movements, operations, rows};
use holdfast_domain::{HoldId, OperationId, Said};
use holdfast_ledger::{Note, said_of_decision, said_of_elsewhere};
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
    let found = said_of_decision(hold, operations::stored(t, id)?, said)?;
    rows::update(t, &found)
}

fn of_elsewhere(t: &Transaction<'_>, id: HoldId, said: &Said) -> Result<(), StoreError> {
    let (mut hold, operations) = (holds::hold(t, id)?, operations::operations(t, id)?);
    hold.said_elsewhere = Some(said_of_elsewhere(&hold, &operations, said)?);
    holds::update_hold(t, hold).map(drop)
}
