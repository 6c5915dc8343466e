//! What moved: written in the commit that changes what a hold's record says.

use holdfast_domain::{Hold, Operation};
use holdfast_ledger::moved_since;
use holdfast_ledger::stored::StoredMovement;

/// Whatever the hold's record says beyond what is `recorded`.
pub(crate) fn of(
    hold: &Hold,
    operations: &[Operation],
    recorded: Vec<StoredMovement>,
) -> Vec<StoredMovement> {
    let moved = moved_since(hold, operations, recorded).into_iter();
    moved
        .map(|what| StoredMovement {
            // The server gives it its number.
            seq: 0,
            hold: hold.id,
            currency: hold.currency,
            what,
        })
        .collect()
}

/// The same of a hold that isn't written yet.
pub(crate) fn of_new(hold: &Hold, create: &Operation) -> Vec<StoredMovement> {
    of(hold, std::slice::from_ref(create), Vec::new())
}
