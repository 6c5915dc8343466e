//! What a refund is of, for people.

use super::not_possible::TAB_CLOSED;
use crate::context::reasons::{RefundPartName, RefundProblem};
use holdfast_domain::{Currency, Deed, Money, Purpose};

/// `bill £15.00, tip £5.00; £15.00 removed from the bill`: what a refund of `amount` minor units is of.
pub(crate) fn refund_purpose(amount: i64, of: Purpose, currency: Currency) -> String {
    let bill = amount.saturating_sub(of.service).saturating_sub(of.tip);
    let named = [("bill", bill), ("service charge", of.service), ("tip", of.tip)];
    let named = named.into_iter().filter(|(_, minor)| *minor > 0);
    let money = |minor: i64| Money::new(minor, currency);
    let named: Vec<String> = named
        .map(|(name, minor)| format!("{name} {}", money(minor)))
        .collect();
    let then = match of {
        Purpose { again: 1.., .. } => format!("; {} to be charged again", money(of.again)),
        Purpose { off_bill: 1.., .. } => format!("; {} removed from the bill", money(of.off_bill)),
        Purpose { .. } => String::new(),
    };
    format!("{}{then}", named.join(", "))
}

/// What a refund is of, for people; none while nobody has said it, and of what is no refund.
pub(crate) fn of_refund(deed: &Deed, currency: Currency) -> Option<String> {
    Some(refund_purpose(deed.amount, deed.of?, currency))
}

/// What a line that a refund took off is called on a bill.
pub(crate) const OFF: &str = "Removed from the bill by a refund";

impl RefundPartName {
    /// Within a sentence.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Bill => "bill",
            Self::Service => "service charge",
            Self::Tip => "tip",
            Self::NotSaid => "no purpose given",
        }
    }

    /// At the beginning of a line.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Bill => "Bill",
            Self::Service => "Service charge",
            Self::Tip => "Tip",
            Self::NotSaid => "No purpose given",
        }
    }
}

/// That nobody has said what a refund of `amount` was for.
pub(crate) fn not_said(amount: Money, is_elsewhere: bool) -> String {
    if is_elsewhere {
        format!("{amount} was refunded elsewhere. Say what it was for.")
    } else {
        format!("{amount} was refunded and nobody has said what for.")
    }
}

/// What a refund does to the bill and to what is due; `was_due` and `due` are before and after it.
pub(crate) fn consequence(bill: Money, is_bill_kept: bool, was_due: Money, due: Money) -> String {
    let bill = if is_bill_kept {
        format!("The bill stays {bill}.")
    } else {
        format!("The bill drops to {bill}.")
    };
    let due = match due.minor {
        0 => "Nothing is due.".to_owned(),
        minor if minor > was_due.minor => format!("{due} is due again."),
        _ => format!("{due} is due, as before."),
    };
    format!("{bill} {due}")
}

impl From<RefundProblem> for String {
    fn from(what: RefundProblem) -> Self {
        match what {
            RefundProblem::OverPart { part, most } => match part {
                RefundPartName::Bill => format!("At most {most} of the bill can be refunded."),
                RefundPartName::Service => format!("At most {most} of the service charge can be refunded."),
                RefundPartName::Tip => format!("At most {most} of the tip can be refunded."),
                RefundPartName::NotSaid => format!("At most {most} can be refunded."),
            },
            RefundProblem::OverAll(most) => format!("At most {most} can be refunded in all."),
            RefundProblem::DontAddUp { refunded, typed } => {
                format!("{refunded} was refunded, but bill, service charge and tip come to {typed}.")
            }
            RefundProblem::Nothing => "Type how much is refunded.".to_owned(),
            RefundProblem::Waits(open) => open.keeps_refund(),
            RefundProblem::TabClosed => TAB_CLOSED.to_owned(),
        }
    }
}
