//! The table of settings.

use crate::error::StoreError;
use crate::store::{commit::commit, rows};
use holdfast_ledger::Note;
use holdfast_ledger::stored::StoredSetting;
use rusqlite::{Connection, Transaction};

/// The setting that [`holdfast_ledger::Restored`] is kept in.
pub(crate) const RESTORED: &str = "restored";

fn stored(c: &Connection, name: &str) -> Result<Option<StoredSetting>, StoreError> {
    rows::first(c, "setting r WHERE r.name = ?1", [name])
}

pub(crate) fn setting(c: &Connection, name: &str) -> Result<Option<String>, StoreError> {
    Ok(stored(c, name)?.map(|setting| setting.value))
}

pub(crate) fn set_setting(c: &Connection, name: &str, value: &str, note: &Note) -> Result<(), StoreError> {
    commit(c, std::slice::from_ref(note), |t| keep(t, name, value))
}

/// Writes it, without a word in the journal.
pub(crate) fn keep(t: &Transaction<'_>, name: &str, value: &str) -> Result<(), StoreError> {
    let setting = StoredSetting {
        name: name.to_owned(),
        value: value.to_owned(),
    };
    match stored(t, name)? {
        Some(_) => rows::update(t, &setting),
        None => rows::insert(t, &setting).map(drop),
    }
}
