//! Making a ledger's file of another database's rows. It takes its name when it is whole and was checked.

use crate::error::StoreError;
use crate::format;
use crate::integrity::check;
use crate::recovery::{backup, beside, forgotten, open, recover, swap_file};
use crate::store::{rows, tables, tabs};
use async_trait::async_trait;
use holdfast_domain::TabId;
use holdfast_ledger::LedgerError;
use holdfast_ledger::moving::{GUEST_KEYS, JOURNAL, MovedRows, Target};
use holdfast_ledger::stored::{Field, Table};
use rusqlite::{Connection, params_from_iter};
use std::fs::File;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// A new ledger in a folder that has none. All that is written to it is one commit.
#[derive(Debug)]
pub struct NewFile {
    /// None once it's closed.
    connection: Option<Connection>,
    folder: PathBuf,
    _lock: File,
}

impl NewFile {
    /// Begins it in `folder`, which is made if it isn't there.
    ///
    /// # Errors
    /// [`LedgerError::Known`] where a ledger is in it, or has been; [`LedgerError::InUse`], [`LedgerError::Storage`].
    pub fn begin(folder: &Path) -> Result<Self, LedgerError> {
        // Before the lock, which makes the folder.
        if folder.exists() && (folder.join(swap_file::FILE).exists() || recover::has_history(folder)?) {
            return Err(LedgerError::Known);
        }
        let lock = open::lock(folder)?;
        swap_file::remove_unfinished(folder)?;
        let begun = begin(&folder.join(swap_file::NEW))?;
        Ok(Self {
            connection: Some(begun),
            folder: folder.to_owned(),
            _lock: lock,
        })
    }

    fn write(&self, MovedRows { table, rows }: MovedRows) -> Result<(), StoreError> {
        let c = self.connection.as_ref().ok_or_else(closed)?;
        for mut row in rows {
            if table == JOURNAL {
                put_entry(c, row)?;
                continue;
            }
            if table == GUEST_KEYS
                && let Some(tab) = row.first_mut()
            {
                *tab = Field::Int(place_of(c, tab)?);
            }
            rows::insert_fields(c, table, row)?;
        }
        Ok(())
    }

    fn end(&mut self, text: Option<&str>) -> Result<(), StoreError> {
        let c = self.connection.take().ok_or_else(closed)?;
        c.execute_batch(tables::GUARDS)?;
        c.pragma_update(None, "application_id", format::APPLICATION_ID)?;
        c.pragma_update(None, "user_version", format::TODAYS)?;
        c.execute_batch("COMMIT")?;
        forgotten::list_all(&self.folder, &c)?;
        // What is renamed must be whole without its log.
        c.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        c.close().map_err(|(_, error)| error)?;
        let new = self.folder.join(swap_file::NEW);
        check::file(&new)?;
        if let Some(text) = text {
            beside::write(&self.folder, text)?;
        }
        backup::place(&new, &self.folder.join(swap_file::FILE))?;
        swap_file::remove_unfinished(&self.folder)
    }
}

/// A ledger's tables without their guards, which compare with what was there when a row was first written.
fn begin(new: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open(new)?;
    open::set_up(&connection)?;
    connection.execute_batch("BEGIN IMMEDIATE")?;
    connection.execute_batch(tables::TABLES)?;
    Ok(connection)
}

fn closed() -> StoreError {
    StoreError::storage("the new ledger is closed already")
}

/// The place of the tab that a column names.
fn place_of(c: &Connection, tab: &Field<'_>) -> Result<i64, StoreError> {
    match tab {
        Field::Bytes(id) => {
            let id = Uuid::from_slice(id).map_err(|_| StoreError::damaged("an id is none"))?;
            tabs::place(c, TabId(id))
        }
        Field::Null | Field::Int(_) | Field::Text(_) => Err(StoreError::damaged("an id is missing")),
    }
}

/// An entry keeps its seal: the next one is sealed over it.
fn put_entry(c: &Connection, mut row: Vec<Field<'static>>) -> Result<(), StoreError> {
    if let Some(tab) = row.get_mut(1)
        && *tab != Field::Null
    {
        *tab = Field::Int(place_of(c, tab)?);
    }
    let Table { name, columns, .. } = JOURNAL;
    let columns = columns.join(", ");
    let sql = format!("INSERT INTO {name} ({columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    let values = row.into_iter().map(rows::Value);
    c.prepare_cached(&sql)?.execute(params_from_iter(values))?;
    Ok(())
}

/// What was never finished goes.
impl Drop for NewFile {
    fn drop(&mut self) {
        drop(self.connection.take());
        if let Err(error) = swap_file::remove_unfinished(&self.folder) {
            tracing::warn!(%error, "an unfinished ledger can’t be deleted");
        }
    }
}

#[async_trait]
impl Target for NewFile {
    async fn put(&mut self, rows: MovedRows) -> Result<(), LedgerError> {
        Ok(self.write(rows)?)
    }

    async fn finish(mut self: Box<Self>, beside: Option<String>) -> Result<(), LedgerError> {
        Ok(self.end(beside.as_deref())?)
    }
}
