//! Why something isn't done as somebody asked: what the parts decide, and `wording` words.

mod not_possible;
mod typed;

pub(crate) use not_possible::{NoReport, NoRestore, NotPossible, WhyKept};
pub(crate) use typed::{Mistyped, SettingProblem};

use crate::AppError;
use holdfast_domain::{Money, Refusal};

/// A take or refund that Dojo has yet to settle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unsettled {
    Take(Money),
    Refund(Money),
    /// A take that Dojo shows and nobody here decided.
    TakeElsewhere(Money),
}

/// Why nothing can be taken now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TakeRefused {
    Unsettled(Unsettled),
    NothingHeld,
    /// Something is on hold, and none of it can be taken.
    CantBeTaken {
        held: Money,
        why: Refusal,
    },
    NothingDue,
    /// More was typed than is due, and than is on hold.
    TypedTooMuch {
        typed: Money,
        due: Money,
        left: Money,
    },
    /// More is to be taken than the `left` that is held. `is_more`: with service charge or tip. `may_ask`: for
    /// the rest.
    OverHold {
        is_more: bool,
        over: Money,
        left: Money,
        may_ask: bool,
    },
    NothingToTake,
    TipAlone,
}

/// What staff have yet to agree to before a take, or agreed to and isn't so any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unconfirmed {
    /// By how much the bill that was typed passes what is due.
    AboveDue(Money),
    NotAboveDue,
    /// What Dojo takes by itself, and when, as text.
    DojoTakes {
        money: Money,
        when: Option<String>,
    },
    DojoTakesNothing,
}

/// Why a part of a take wasn't sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum KeptBack {
    /// Dojo hasn't confirmed the part before it.
    Pending,
    /// Nobody knows yet what became of the part before it.
    Unclear,
    /// The part before it was declined.
    Declined,
    /// Dojo refused the part before it.
    Refused,
    /// The part before it never left.
    Offline,
    /// Dojo has no record of the part before it.
    Absent,
    /// Dojo shows something other than the part before it.
    Conflict,
    /// The program ended before it was sent.
    Interrupted,
    /// It couldn't be decided or read.
    Error(Box<AppError>),
}

/// What a part of a hold's refunds is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RefundPartName {
    Bill,
    Service,
    Tip,
    /// Nobody has said.
    NotSaid,
}

/// Why a refund can't be made as it was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RefundProblem {
    /// More than can be refunded of a part.
    OverPart { part: RefundPartName, most: Money },
    /// More than can be refunded in all.
    OverAll(Money),
    /// The parts don't add up to what was refunded.
    DontAddUp { refunded: Money, typed: Money },
    /// Nothing is typed.
    Nothing,
    /// Something that Dojo has yet to settle decides what a refund is of.
    Waits(Unsettled),
    /// Something would be due on a tab that nobody looks at.
    TabClosed,
}

/// How a tab's hold ended at its deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    TakenByDojo,
    /// Another hold of the tab is in force.
    OneOfSeveral,
    /// Something was taken before.
    RestReleased,
    Released,
}

/// What a tab's hold left behind as it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Behind {
    /// This of the bill isn't covered any more.
    Uncovered(Money),
    StillHeld(Money),
    Nothing,
}

/// What became of a hold that passed its deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lapse {
    pub(crate) ended: Ended,
    pub(crate) behind: Behind,
}
