//! What a take does beyond the plain sum: staff agree to each of these first.

use crate::capture::{Agreed, HoldShare, Sums};
use crate::context::frame::Frame;
use crate::wording;
use holdfast_domain::{DeadlineAction, Money};

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
    /// What that means, for people.
    pub(crate) words: String,
}

impl ToConfirm {
    /// What a take of `shares` brings about that its sum does not say.
    pub(crate) fn of(sums: &Sums, due: Money, shares: &[HoldShare], frame: Frame) -> Self {
        let above = sums.bill.minor.saturating_sub(due.minor);
        let is_above = above > 0 && due.minor > 0;
        Self {
            above: is_above.then(|| Money::new(above, due.currency)),
            dojo_takes: dojo_takes(shares, frame),
        }
    }

    /// What staff have yet to agree to, for people.
    pub(crate) fn unconfirmed(&self, agreed: Agreed) -> Option<String> {
        let minor = |money: Option<&Money>| money.map_or(0, |money| money.minor);
        let above = self
            .above
            .as_ref()
            .filter(|money| money.minor != agreed.above_minor);
        if let Some(above) = above {
            return Some(format!("That’s {above} more than is due. Confirm it first."));
        }
        if minor(self.above.as_ref()) != agreed.above_minor {
            return Some("That’s no longer more than is due. Check the figures first.".to_owned());
        }
        let takes = self.dojo_takes.as_ref();
        if minor(takes.map(|takes| &takes.money)) == agreed.dojo_takes_minor {
            return None;
        }
        Some(takes.map_or_else(
            || "Dojo takes nothing more after this. Check the figures first.".to_owned(),
            |takes| format!("{} Confirm it first.", takes.words),
        ))
    }
}

/// Only of holds that are taken from: one that is untouched can still be released.
fn dojo_takes(shares: &[HoldShare], frame: Frame) -> Option<DojoTakesRest> {
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
    let money = first.hold.money(minor);
    let when = first.hold.deadline().map_or_else(String::new, |deadline| {
        format!(" {}", wording::day_and_time(deadline.at, frame))
    });
    Some(DojoTakesRest {
        words: format!(
            "Dojo takes the other {money} too,{when}. Once you take part, nobody can release the rest: \
             you can only refund it."
        ),
        money,
    })
}
