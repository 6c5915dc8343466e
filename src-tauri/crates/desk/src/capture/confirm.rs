//! What a take does beyond the plain sum: staff agree to each of these first.

use crate::capture::split::{HoldShare, TakeSums};
use crate::context::frame::Frame;
use crate::context::reasons::Unconfirmed;
use crate::wording;
use chrono::{DateTime, Utc};
use holdfast_domain::{DeadlineAction, Money};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What staff have agreed to beyond the plain sum, in minor units: each must be what the desk asks about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export)]
pub struct Agreed {
    /// By how much the bill that was typed passes what is due.
    #[ts(type = "number")]
    pub above_minor: i64,
    /// What Dojo takes by itself at the deadline, of the holds that are taken from.
    #[ts(type = "number")]
    pub dojo_takes_minor: i64,
}

/// What staff have to agree to before a take is sent.
pub(crate) struct ToConfirm {
    /// By how much the bill that was typed passes what is due.
    pub(crate) above: Option<Money>,
    /// What Dojo takes by itself after this.
    pub(crate) dojo_takes: Option<DojoTakesRest>,
}

/// After a first take nobody can release the rest: Dojo takes it at the deadline.
pub(crate) struct DojoTakesRest {
    /// How much.
    pub(crate) money: Money,
    /// When that is.
    at: Option<DateTime<Utc>>,
}

impl DojoTakesRest {
    fn when(&self, frame: Frame) -> Option<String> {
        self.at.map(|at| wording::day_and_time(at, frame))
    }

    /// What that means, for people.
    pub(crate) fn words(&self, frame: Frame) -> String {
        wording::takes::dojo_takes_rest(self.money, self.when(frame).as_deref())
    }
}

impl ToConfirm {
    /// What a take of `shares` brings about that its sum does not say.
    pub(crate) fn of(sums: &TakeSums, due: Money, shares: &[HoldShare]) -> Self {
        let above = sums.bill.minor.saturating_sub(due.minor);
        let is_above = above > 0 && due.minor > 0;
        Self {
            above: is_above.then(|| Money::new(above, due.currency)),
            dojo_takes: dojo_takes(shares),
        }
    }

    /// What a person agrees to who has seen this.
    pub(crate) fn agreed(&self) -> Agreed {
        let minor = |money: Option<&Money>| money.map_or(0, |money| money.minor);
        Agreed {
            above_minor: minor(self.above.as_ref()),
            dojo_takes_minor: minor(self.dojo_takes.as_ref().map(|takes| &takes.money)),
        }
    }

    /// What staff have yet to agree to, or agreed to and isn't so any more.
    pub(crate) fn unconfirmed(&self, agreed: Agreed, frame: Frame) -> Option<Unconfirmed> {
        let asked = self.agreed();
        let above = self
            .above
            .as_ref()
            .filter(|money| money.minor != agreed.above_minor);
        if let Some(above) = above {
            return Some(Unconfirmed::AboveDue(*above));
        }
        if asked.above_minor != agreed.above_minor {
            return Some(Unconfirmed::NotAboveDue);
        }
        if asked.dojo_takes_minor == agreed.dojo_takes_minor {
            return None;
        }
        let takes = self.dojo_takes.as_ref();
        Some(
            takes.map_or(Unconfirmed::DojoTakesNothing, |takes| Unconfirmed::DojoTakes {
                money: takes.money,
                when: takes.when(frame),
            }),
        )
    }
}

/// Only of holds that are taken from: one that is untouched can still be released.
fn dojo_takes(shares: &[HoldShare]) -> Option<DojoTakesRest> {
    let of_it: Vec<(&HoldShare, i64)> = shares
        .iter()
        .filter(|share| share.hold.expire_action == Some(DeadlineAction::Capture))
        .map(|share| (share, share.hold.left().saturating_sub(share.total())))
        .filter(|(_, rest)| *rest > 0)
        .collect();
    let minor = of_it
        .iter()
        .fold(0_i64, |sum, (_, rest)| sum.saturating_add(*rest));
    let (first, _) = of_it.first()?;
    Some(DojoTakesRest {
        money: first.hold.money(minor),
        at: first.hold.deadline().map(|deadline| deadline.at),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_domain::Currency;

    #[test]
    fn a_bill_is_above_what_is_due_only_where_something_is() {
        let above = |bill, due| {
            let (sums, due) = (
                TakeSums::of(bill, 0, 0, Currency::Gbp),
                Money::new(due, Currency::Gbp),
            );
            ToConfirm::of(&sums, due, &[]).above.map(|money| money.minor)
        };
        assert_eq!((above(5_000, 4_000), above(4_000, 4_000)), (Some(1_000), None));
        assert_eq!(above(5_000, 0), None, "with nothing due nothing is taken at all");
    }
}
