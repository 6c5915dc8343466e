//! What a refund is of, for people.

use holdfast_domain::{Hold, Operation, OperationKind, Parts, RefundOf};

/// `bill £15.00, tip £5.00; taken off the bill`.
pub(crate) fn purpose(parts: Parts, of: RefundOf, hold: &Hold) -> String {
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

/// What a line that a refund took off is called on a bill.
pub(crate) const OFF: &str = "Taken off the bill by a refund";
