//! Opening: the lock, the pragmas, the format.

use crate::error::StoreError;
use crate::format;
use crate::former;
use crate::integrity::check;
use crate::store::{journal::Head, tables};
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

/// SQLite's own: a log of this many pages is moved into the file.
const LOG_PAGES: i64 = 1_000;

/// Takes the data folder for this process, failing closed.
pub(crate) fn lock(folder: &Path) -> Result<File, StoreError> {
    make_folder(folder)?;
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join("ledger.lock"))
        .map_err(|e| StoreError::of_file(folder, &e))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(LedgerError::InUse.into()),
        Err(TryLockError::Error(e)) => Err(StoreError::of_file(folder, &e)),
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

/// Makes a ledger of today's format ready for work before all of it was checked. What is written stays in the log, so
/// that a file in which harm is found later is still the one that was found.
pub(crate) fn for_unchecked_work(connection: &Connection) -> Result<(), StoreError> {
    set_up(connection)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    Ok(())
}

/// Lets SQLite move what is written from the log into the file, by itself and on closing.
pub(crate) fn let_log_into_file(connection: &Connection) -> Result<(), StoreError> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    connection.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?;
    Ok(())
}

/// Sets what every ledger is worked with, and steps to today's format, all steps in one commit.
pub(crate) fn for_work(connection: &Connection) -> Result<(), StoreError> {
    set_up(connection)?;
    let_log_into_file(connection)?;
    let format: i64 = connection.query_row("PRAGMA user_version", [], |r| r.get(0))?;
    if format >= format::TODAYS {
        return Ok(());
    }
    if format > 0 {
        give_up_free_pages(connection)?;
    }
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    if format == 0 {
        tables::make(&transaction)?;
    } else {
        former::step_up(&transaction, format, tables::TABLES, tables::GUARDS)?;
    }
    transaction.pragma_update(None, "application_id", format::APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", format::TODAYS)?;
    transaction.commit()?;
    if format > 0 {
        shrink(connection);
    }
    Ok(())
}

/// What SQLite has to know of every ledger.
pub(crate) fn set_up(connection: &Connection) -> Result<(), StoreError> {
    refuse_old_sqlite()?;
    // Or every statement is planned again for each value that is bound to it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    connection.execute_batch(
        "PRAGMA query_only = OFF; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON;
         PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA mmap_size = 0;",
    )?;
    Ok(())
}

/// What a former format deleted stands in pages that are free, and no step looks at those. It comes before the step, so
/// that one that is cut short leaves a file that is still to be stepped up.
fn give_up_free_pages(connection: &Connection) -> Result<(), StoreError> {
    let free: i64 = connection.query_row("PRAGMA freelist_count", [], |r| r.get(0))?;
    if free > 0 {
        connection.execute_batch("VACUUM")?;
    }
    Ok(())
}

/// Moves the log into the file and overwrites it: nothing of what was deleted is left in it. A reader in another
/// program may keep it from that; then it is done when the ledger is closed.
pub(crate) fn empty_log(connection: &Connection) -> Result<(), StoreError> {
    let is_busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |r| r.get::<_, bool>(0))?;
    if is_busy {
        tracing::warn!("another program reads the ledger, so its log can’t be emptied yet");
    }
    Ok(())
}

/// The same with a log that a cut left. If that came while a guest was forgotten, the key still stands in the file,
/// under what the log says of it. The ledger works without it.
pub(crate) fn empty_left_log(connection: &Connection) {
    if let Err(error) = empty_log(connection) {
        tracing::warn!(%error, "the log that a cut left can’t be emptied");
    }
}

/// Gives back what the rows of the former format took, which is overwritten already. The ledger works without it, so it
/// is no error when the disk has no room for the copy that this needs.
fn shrink(connection: &Connection) {
    let shrunk = connection.execute_batch("VACUUM").map_err(StoreError::from);
    if let Err(error) = shrunk.and_then(|()| empty_log(connection)) {
        tracing::warn!(%error, "the ledger’s file stays as large as it was");
    }
}

/// Deletes a file that need not be there.
pub(crate) fn remove(path: &Path) -> Result<(), StoreError> {
    match std::fs::remove_file(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(StoreError::of_file(path, &e)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Makes a folder that lasts: a power cut takes away a name whose folder was not synced, and with it
/// all that is under it, however well that was.
pub(crate) fn make_folder(folder: &Path) -> Result<(), StoreError> {
    let missing = folder.ancestors().take_while(|path| !path.exists()).count();
    std::fs::create_dir_all(folder).map_err(|e| StoreError::of_file(folder, &e))?;
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
