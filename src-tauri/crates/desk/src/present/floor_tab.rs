//! An open tab, as the views of the floor need it.

use crate::account::Account;
use crate::account::facts::Facts;
use crate::context::frame::Frame;
use crate::present::row;
use crate::present::view::TabRow;

/// An open tab, with what it is and how it's shown.
pub(crate) struct FloorTab {
    pub(crate) account: Account,
    pub(crate) facts: Facts,
    pub(crate) row: TabRow,
}

impl FloorTab {
    pub(crate) fn of(account: Account, frame: Frame) -> Self {
        let facts = Facts::of(&account, frame);
        let row = row::row_of(&account, &facts, frame);
        Self { account, facts, row }
    }
}
