//! The total that was typed, worked out over the holds.

use crate::context::reasons::Mistyped;
use crate::{Field, FieldError};
use holdfast_domain::{Currency, Hold, Money, parse_amount, parse_amount_or_share};
use serde::Deserialize;
use ts_rs::TS;

/// The three fields of the sheet, as typed; none means the default. Service charge and tip may be a
/// share of the bill: `12.5%`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct TakeTyped {
    /// What was had. The bill less what is taken already, by default.
    pub bill: Option<String>,
    /// Service charge. None by default, or what was agreed when the rest was asked for.
    pub service: Option<String>,
    /// Tip. The same.
    pub tip: Option<String>,
}

/// What was typed, read; with what could not be.
pub(crate) struct TakeSums {
    pub(crate) bill: Money,
    pub(crate) service: Money,
    pub(crate) tip: Money,
    pub(crate) total: Money,
    pub(crate) errors: Vec<FieldError>,
}

impl TakeSums {
    /// Of amounts that are known, in minor units.
    pub(crate) const fn of(bill: i64, service: i64, tip: i64, currency: Currency) -> Self {
        let total = bill.saturating_add(service).saturating_add(tip);
        Self {
            bill: Money::new(bill, currency),
            service: Money::new(service, currency),
            tip: Money::new(tip, currency),
            total: Money::new(total, currency),
            errors: Vec::new(),
        }
    }
}

/// Reads what was typed. `due` is the bill where none is typed, `agreed` the service charge and tip.
pub(crate) fn sums(typed: &TakeTyped, due: Money, agreed: (i64, i64), currency: Currency) -> TakeSums {
    let mut errors = Vec::new();
    let mut read = |field: Field, text: Option<&String>, default: Money, of: Option<Money>| {
        let read = match (text.map(|t| t.trim()), of) {
            (None, _) => return default,
            (Some(""), _) => return Money::zero(currency),
            (Some(text), Some(of)) => parse_amount_or_share(text, of),
            (Some(text), None) => parse_amount(text, currency, false),
        };
        read.unwrap_or_else(|problem| {
            errors.push(FieldError::new(field, Mistyped::Amount(problem)));
            Money::zero(currency)
        })
    };
    let bill = read(Field::Bill, typed.bill.as_ref(), due, None);
    let (service, tip) = agreed;
    let service = read(
        Field::Service,
        typed.service.as_ref(),
        Money::new(service, currency),
        Some(bill),
    );
    let tip = read(
        Field::Tip,
        typed.tip.as_ref(),
        Money::new(tip, currency),
        Some(bill),
    );
    TakeSums {
        errors,
        ..TakeSums::of(bill.minor, service.minor, tip.minor, currency)
    }
}

/// What one hold gives, in minor units.
pub(crate) struct HoldShare {
    pub(crate) hold: Hold,
    /// Bill and service charge.
    pub(crate) amount: i64,
    /// Service charge within it.
    pub(crate) service: i64,
    pub(crate) tip: i64,
}

impl HoldShare {
    /// Bill, service charge and tip.
    pub(crate) const fn total(&self) -> i64 {
        self.amount.saturating_add(self.tip)
    }

    /// Of the bill.
    pub(crate) const fn bill(&self) -> i64 {
        self.amount.saturating_sub(self.service)
    }
}

/// Works the total out over the holds, in the order of `account::due::takeable`, each as far as it goes: the bill, then
/// the service charge, then the tip. The tip is with the last money taken, and reaches back where that hold has no
/// room for it. Dojo takes no tip alone, so each share keeps some of what is due; where it can't, there
/// are no shares.
pub(crate) fn split(holds: &[Hold], sums: &TakeSums) -> Vec<HoldShare> {
    let due = sums.bill.minor.saturating_add(sums.service.minor);
    let left = holds
        .iter()
        .fold(0_i64, |sum, hold| sum.saturating_add(hold.left()));
    let mut tip = sums.tip.minor.min(left.saturating_sub(due)).max(0);
    let mut rest = due.saturating_add(tip);
    let mut shares = Vec::new();
    for hold in holds {
        let amount = rest.min(hold.left());
        rest = rest.saturating_sub(amount);
        if amount > 0 {
            shares.push(HoldShare {
                hold: hold.clone(),
                amount,
                service: 0,
                tip: 0,
            });
        }
    }
    for share in shares.iter_mut().rev() {
        share.tip = tip.min(share.amount.saturating_sub(1));
        share.amount = share.amount.saturating_sub(share.tip);
        tip = tip.saturating_sub(share.tip);
    }
    if tip > 0 {
        shares.clear();
    }
    let mut bill = sums.bill.minor;
    for share in &mut shares {
        share.service = share.amount.saturating_sub(bill).max(0);
        bill = bill.saturating_sub(share.amount).max(0);
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_domain::{IntentStatus, TabId};
    use holdfast_ledger_conformance::sample::{hold, seen};

    /// Amount without tip, service charge within it, and tip, of each of some holds of 100.00.
    fn shares(holds: usize, bill: i64, service: i64, tip: i64) -> Vec<(i64, i64, i64)> {
        let held = || Hold {
            seen: Some(seen(IntentStatus::Authorized, &[])),
            ..hold(TabId(uuid::Uuid::nil()))
        };
        let holds: Vec<Hold> = (0..holds).map(|_| held()).collect();
        let sums = TakeSums::of(bill, service, tip, Currency::Gbp);
        let all = split(&holds, &sums);
        all.iter()
            .map(|share| (share.amount, share.service, share.tip))
            .collect()
    }

    #[test]
    fn a_tip_alone_is_taken_of_no_hold() {
        assert_eq!(shares(1, 0, 0, 500), []);
        assert_eq!(shares(2, 0, 0, 15_000), []);
        assert_eq!(shares(1, 1, 0, 500), [(1, 0, 500)]);
    }

    #[test]
    fn the_bill_comes_first_and_the_tip_with_the_last_money() {
        assert_eq!(
            shares(2, 11_000, 1_000, 500),
            [(10_000, 0, 0), (2_000, 1_000, 500)]
        );
        // The last hold keeps a penny of what is due.
        assert_eq!(shares(2, 10_000, 1, 9_999), [(10_000, 0, 0), (1, 1, 9_999)]);
        // There is no room for more than the two.
        assert_eq!(shares(1, 9_000, 500, 800), [(9_500, 500, 500)]);
        assert_eq!(shares(1, 10_000, 0, 1), [(10_000, 0, 0)]);
    }
}
