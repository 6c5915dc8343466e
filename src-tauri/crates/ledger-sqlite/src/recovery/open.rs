//! Opening: the lock, the pragmas, the format.

use crate::error::StoreError;
use crate::integrity::{check, journal::Head, row_hash};
use crate::store::movements;
use holdfast_ledger::LedgerError;
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
pub(crate) const MIGRATIONS: [&str; 9] = [
    include_str!("../migrations/0001_ledger.sql"),
    include_str!("../migrations/0002_row_seals.sql"),
    include_str!("../migrations/0003_movements_and_reports.sql"),
    include_str!("../migrations/0004_seen.sql"),
    include_str!("../migrations/0005_findings.sql"),
    include_str!("../migrations/0006_renewals.sql"),
    include_str!("../migrations/0007_failed_operations.sql"),
    include_str!("../migrations/0008_said_of_refunds.sql"),
    include_str!("../migrations/0009_asks.sql"),
];

/// The format that movements came with.
const MOVEMENTS_SINCE_FORMAT: i64 = 3;

/// The newest format that this program knows.
pub(crate) fn known() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

pub(crate) fn storage(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::storage(format!("{}: {error}", path.display()))
}

/// Takes the data folder for this process, failing closed.
pub(crate) fn lock(folder: &Path) -> Result<File, StoreError> {
    make_folder(folder)?;
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join("ledger.lock"))
        .map_err(|e| storage(folder, &e))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(LedgerError::InUse.into()),
        Err(TryLockError::Error(e)) => Err(storage(folder, &e)),
    }
}

fn refuse_old_sqlite() -> Result<(), StoreError> {
    if rusqlite::version_number() >= OLDEST_SQLITE {
        return Ok(());
    }
    let words = format!("SQLite {} is too old", rusqlite::version());
    Err(StoreError::storage(words))
}

/// Opens a file that is there and checks it whole. It is left exactly as it was found, its
/// write-ahead log included, unless [`for_work`] follows.
pub(crate) fn existing(path: &Path) -> Result<(Connection, Head, check::Kind), StoreError> {
    let (connection, kind) = unchecked(path)?;
    let head = check::soundness(&connection, &mut [])?;
    Ok((connection, head, kind))
}

/// The same without a check, and for reading only.
pub(crate) fn unchecked(path: &Path) -> Result<(Connection, check::Kind), StoreError> {
    refuse_old_sqlite()?;
    let kind = check::head_of_file(path)?;
    let connection = Connection::open(path)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok((connection, kind))
}

/// Sets what every ledger is worked with, and steps to today's format.
pub(crate) fn for_work(connection: &Connection) -> Result<(), StoreError> {
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
        row_hash::set_all(&transaction, step)?;
    }
    if format < MOVEMENTS_SINCE_FORMAT {
        movements::note_all(&transaction)?;
    }
    transaction.pragma_update(None, "application_id", check::APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", known())?;
    transaction.commit()?;
    Ok(())
}

/// Deletes a file that need not be there.
pub(crate) fn remove(path: &Path) -> Result<(), StoreError> {
    match std::fs::remove_file(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(storage(path, &e)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Makes a folder that lasts: a power cut takes away a name whose folder was not synced, and with it
/// all that is under it, however well that was.
pub(crate) fn make_folder(folder: &Path) -> Result<(), StoreError> {
    let missing = folder.ancestors().take_while(|path| !path.exists()).count();
    std::fs::create_dir_all(folder).map_err(|e| storage(folder, &e))?;
    // Two in any case: the mode's folder and the data folder may have been made a moment ago.
    for above in folder.ancestors().skip(1).take(missing.max(2)) {
        sync_folder(above);
    }
    Ok(())
}

/// Makes renames in `folder` last through a power cut, where the system can.
pub(crate) fn sync_folder(folder: &Path) {
    // Windows has no such thing as syncing a folder, and needs none.
    if let Ok(folder) = File::open(folder)
        && let Err(error) = folder.sync_all()
    {
        tracing::debug!(%error, "the folder could not be synced");
    }
}
