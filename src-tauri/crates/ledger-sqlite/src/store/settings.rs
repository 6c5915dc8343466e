//! The table of settings.

use crate::error::StoreError;
use crate::store::{commit::commit, rows};
use holdfast_ledger::stored::StoredSetting;
use holdfast_ledger::{LedgerError, Note};
use rusqlite::{Connection, Transaction};

/// The setting that [`holdfast_ledger::Restored`] is kept in.
pub(crate) const RESTORED: &str = "restored";

fn stored(c: &Connection, name: &str) -> Result<Option<StoredSetting>, StoreError> {
    rows::first(c, "setting r WHERE r.name = ?1", [name])
}

pub(crate) fn setting(c: &Connection, name: &str) -> Result<Option<String>, StoreError> {
    Ok(stored(c, name)?.map(|setting| setting.value))
}

/// Sets it; of what somebody has seen, only while it's that.
pub(crate) fn set_setting(
    c: &Connection,
    name: &str,
    value: &str,
    seen: Option<Option<String>>,
    note: &Note,
) -> Result<(), StoreError> {
    commit(c, std::slice::from_ref(note), |t| {
        if let Some(seen) = seen
            && setting(t, name)? != seen
        {
            return Err(LedgerError::Changed.into());
        }
        keep(t, name, value)
    })
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
