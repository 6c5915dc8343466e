//! Opening: the lock, the pragmas, the format.

use crate::LedgerError;
use rusqlite::{Connection, TransactionBehavior};
use std::{
    fs::{File, OpenOptions, TryLockError},
    path::Path,
};

/// "Hold" in ASCII: says whose file it is.
const APPLICATION_ID: i64 = 0x486F_6C64;

/// The first SQLite without the WAL-reset defect.
const OLDEST_SQLITE: i32 = 3_051_003;

const MIGRATIONS: [&str; 1] = [include_str!("schema.sql")];

/// Takes the data folder for this process, failing closed.
pub(super) fn lock(folder: &Path) -> Result<File, LedgerError> {
    let storage = |e: std::io::Error| LedgerError::Storage(format!("{}: {e}", folder.display()));
    std::fs::create_dir_all(folder).map_err(storage)?;
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join("ledger.lock"))
        .map_err(storage)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(LedgerError::InUse),
        Err(TryLockError::Error(e)) => Err(storage(e)),
    }
}

/// Opens the file, brings it to today's format and checks that it is sound.
pub(super) fn connection(path: &Path) -> Result<Connection, LedgerError> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(LedgerError::Storage(format!(
            "SQLite {} is too old",
            rusqlite::version()
        )));
    }
    let mut connection = Connection::open(path)?;
    let (application, format): (i64, i64) = (
        connection.query_row("PRAGMA application_id", [], |r| r.get(0))?,
        connection.query_row("PRAGMA user_version", [], |r| r.get(0))?,
    );
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if format > known {
        return Err(LedgerError::Newer { found: format, known });
    }
    let is_empty: bool = connection.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |r| r.get(0))?;
    if application != APPLICATION_ID && !is_empty {
        return Err(LedgerError::Damaged("it belongs to another program".to_owned()));
    }
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON;
         PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA mmap_size = 0;",
    )?;
    migrate(&mut connection, format)?;
    let verdict: String = connection.query_row("PRAGMA quick_check", [], |r| r.get(0))?;
    if verdict == "ok" {
        Ok(connection)
    } else {
        Err(LedgerError::Damaged(verdict))
    }
}

fn migrate(connection: &mut Connection, format: i64) -> Result<(), LedgerError> {
    for (sql, step) in MIGRATIONS.iter().zip(1_i64..) {
        if step <= format {
            continue;
        }
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(sql)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", step)?;
        transaction.commit()?;
    }
    Ok(())
}
