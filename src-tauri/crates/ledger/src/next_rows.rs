//! What a row becomes by what is recorded of it: the same in any ledger, so it's decided here and an adapter writes it.

use crate::stored::{StoredMovement, StoredOperation};
use crate::{Learnt, LedgerError, Progress};
use holdfast_domain::{
    Hold, HoldId, Operation, OperationKind, Said, Standing, movements, refunds, standings,
};

impl Learnt {
    /// The hold with what was learnt of it.
    pub fn put_into(self, hold: &mut Hold) {
        hold.intent_id = hold.intent_id.take().or(self.intent_id);
        hold.link = self.link.or(hold.link.take());
        hold.created_at = hold.created_at.or(self.created_at);
        if let Some(terms) = self.terms {
            terms.put_into(hold);
        }
        // Each reading says again whether Dojo acted: what one of them showed is no more than that.
        if let Some(seen) = self.seen {
            hold.seen = Some(seen);
            hold.lapsed_at = self.lapsed_at;
            hold.given_up_at = None;
        }
        hold.given_up_at = self.given_up_at.or(hold.given_up_at);
    }
}

impl Progress {
    /// The operation as it moved on.
    ///
    /// # Errors
    /// [`LedgerError::Changed`] when it may not go there from where it stands.
    pub fn put_into(self, operation: &mut Operation) -> Result<(), LedgerError> {
        if !operation.state.may_become(self.state) {
            return Err(LedgerError::Changed);
        }
        operation.state = self.state;
        operation.dojo_id = operation.dojo_id.take().or(self.dojo_id);
        operation.detail = self.detail;
        operation.is_late = self.is_late;
        operation.settled_at = self.settled_at;
        Ok(())
    }
}

/// What a hold's record says beyond the movements that are `recorded` of it.
pub fn moved_since(hold: &Hold, operations: &[Operation], recorded: Vec<StoredMovement>) -> Vec<Standing> {
    let now = standings(hold, operations);
    now.map_or_else(Vec::new, |now| movements(&added_up(recorded), &now))
}

/// Movements of one hold, added up by kind, source and person.
fn added_up(recorded: Vec<StoredMovement>) -> Vec<Standing> {
    let mut sums: Vec<Standing> = Vec::new();
    for movement in recorded {
        let one = movement.what;
        let same = |sum: &&mut Standing| (sum.kind, &sum.source, &sum.by) == (one.kind, &one.source, &one.by);
        match sums.iter_mut().find(same) {
            Some(sum) => {
                sum.amount = sum.amount.saturating_add(one.amount);
                sum.service = sum.service.saturating_add(one.service);
                sum.tip = sum.tip.saturating_add(one.tip);
                sum.said = sum.said.saturating_add(one.said);
                sum.at = sum.at.max(one.at);
            }
            None => sums.push(one),
        }
    }
    sums
}

/// A decided refund on `hold` with what a person says that it was of.
///
/// # Errors
/// [`LedgerError::NotFound`] when `found` is no refund on it; [`LedgerError::Known`] when it's said already;
/// [`LedgerError::TooMuch`] when it's of another amount.
pub fn said_of_decision(
    hold: HoldId,
    found: Option<StoredOperation>,
    said: &Said,
) -> Result<StoredOperation, LedgerError> {
    let found = found.filter(|found| {
        let decided = &found.operation;
        decided.hold == hold && decided.kind == OperationKind::Refund
    });
    let mut found = found.ok_or(LedgerError::NotFound)?;
    if found.operation.of.is_some() {
        return Err(LedgerError::Known);
    }
    if found.operation.amount != said.amount {
        return Err(LedgerError::TooMuch);
    }
    found.operation.of = Some(said.of);
    Ok(found)
}

/// What a hold keeps once a person says what a refund elsewhere was of: together with what was said of former ones,
/// where that still counts.
///
/// # Errors
/// [`LedgerError::NotFound`] when nothing was refunded elsewhere; [`LedgerError::Known`] when it's all said already;
/// [`LedgerError::TooMuch`] when it's more than is left to say.
pub fn said_of_elsewhere(hold: &Hold, operations: &[Operation], said: &Said) -> Result<Said, LedgerError> {
    let all = refunds(hold, operations);
    let elsewhere = all.iter().find(|refund| refund.decision.is_none());
    let elsewhere = elsewhere.ok_or(LedgerError::NotFound)?;
    if elsewhere.not_said() == 0 {
        return Err(LedgerError::Known);
    }
    if said.amount > elsewhere.not_said() {
        return Err(LedgerError::TooMuch);
    }
    let former = hold.said_elsewhere.as_ref().filter(|_| elsewhere.said > 0);
    Ok(Said {
        earlier: former.map_or_else(Vec::new, |former| former.again().collect()),
        amount: elsewhere.said.saturating_add(said.amount),
        of: elsewhere.of.plus(said.of),
        ..said.clone()
    })
}
