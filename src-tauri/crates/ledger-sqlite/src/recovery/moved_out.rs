//! Reading a whole ledger out of its file, for another database. The file stays exactly as it is.

use crate::error::StoreError;
use crate::format;
use crate::integrity::check::Kind;
use crate::integrity::high_water_mark::{self, Continuity};
use crate::recovery::{beside, forgotten, open, swap_file};
use crate::store::rows;
use async_trait::async_trait;
use holdfast_ledger::LedgerError;
use holdfast_ledger::moving::{GUEST_KEYS, JOURNAL, MOST_ROWS, MovedRows, Source, TABLES};
use holdfast_ledger::stored::{Field, Table};
use rusqlite::{Connection, params};
use std::fs::File;
use std::path::{Path, PathBuf};

/// Why a file isn't read.
#[derive(Debug, Clone, thiserror::Error)]
pub enum NotReadable {
    /// There is none.
    #[error("there is no ledger in it")]
    Missing,
    /// Opening it as a till does would change it first, and a person has to know of that.
    #[error("{0}")]
    OpenFirst(&'static str),
    /// The ledger's own reason: it's open, damaged or newer.
    #[error(transparent)]
    Refused(#[from] LedgerError),
}

impl From<StoreError> for NotReadable {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

/// A sound ledger of today's format in its file. No till can open it meanwhile.
#[derive(Debug)]
pub struct WholeFile {
    connection: Connection,
    folder: PathBuf,
    /// Which of [`TABLES`] is being read,
    table: usize,
    /// and the row that was read last.
    last: i64,
    _lock: File,
}

impl WholeFile {
    /// Checks the ledger in `folder` from end to end.
    ///
    /// # Errors
    /// [`NotReadable`].
    pub fn open(folder: &Path) -> Result<Self, NotReadable> {
        let path = folder.join(swap_file::FILE);
        // Before the lock, which makes the folder.
        if !path.exists() {
            return Err(NotReadable::Missing);
        }
        let lock = open::lock(folder)?;
        let (connection, head, kind) = open::existing(&path)?;
        if format::of(&connection)? < format::TODAYS {
            return Err(NotReadable::OpenFirst("an older Holdfast wrote it"));
        }
        let continuity = high_water_mark::continuity(folder, &connection, &head);
        if kind == Kind::Backup || continuity != Continuity::Current {
            return Err(NotReadable::OpenFirst("it’s older than what was done with it"));
        }
        if !forgotten::is_carried_out(folder, &connection)? {
            return Err(NotReadable::OpenFirst("it still knows guests who were forgotten"));
        }
        Ok(Self {
            connection,
            folder: folder.to_owned(),
            table: 0,
            last: i64::MIN,
            _lock: lock,
        })
    }

    /// Further rows of a table.
    fn rows(&mut self, table: Table) -> Result<Vec<Vec<Field<'static>>>, StoreError> {
        let mut query = self.connection.prepare_cached(&select(table))?;
        let most = i64::try_from(MOST_ROWS).unwrap_or(i64::MAX);
        let mut found = query.query(params![self.last, most])?;
        let mut rows = Vec::new();
        while let Some(row) = found.next()? {
            self.last = row.get(0)?;
            let fields = (1..=table.columns.len())
                .map(|column| rows::field(row.get_ref(column)?).map(Field::into_owned));
            rows.push(fields.collect::<Result<_, _>>()?);
        }
        Ok(rows)
    }
}

/// Rows beyond one, each after its place in the order of writing.
fn select(table: Table) -> String {
    let columns = table.columns.join(", r.");
    let (columns, from) = match table {
        GUEST_KEYS => ("t.id, r.key".to_owned(), "JOIN tab t ON t.place = r.tab"),
        JOURNAL => (
            "r.seq, t.id, r.body, r.personal, r.former, r.seal".to_owned(),
            "LEFT JOIN tab t ON t.place = r.tab",
        ),
        _ => (format!("r.{columns}"), ""),
    };
    let name = table.name;
    // Whom this file has forgotten stands in the keys; which list of a folder it was by is of no use elsewhere.
    let those = match name {
        "setting" => format!("AND r.name <> '{}'", forgotten::CARRIED_OUT),
        _ => String::new(),
    };
    format!(
        "SELECT r.rowid, {columns} FROM {name} r {from} WHERE r.rowid > ?1 {those} ORDER BY r.rowid LIMIT ?2"
    )
}

#[async_trait]
impl Source for WholeFile {
    async fn next(&mut self) -> Result<Option<MovedRows>, LedgerError> {
        while let Some(table) = TABLES.get(self.table).copied() {
            let rows = self.rows(table)?;
            if !rows.is_empty() {
                return Ok(Some(MovedRows { table, rows }));
            }
            self.table += 1;
            self.last = i64::MIN;
        }
        Ok(None)
    }

    async fn beside(&mut self) -> Result<Option<String>, LedgerError> {
        Ok(beside::read(&self.folder)?)
    }
}
