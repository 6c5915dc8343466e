//! The table of settings.

use crate::error::StoreError;
use crate::integrity::row_hash::{self, HashedTable};
use crate::store::commit::commit;
use holdfast_ledger::Note;
use rusqlite::{Connection, OptionalExtension, params};

/// The setting that [`holdfast_ledger::Restored`] is kept in.
pub(crate) const RESTORED: &str = "restored";

pub(crate) fn setting(c: &Connection, name: &str) -> Result<Option<String>, StoreError> {
    let mut query = c.prepare_cached("SELECT value FROM setting WHERE name = ?1")?;
    Ok(query.query_row([name], |r| r.get(0)).optional()?)
}

pub(crate) fn set_setting(c: &Connection, name: &str, value: &str, note: &Note) -> Result<(), StoreError> {
    commit(c, std::slice::from_ref(note), |t| {
        t.prepare_cached(
            "INSERT INTO setting (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )?
        .execute(params![name, value])?;
        row_hash::set(t, HashedTable::Setting, name)
    })
}
