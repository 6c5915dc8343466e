//! Opening: the lock, the pragmas, the format.

use super::{check, journal::Head, movement, seal};
use crate::LedgerError;
use rusqlite::{Connection, Transaction, TransactionBehavior, config::DbConfig};
use std::{
    fs::{File, OpenOptions, TryLockError},
    path::Path,
};

/// The first SQLite without the WAL-reset defect.
const OLDEST_SQLITE: i32 = 3_051_003;

/// As many statements as there are, so that each is read once.
const CACHED_STATEMENTS: usize = 64;

/// One a format, in order.
pub(super) const MIGRATIONS: [&str; 9] = [
    include_str!("schema.sql"),
    include_str!("schema-2.sql"),
    include_str!("schema-3.sql"),
    include_str!("schema-4.sql"),
    include_str!("schema-5.sql"),
    include_str!("schema-6.sql"),
    include_str!("schema-7.sql"),
    include_str!("schema-8.sql"),
    include_str!("schema-9.sql"),
];

/// The format that movements came with.
const MOVEMENTS_SINCE_FORMAT: i64 = 3;

/// The newest format that this program knows.
pub(super) fn known() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

pub(super) fn storage(path: &Path, error: &std::io::Error) -> LedgerError {
    LedgerError::Storage(format!("{}: {error}", path.display()))
}

/// Takes the data folder for this process, failing closed.
pub(super) fn lock(folder: &Path) -> Result<File, LedgerError> {
    make_folder(folder)?;
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join("ledger.lock"))
        .map_err(|e| storage(folder, &e))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(LedgerError::InUse),
        Err(TryLockError::Error(e)) => Err(storage(folder, &e)),
    }
}

fn refuse_old_sqlite() -> Result<(), LedgerError> {
    if rusqlite::version_number() >= OLDEST_SQLITE {
        return Ok(());
    }
    let words = format!("SQLite {} is too old", rusqlite::version());
    Err(LedgerError::Storage(words))
}

/// Opens a file that is there and checks it whole. It is left exactly as it was found, its
/// write-ahead log included, unless [`for_work`] follows.
pub(super) fn existing(path: &Path) -> Result<(Connection, Head, check::Kind), LedgerError> {
    let (connection, kind) = unchecked(path)?;
    let head = check::soundness(&connection, &mut [])?;
    Ok((connection, head, kind))
}

/// The same without a check, and for reading only.
pub(super) fn unchecked(path: &Path) -> Result<(Connection, check::Kind), LedgerError> {
    refuse_old_sqlite()?;
    let kind = check::head_of_file(path)?;
    let connection = Connection::open(path)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok((connection, kind))
}

/// Sets what every ledger is worked with, and steps to today's format.
pub(super) fn for_work(connection: &Connection) -> Result<(), LedgerError> {
    refuse_old_sqlite()?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    // Or every statement is planned anew for each value that is bound to it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    connection.execute_batch(
        "PRAGMA query_only = OFF; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON;
         PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA mmap_size = 0;",
    )?;
    let format: i64 = connection.query_row("PRAGMA user_version", [], |r| r.get(0))?;
    if format >= known() {
        return Ok(());
    }
    // All steps in one commit: what a step writes is read by today's program, which knows today's tables.
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    let steps = || MIGRATIONS.iter().zip(1_i64..).filter(|(_, step)| *step > format);
    for (sql, _) in steps() {
        transaction.execute_batch(sql)?;
    }
    for (_, step) in steps() {
        seal::set_all(&transaction, step)?;
    }
    if format < MOVEMENTS_SINCE_FORMAT {
        movement::note_all(&transaction)?;
    }
    transaction.pragma_update(None, "application_id", check::APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", known())?;
    transaction.commit()?;
    Ok(())
}

/// Deletes a file that need not be there.
pub(super) fn remove(path: &Path) -> Result<(), LedgerError> {
    match std::fs::remove_file(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(storage(path, &e)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Makes a folder that lasts: a power cut takes away a name whose folder was not synced, and with it
/// all that is under it, however well that was.
pub(super) fn make_folder(folder: &Path) -> Result<(), LedgerError> {
    let missing = folder.ancestors().take_while(|path| !path.exists()).count();
    std::fs::create_dir_all(folder).map_err(|e| storage(folder, &e))?;
    // Two in any case: the mode's folder and the data folder may have been made a moment ago.
    for above in folder.ancestors().skip(1).take(missing.max(2)) {
        sync_folder(above);
    }
    Ok(())
}

/// Makes renames in `folder` last through a power cut, where the system can.
pub(super) fn sync_folder(folder: &Path) {
    // Windows has no such thing as syncing a folder, and needs none.
    if let Ok(folder) = File::open(folder)
        && let Err(error) = folder.sync_all()
    {
        tracing::debug!(%error, "the folder could not be synced");
    }
}
