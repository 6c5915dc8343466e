//! In which part of the floor a row stands when the most urgent come first, and what each part adds up to.

use crate::present::view::{self, FloorGroup, TabRow};
use crate::wording::floor as words;
use serde::Serialize;
use ts_rs::TS;

/// A part of the floor. The order is that in which they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Group {
    /// Somebody has to look: it's over the hold, something failed or isn't confirmed, or there's no time to lose.
    Attention,
    /// The guest or Dojo has yet to answer.
    Waiting,
    /// Something is on hold.
    Held,
    /// All of the bill is taken, and the tab can be closed.
    Paid,
    /// Nothing is on hold, and nothing is waited for.
    Rest,
}

/// What a row is put into its group by.
pub(crate) struct GroupFacts {
    /// A hold of it is in a bad way, or the bill is beyond what is on hold.
    pub(crate) is_urgent: bool,
    /// The guest or Dojo has yet to answer.
    pub(crate) is_waiting: bool,
    /// Something was taken, nothing is still to take, and the tab can be closed.
    pub(crate) is_paid: bool,
    /// Minor units on hold.
    pub(crate) left: i64,
}

impl Group {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Attention, words::NEEDS_ATTENTION),
        (Self::Waiting, words::WAITING),
        (Self::Held, words::ON_HOLD),
        (Self::Paid, words::PAID),
        (Self::Rest, words::NOTHING_ON_HOLD),
    ];

    pub(crate) const fn of(facts: &GroupFacts) -> Self {
        if facts.is_urgent {
            Self::Attention
        } else if facts.is_waiting {
            Self::Waiting
        } else if facts.is_paid {
            Self::Paid
        } else if facts.left > 0 {
            Self::Held
        } else {
            Self::Rest
        }
    }

    /// Those in which something stands, with what their rows add up to. `others` is how many things need attention
    /// that are about no open tab.
    pub(crate) fn summed(rows: &[TabRow], others: usize) -> Vec<FloorGroup> {
        let all = Self::ALL.into_iter().map(|(group, words)| {
            let of = || rows.iter().filter(move |row| row.group == group);
            FloorGroup {
                group,
                words,
                count: match group {
                    Self::Attention => of().count().saturating_add(others),
                    Self::Waiting | Self::Held | Self::Paid | Self::Rest => of().count(),
                },
                due: view::sums(of().map(|row| &row.due)),
                held: view::sums(of().map(|row| &row.left)),
            }
        });
        all.filter(|group| group.count > 0).collect()
    }
}

impl TabRow {
    /// Puts it into another part of the floor.
    pub(crate) fn put_in(&mut self, group: Group) {
        self.group = group;
        self.filters = crate::Filter::of(self);
    }
}
