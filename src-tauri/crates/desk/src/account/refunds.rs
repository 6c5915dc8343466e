//! What refunds did to a bill.

use crate::account::Account;
use crate::account::due::paid;
use chrono::{DateTime, Utc};
use holdfast_domain::{Actor, Hold, Operation, refunded_parts, refunds};
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

/// What a hold's refunds are of, line by line, for showing: with what is not said they add up to all that is refunded.
pub(crate) fn parts_refunded(hold: &Hold, operations: &[Operation]) -> Vec<(&'static str, i64)> {
    let refunded = refunded_parts(hold, operations);
    let all = [
        ("bill", refunded.of.bill),
        ("service charge", refunded.of.service),
        ("tip", refunded.of.tip),
        ("not said", refunded.not_said),
    ];
    all.into_iter().filter(|(_, minor)| *minor != 0).collect()
}
