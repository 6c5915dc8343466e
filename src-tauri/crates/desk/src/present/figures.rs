//! What stands over rows: their sums, be it all that is open, what a filter shows or what a search found.

use crate::context::frame::Frame;
use crate::present::deadline::deadline;
use crate::present::floor_tab::FloorTab;
use crate::present::view::{self, Figures};

/// Of these open tabs.
pub(crate) fn figures<'a>(open: impl Iterator<Item = &'a FloorTab> + Clone, frame: Frame) -> Figures {
    let rows = || open.clone().map(|tab| &tab.row);
    // Hold by hold: another card of the same tab may have days yet.
    let holds = open.clone().flat_map(|tab| &tab.account.holds);
    let ends: Vec<view::Money> = holds
        .filter_map(|entry| deadline(entry, frame))
        .filter(|deadline| deadline.is_expiring)
        .map(|deadline| deadline.ends.into())
        .collect();
    Figures {
        open: rows().count(),
        held: view::sums(rows().map(|row| &row.left)),
        due: view::sums(rows().map(|row| &row.due)),
        expiring: view::sums(ends.iter()),
        being_taken: view::sums(rows().filter_map(|row| Some(&row.being_taken.as_ref()?.amount))),
    }
}
