//! What a manager should know of a tab before the night is closed.

use chrono::NaiveDate;
use holdfast_domain::{Money, TabState};

/// What a manager should know of a tab before the night is closed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Flag {
    /// A request is on its way; of a take, how much.
    UnderWay { state: TabState, taking: Option<Money> },
    /// The bill is over its hold.
    OverHold(Money),
    /// How much of the bill isn't taken.
    Short(Money),
    /// How much of the service charge and the tip isn't taken: the hold is too small.
    Cut { service: Money, tip: Money },
    /// The bill has nothing behind it.
    NotPaid(Money),
    /// The bill that was typed passes what is due.
    AboveDue(Money),
    /// Dojo takes the rest by itself at the deadline.
    DojoTakes(Money),
    /// A person has to look first.
    NeedsPerson(TabState),
    /// It has no name.
    NoName,
    /// The guest's card never came.
    CardNeverAdded,
    /// A deposit without a day of departure.
    NoDeparture,
    /// A deposit whose guest departs on that day, after today.
    DepartsLater(NaiveDate),
    /// A deposit whose guest departs today.
    DepartsToday,
    /// A deposit whose guest left on that day.
    Departed(NaiveDate),
    /// Some was taken, and something is on hold or due yet.
    PartTaken(Money),
    /// All that is due was taken.
    Taken(Money),
    /// It was opened on an earlier business day.
    OpenSince(NaiveDate),
    /// Something is on hold and nothing was had.
    NothingOnBill,
    /// A refund is to be charged again.
    ChargeAgain(Money),
    /// More was paid than was had.
    BeyondBill(Money),
    /// It is left for later.
    LeftOpen,
    /// It stays open after what was chosen, with this much on hold.
    StaysOpen(Money),
}

impl Flag {
    /// The tab's state, where it says that.
    pub(crate) const fn state(&self) -> Option<&TabState> {
        match self {
            Self::UnderWay { state, .. } | Self::NeedsPerson(state) => Some(state),
            Self::OverHold(_)
            | Self::Short(_)
            | Self::Cut { .. }
            | Self::NotPaid(_)
            | Self::AboveDue(_)
            | Self::DojoTakes(_)
            | Self::NoName
            | Self::CardNeverAdded
            | Self::NoDeparture
            | Self::DepartsLater(_)
            | Self::DepartsToday
            | Self::Departed(_)
            | Self::PartTaken(_)
            | Self::Taken(_)
            | Self::OpenSince(_)
            | Self::NothingOnBill
            | Self::ChargeAgain(_)
            | Self::BeyondBill(_)
            | Self::LeftOpen
            | Self::StaysOpen(_) => None,
        }
    }
}
