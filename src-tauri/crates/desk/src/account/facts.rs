//! What a tab is and comes to, worked out once for every view of it.

use crate::account::state::{state, tab_state, telling};
use crate::account::taking::Taking;
use crate::account::{Account, due, totals};
use crate::context::frame::Frame;
use crate::context::reasons::{Behind, Ended, Lapse};
use chrono::{DateTime, Utc};
use holdfast_domain::{Currency, Hold, Money, Operation, TabState, Urgency};

/// A tab's state and its sums in minor units, and what follows from them alone.
pub(crate) struct Facts {
    pub(crate) currency: Currency,
    pub(crate) state: TabState,
    /// Somebody has to look.
    pub(crate) needs_person: bool,
    pub(crate) bill: i64,
    /// Still to take, without what is being taken.
    pub(crate) due: i64,
    /// On hold, without what is being taken.
    pub(crate) left: i64,
    pub(crate) captured: i64,
    pub(crate) refunded: i64,
    /// What is or was on hold on holds that Dojo hasn't ended, the taken part included.
    pub(crate) held: i64,
    /// What guests were asked for and haven't paid.
    pub(crate) asked: i64,
    pub(crate) taking: Taking,
    /// On hold beyond what is still to take; none where nothing is on hold, or too little.
    pub(crate) to_spend: Option<i64>,
    /// Of the bill, neither taken nor on hold any more since a hold expired.
    pub(crate) uncovered: Option<i64>,
    /// Of the bill, neither on hold nor asked for, where something is or was on hold.
    pub(crate) short: Option<Money>,
    /// Something was taken, and nothing is still to take.
    pub(crate) is_paid: bool,
}

impl Facts {
    pub(crate) fn of(account: &Account, frame: Frame) -> Self {
        let paid = due::paid(account);
        let due = paid.due();
        let (captured, held) = (totals::captured(account), totals::held(account));
        let taking = Taking::of(account, frame.now);
        let left = taking.leaves(account);
        let free = due::on_hold(account).saturating_sub(taking.on_hold);
        let to_take = due.saturating_sub(taking.bill).max(0);
        Self {
            currency: account.tab.currency,
            state: tab_state(account, frame),
            needs_person: needs_person(account, frame.now),
            bill: paid.bill(),
            due: to_take,
            left,
            captured,
            refunded: totals::sum(account, Hold::refunded),
            held,
            asked: asked(account, frame),
            taking,
            to_spend: room(free, to_take),
            uncovered: due::uncovered(account, frame.now),
            short: due::missing(account, frame.now).filter(|_| held > 0),
            is_paid: captured > 0 && due == 0,
        }
    }

    /// An amount of the tab.
    pub(crate) const fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.currency)
    }

    /// How a hold of it ended at its deadline and what that leaves open; none where the tab doesn't speak of one.
    pub(crate) fn lapse(&self) -> Option<Lapse> {
        if self.state != TabState::Expired && self.uncovered.is_none() {
            return None;
        }
        let is_held = self.left > 0;
        let ended = if self.state == TabState::TakenByDojo {
            Ended::TakenByDojo
        } else if is_held {
            Ended::OneOfSeveral
        } else if self.captured > 0 {
            Ended::RestReleased
        } else {
            Ended::Released
        };
        let behind = match self.uncovered {
            Some(minor) => Behind::Uncovered(self.money(minor)),
            None if is_held => Behind::StillHeld(self.money(self.left)),
            None => Behind::Nothing,
        };
        Some(Lapse { ended, behind })
    }
}

/// Minor units on hold beyond what is still to take, where anything is on hold and it is enough. Both are without what
/// is being taken: that can't be spent again.
const fn room(free: i64, to_take: i64) -> Option<i64> {
    let room = free.saturating_sub(to_take);
    if free > 0 && room >= 0 { Some(room) } else { None }
}

/// Minor units that guests were asked for and have not paid.
fn asked(account: &Account, frame: Frame) -> i64 {
    let holds = account.holds.iter();
    let waiting = holds.filter(|(hold, operations)| state(hold, operations, frame.now).is_waiting());
    waiting.fold(0_i64, |sum, (hold, _)| sum.saturating_add(hold.requested()))
}

/// Whether a person has to look at a tab: a hold of it is in a bad way, or its bill has lost its cover.
pub(crate) fn needs_person(account: &Account, now: DateTime<Utc>) -> bool {
    let is_bad = |(hold, operations): &(Hold, Vec<Operation>)| {
        state(hold, operations, now).urgency() == Urgency::Now
            || telling(operations).is_some_and(|o| o.urgency() == Urgency::Now)
    };
    due::uncovered(account, now).is_some() || account.holds.iter().any(is_bad)
}
