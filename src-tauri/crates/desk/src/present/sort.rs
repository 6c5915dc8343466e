//! In which order the floor stands, and what its filters leave.

use crate::context::frame::Frame;
use crate::present::figures::figures;
use crate::present::floor_tab::FloorTab;
use crate::present::group::Group;
use crate::present::view::{FilterCount, TabRow};
use crate::wording::floor as words;
use holdfast_domain::{FloorOrder, Kind, plain};
use serde::Serialize;
use std::cmp::Reverse;
use ts_rs::TS;

/// Puts rows, which come most urgent first, in the order that was chosen.
pub(crate) fn put_in_order(order: FloorOrder, rows: &mut [TabRow]) {
    match order {
        FloorOrder::Urgent => {}
        FloorOrder::Newest => rows.sort_by_key(|row| Reverse(row.opened_at)),
        FloorOrder::Name => rows.sort_by_cached_key(|row| by_name(&row.name)),
    }
}

/// A key under which names stand as people list them.
fn by_name(name: &str) -> String {
    let (mut key, mut number) = (String::new(), String::new());
    // The blank at the end closes a number there.
    for letter in plain(name).chars().chain([' ']) {
        if letter.is_ascii_digit() {
            number.push(letter);
        } else {
            if !number.is_empty() {
                key.push_str(&format!("{:0>12}", std::mem::take(&mut number)));
            }
            key.push(letter);
        }
    }
    key
}

/// A part of the floor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Filter {
    /// Everything.
    All,
    /// Bar tabs.
    Tab,
    /// Deposits.
    Deposit,
    /// The guest or Dojo has yet to answer: [`Group::Waiting`].
    Waiting,
    /// Staff are warned of its deadline: `Deadline::is_expiring`.
    Expiring,
    /// Somebody has to look.
    Needs,
}

impl Filter {
    const ALL: [(Self, &'static str); 6] = [
        (Self::All, words::ALL),
        (Self::Tab, words::TABS),
        (Self::Deposit, words::DEPOSITS),
        (Self::Waiting, words::WAITING),
        (Self::Expiring, words::EXPIRING),
        (Self::Needs, words::NEEDS_ATTENTION),
    ];

    fn has(self, row: &TabRow) -> bool {
        match self {
            Self::All => true,
            Self::Tab => row.kind == Kind::Tab,
            Self::Deposit => row.kind == Kind::Deposit,
            Self::Waiting => row.group == Group::Waiting,
            Self::Expiring => row.deadline.as_ref().is_some_and(|d| d.is_expiring),
            Self::Needs => row.group == Group::Attention,
        }
    }

    /// Those under which `row` stands, as it is grouped now.
    pub(crate) fn of(row: &TabRow) -> Vec<Self> {
        let all = Self::ALL.into_iter().map(|(filter, _)| filter);
        all.filter(|filter| filter.has(row)).collect()
    }

    /// All of them with their counts. `others` is how many things need attention that are about no open tab.
    pub(crate) fn counted(open: &[FloorTab], others: usize, frame: Frame) -> Vec<FilterCount> {
        Self::ALL
            .into_iter()
            .map(|(filter, words)| {
                let under = open.iter().filter(|tab| tab.row.filters.contains(&filter));
                let figures = figures(under, frame);
                let count = match filter {
                    Self::All | Self::Needs => figures.open.saturating_add(others),
                    Self::Tab | Self::Deposit | Self::Waiting | Self::Expiring => figures.open,
                };
                FilterCount {
                    filter,
                    words,
                    count,
                    figures,
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::by_name;

    #[test]
    fn table_9_stands_before_table_12_and_accents_do_not_matter() {
        let mut names = ["Table 12", "Zoë", "Ämter", "Table 9", "zara", "Table 9a", "Abel"];
        names.sort_by_cached_key(|name| by_name(name));
        assert_eq!(
            names,
            ["Abel", "Ämter", "Table 9", "Table 9a", "Table 12", "zara", "Zoë"]
        );
    }
}
