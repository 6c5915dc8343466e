//! What is shown of refunds: what they were of, what they took off the bill, and those of which nobody said it.

use crate::capture::paid;
use crate::present::show::Whole;
use crate::present::view;
use chrono::{DateTime, Utc};
use holdfast_domain::{Hold, Operation, OperationKind, Parts, RefundOf, refunded_parts, refunds};
use uuid::Uuid;

/// `bill £15.00, tip £5.00; taken off the bill`.
pub(super) fn purpose(parts: Parts, of: RefundOf, hold: &Hold) -> String {
    let named = [
        ("bill", parts.bill),
        ("service charge", parts.service),
        ("tip", parts.tip),
    ];
    let named = named.into_iter().filter(|(_, minor)| *minor > 0);
    let named: Vec<String> = named
        .map(|(name, minor)| format!("{name} {}", hold.money(minor)))
        .collect();
    let then = match of {
        RefundOf { again: 1.., .. } => format!("; {} to be charged again", hold.money(of.again)),
        RefundOf { off_bill: 1.., .. } => format!("; {} taken off the bill", hold.money(of.off_bill)),
        RefundOf { .. } => String::new(),
    };
    format!("{}{then}", named.join(", "))
}

/// What a refund is of, for people; none while nobody has said it.
pub(crate) fn said(operation: &Operation, hold: &Hold) -> Option<String> {
    let of = operation.of.filter(|_| operation.kind == OperationKind::Refund)?;
    let bill = operation.amount.saturating_sub(of.service).saturating_sub(of.tip);
    let parts = Parts {
        bill,
        service: of.service,
        tip: of.tip,
    };
    Some(purpose(parts, of, hold))
}

/// A line of the bill that a refund took off.
pub(crate) struct OffLine {
    /// The refund's, or its hold's.
    pub(crate) id: Uuid,
    /// Minor units, more than zero.
    pub(crate) minor: i64,
    pub(crate) at: DateTime<Utc>,
    pub(crate) by: String,
}

/// What [`OffLine`] is called on a bill.
pub(crate) const OFF: &str = "Taken off the bill by a refund";

/// The lines that refunds took off a bill, oldest first: with the bill's own lines they add up to the bill.
pub(crate) fn off_lines(whole: &Whole) -> Vec<OffLine> {
    let mut all: Vec<OffLine> = Vec::new();
    for (hold, operations) in &whole.holds {
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
    let mut left = paid(whole).lines;
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

/// The refunds of a hold of which nobody has said what they were for.
pub(crate) fn not_said(hold: &Hold, operations: &[Operation]) -> Vec<view::NotSaid> {
    let all = refunds(hold, operations).into_iter();
    let those = all.filter(|one| one.not_said() > 0 && !one.decision.is_some_and(|o| o.state.is_open()));
    those
        .map(|one| {
            let amount = hold.money(one.not_said());
            view::NotSaid {
                refund: one.decision.map(|o| o.id),
                amount: amount.into(),
                words: match one.decision {
                    None => format!("{amount} was refunded elsewhere. Say what it was for."),
                    Some(_) => format!("{amount} was refunded, and nobody said what it was for."),
                },
            }
        })
        .collect()
}
