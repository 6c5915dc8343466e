//! The table of bill lines.

use crate::error::StoreError;
use crate::integrity::row_hash::{self, HashedTable};
use crate::store::{
    commit::{commit, json},
    rows,
};
use holdfast_domain::{Line, TabId};
use holdfast_ledger::Note;
use rusqlite::{Connection, params};

pub(crate) fn lines(c: &Connection, tab: TabId) -> Result<Vec<Line>, StoreError> {
    rows::bodies(
        c,
        "SELECT body FROM line WHERE tab = ?1 ORDER BY rowid",
        [tab.to_string()],
    )
}

pub(crate) fn add_line(c: &Connection, line: &Line, note: &Note) -> Result<(), StoreError> {
    commit(c, std::slice::from_ref(note), |t| {
        t.prepare_cached("INSERT INTO line (id, tab, body) VALUES (?1, ?2, ?3)")?
            .execute(params![line.id.to_string(), line.tab.to_string(), json(line)?])?;
        row_hash::set(t, HashedTable::Line, &line.id.to_string())
    })
}
