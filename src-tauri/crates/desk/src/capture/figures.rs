//! What taking would do to a tab as it stands, worked out before anything is written or sent.

use super::{HoldShare, TakeSums, TakeTyped, ToConfirm, split, sums};
use crate::account::Account;
use crate::account::allowed::refused;
use crate::account::due::{agreed_before, at_hand, takeable, unsettled_take};
use crate::context::frame::Frame;
use crate::context::reasons::TakeRefused;
use chrono::{DateTime, Utc};
use holdfast_domain::{Action, DeadlineAction, Hold, Money, Operation};

/// A take, worked out.
pub(crate) struct TakeFigures {
    /// Still to take of the bill.
    pub(crate) due: Money,
    /// What was typed, or is due.
    pub(crate) sums: TakeSums,
    /// From which hold how much.
    pub(crate) shares: Vec<HoldShare>,
    /// By how much the total passes what is held.
    pub(crate) over: Option<Money>,
    /// What can be taken then, and what the guest can be asked for, if anything is held.
    pub(crate) way_on: Option<(Money, Money)>,
    /// Held, not taken, and off the card by Dojo's deadline.
    pub(crate) released: Money,
    /// What staff have to agree to first.
    pub(crate) to_confirm: ToConfirm,
    /// Why it can't be done.
    pub(crate) why: Option<TakeRefused>,
}

impl TakeFigures {
    /// Of what was typed.
    pub(crate) fn of(account: &Account, typed: &TakeTyped, frame: Frame) -> Self {
        let (due, _) = takeable(account, frame.now);
        let agreed = agreed_before(account, frame.now);
        Self::of_sums(account, sums(typed, due, agreed, account.tab.currency), frame)
    }

    /// Of all that is held where the whole of this is more: the bill first, then service charge and tip.
    pub(crate) fn of_what_is_held(self, account: &Account, frame: Frame) -> Self {
        let of = |each: fn(&HoldShare) -> i64| {
            let shares = self.shares.iter();
            shares.fold(0_i64, |sum, share| sum.saturating_add(each(share)))
        };
        let (bill, service, tip) = (
            of(HoldShare::bill),
            of(|share| share.service),
            of(|share| share.tip),
        );
        let held = TakeSums {
            errors: self.sums.errors,
            ..TakeSums::of(bill, service, tip, account.tab.currency)
        };
        Self::of_sums(account, held, frame)
    }

    fn of_sums(account: &Account, sums: TakeSums, frame: Frame) -> Self {
        let (due, holds) = takeable(account, frame.now);
        let left = at_hand(account, frame.now);
        let over = Money::new(sums.total.minor.saturating_sub(left.minor).max(0), due.currency);
        let shares = split(&holds, &sums);
        let uncovered = holds.is_empty().then(|| nothing_to_take(account, frame.now));
        let unsettled = unsettled_take(account, frame.now).map(TakeRefused::Unsettled);
        let has_way_on = over.minor > 0
            && left.minor > 0
            && due.minor > 0
            && unsettled.is_none()
            && may_ask_for_rest(&sums, left);
        let why = unsettled
            .or(uncovered)
            .or_else(|| why_not(due, &sums, &shares, left, over));
        Self {
            due,
            over: (over.minor > 0).then_some(over),
            way_on: has_way_on.then_some((left, over)),
            released: of_action(account, &shares, DeadlineAction::Release),
            to_confirm: ToConfirm::of(&sums, due, &shares),
            sums,
            shares,
            why,
        }
    }

    /// Whether it may be done now.
    pub(crate) fn is_allowed(&self) -> bool {
        self.why.is_none() && self.sums.errors.is_empty()
    }
}

/// Why no hold can be taken from: nothing is held, or what is held can't be taken.
fn nothing_to_take(account: &Account, now: DateTime<Utc>) -> TakeRefused {
    let rests = rests(account, &[]);
    let refused = rests
        .iter()
        .find_map(|((hold, operations), _)| refused(account, hold, operations, Action::Take, now));
    let held = rests
        .iter()
        .fold(0_i64, |sum, (_, rest)| sum.saturating_add(*rest));
    let held = Money::new(held, account.tab.currency);
    refused.map_or(TakeRefused::NothingHeld, |why| TakeRefused::CantBeTaken {
        held,
        why,
    })
}

/// Whether what is held may be taken now, and the rest asked for. Not where the rest is only service charge and tip: by
/// then nothing of the bill is left to take them with.
pub(super) fn may_ask_for_rest(sums: &TakeSums, left: Money) -> bool {
    left.minor < sums.bill.minor
}

fn why_not(
    due: Money,
    sums: &TakeSums,
    shares: &[HoldShare],
    left: Money,
    over: Money,
) -> Option<TakeRefused> {
    if due.minor == 0 {
        Some(TakeRefused::NothingDue)
    } else if over.minor > 0 && sums.bill.minor > due.minor {
        Some(TakeRefused::TypedTooMuch {
            typed: sums.bill,
            due,
            left,
        })
    } else if over.minor > 0 {
        Some(TakeRefused::OverHold {
            is_more: sums.total.minor > sums.bill.minor,
            over,
            left,
            may_ask: may_ask_for_rest(sums, left),
        })
    } else if sums.total.minor == 0 {
        Some(TakeRefused::NothingToTake)
    } else if shares.is_empty() {
        Some(TakeRefused::TipAlone)
    } else {
        None
    }
}

/// A hold and its operations, and what stays on hold of it, in minor units.
pub(crate) type Rest<'a> = (&'a (Hold, Vec<Operation>), i64);

/// What stays on hold of each hold, also of those that can't be taken from.
pub(crate) fn rests<'a>(account: &'a Account, shares: &[HoldShare]) -> Vec<Rest<'a>> {
    let taken = |hold: &Hold| {
        let of_it = shares.iter().find(|share| share.hold.id == hold.id);
        of_it.map_or(0, HoldShare::total)
    };
    let rests = account
        .holds
        .iter()
        .map(|of_it| (of_it, of_it.0.left().saturating_sub(taken(&of_it.0)).max(0)));
    rests.filter(|(_, rest)| *rest > 0).collect()
}

/// What drops off its card at Dojo's deadline once this is taken, and when the last of it does: nobody can release it
/// then. A card that nothing is taken from stays on hold as it is.
pub(crate) fn dropping(account: &Account, shares: &[HoldShare]) -> (Money, Option<DateTime<Utc>>) {
    let is_taken = |hold: &Hold| hold.captured() > 0 || shares.iter().any(|share| share.hold.id == hold.id);
    let rests = rests(account, shares).into_iter();
    let is_released = |hold: &Hold| hold.expire_action != Some(DeadlineAction::Capture);
    let dropping: Vec<_> = rests
        .filter(|((hold, _), _)| is_taken(hold) && is_released(hold))
        .collect();
    let minor = dropping
        .iter()
        .fold(0_i64, |sum, (_, rest)| sum.saturating_add(*rest));
    let ends = dropping
        .iter()
        .filter_map(|((hold, _), _)| Some(hold.deadline()?.at));
    (Money::new(minor, account.tab.currency), ends.max())
}

fn of_action(account: &Account, shares: &[HoldShare], action: DeadlineAction) -> Money {
    let rests = rests(account, shares);
    let of_it = rests
        .iter()
        .filter(|((hold, _), _)| hold.expire_action.unwrap_or(DeadlineAction::Release) == action);
    let minor = of_it.fold(0_i64, |sum, (_, rest)| sum.saturating_add(*rest));
    Money::new(minor, account.tab.currency)
}
