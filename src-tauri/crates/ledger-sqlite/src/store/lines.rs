//! The table of bill lines.

use crate::error::StoreError;
use crate::store::{commit::commit, rows};
use holdfast_domain::{Line, TabId};
use holdfast_ledger::Note;
use rusqlite::Connection;

pub(crate) fn lines(c: &Connection, tab: TabId) -> Result<Vec<Line>, StoreError> {
    rows::all(c, "line r WHERE r.tab = ?1 ORDER BY r.place", [rows::key(&tab.0)])
}

pub(crate) fn add_line(c: &Connection, line: &Line, note: &Note) -> Result<(), StoreError> {
    commit(c, std::slice::from_ref(note), |t| rows::insert(t, line).map(drop))
}
