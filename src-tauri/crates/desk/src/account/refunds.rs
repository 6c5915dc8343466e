//! What refunds did to a bill.

use crate::account::Account;
use crate::account::due::paid;
use crate::context::reasons::RefundPartName;
use chrono::{DateTime, Utc};
use holdfast_domain::{Actor, Hold, Operation, OperationKind, refunded_parts, refunds};
use uuid::Uuid;

/// A line of the bill that a refund took off.
pub(crate) struct OffLine {
    /// The refund's, or its hold's.
    pub(crate) id: Uuid,
    /// Minor units, more than zero.
    pub(crate) minor: i64,
    pub(crate) at: DateTime<Utc>,
    pub(crate) by: Actor,
}

/// The lines that refunds took off a bill, oldest first: with the bill's own lines they add up to the bill.
pub(crate) fn off_lines(account: &Account) -> Vec<OffLine> {
    let mut all: Vec<OffLine> = Vec::new();
    for (hold, operations) in &account.holds {
        for one in refunds(hold, operations) {
            let elsewhere = hold.said_elsewhere.as_ref();
            let whose = one.decision.map(|o| (o.id.0, o.at, &o.requested_by));
            let whose = whose.or_else(|| elsewhere.map(|said| (hold.id.0, said.at, &said.by)));
            all.extend(whose.map(|(id, at, by)| OffLine {
                id,
                minor: one.of.off_bill,
                at,
                by: by.clone(),
            }));
        }
    }
    all.sort_by_key(|line| line.at);
    let mut left = paid(account).lines;
    for line in &mut all {
        line.minor = line.minor.min(left).max(0);
        left = left.saturating_sub(line.minor);
    }
    all.retain(|line| line.minor > 0);
    all
}

/// What refunds take off a bill in minor units, those included that Dojo has yet to show.
pub(crate) fn off_in_all(account: &Account) -> i64 {
    let mut off = paid(account).off;
    for (hold, operations) in &account.holds {
        let shown = refunds(hold, operations);
        let is_shown = |o: &&Operation| shown.iter().any(|one| one.decision.is_some_and(|d| d.id == o.id));
        let open = operations
            .iter()
            .filter(|o| o.kind == OperationKind::Refund && o.state.is_open());
        for refund in open.filter(|o| !is_shown(o)) {
            off = off.saturating_add(refund.of.map_or(0, |of| of.off_bill));
        }
    }
    off
}

/// What a hold's refunds are of, line by line, for showing: with what is not said they add up to all that is refunded.
pub(crate) fn parts_refunded(hold: &Hold, operations: &[Operation]) -> Vec<(RefundPartName, i64)> {
    let refunded = refunded_parts(hold, operations);
    let all = [
        (RefundPartName::Bill, refunded.of.bill),
        (RefundPartName::Service, refunded.of.service),
        (RefundPartName::Tip, refunded.of.tip),
        (RefundPartName::NotSaid, refunded.not_said),
    ];
    all.into_iter().filter(|(_, minor)| *minor != 0).collect()
}

#[cfg(test)]
mod tests;
