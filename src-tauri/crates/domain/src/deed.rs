//! A decision, as the journal keeps it.

use crate::{Cause, Hold, IntentStatus, Operation, OperationKind, Purpose};

/// A decision, as far as the journal says what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// What was decided to be done.
    pub kind: OperationKind,
    /// In minor units without the tip. Of a release, what it gives back.
    pub amount: i64,
    /// The tip.
    pub tip: i64,
    /// Of a refund, what it is of.
    pub of: Option<Purpose>,
    /// What led to it.
    pub cause: Cause,
}

impl Deed {
    /// What `operation` decided on `hold`.
    pub fn of(operation: &Operation, hold: &Hold) -> Self {
        let is_release = operation.kind == OperationKind::Reversal;
        Self {
            kind: operation.kind,
            amount: if is_release {
                released(hold)
            } else {
                operation.amount
            },
            tip: operation.tip,
            of: operation.of.filter(|_| operation.kind == OperationKind::Refund),
            cause: operation.cause,
        }
    }

    /// Tip included; none where there is no amount, and of a release, which has its hold's.
    pub fn total(&self) -> Option<i64> {
        let total = self.amount.saturating_add(self.tip);
        (self.kind != OperationKind::Reversal && total > 0).then_some(total)
    }
}

/// Minor units that a release gives back, or gave.
fn released(hold: &Hold) -> i64 {
    match (hold.left(), &hold.seen) {
        (0, Some(seen)) if seen.status == IntentStatus::Reversed => seen.total,
        (left, _) => left,
    }
}
