//! What a refund is of, for people.

use holdfast_domain::{Currency, Deed, Money, RefundOf};

/// `bill £15.00, tip £5.00; £15.00 taken off the bill`: what a refund of `amount` minor units is of.
pub(crate) fn refund_purpose(amount: i64, of: RefundOf, currency: Currency) -> String {
    let bill = amount.saturating_sub(of.service).saturating_sub(of.tip);
    let named = [("bill", bill), ("service charge", of.service), ("tip", of.tip)];
    let named = named.into_iter().filter(|(_, minor)| *minor > 0);
    let money = |minor: i64| Money::new(minor, currency);
    let named: Vec<String> = named
        .map(|(name, minor)| format!("{name} {}", money(minor)))
        .collect();
    let then = match of {
        RefundOf { again: 1.., .. } => format!("; {} to be charged again", money(of.again)),
        RefundOf { off_bill: 1.., .. } => format!("; {} taken off the bill", money(of.off_bill)),
        RefundOf { .. } => String::new(),
    };
    format!("{}{then}", named.join(", "))
}

/// What a refund is of, for people; none while nobody has said it, and of what is no refund.
pub(crate) fn of_refund(deed: &Deed, currency: Currency) -> Option<String> {
    Some(refund_purpose(deed.amount, deed.of?, currency))
}

/// What a line that a refund took off is called on a bill.
pub(crate) const OFF: &str = "Removed from the bill by a refund";
