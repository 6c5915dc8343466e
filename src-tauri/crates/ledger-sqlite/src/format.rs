//! The formats of a ledger's file.

use crate::error::StoreError;
use rusqlite::Connection;

/// The format of a ledger that this program writes, and the newest that it reads.
pub(crate) const TODAYS: i64 = 11;

/// The format in which rows were today's, but nothing was encrypted.
pub(crate) const COMPACT: i64 = 10;

/// "Hold" in ASCII: says whose file it is.
pub(crate) const APPLICATION_ID: i64 = 0x486F_6C64;

/// A file's format.
pub(crate) fn of(c: &Connection) -> Result<i64, StoreError> {
    Ok(c.prepare_cached("PRAGMA user_version")?
        .query_row([], |r| r.get(0))?)
}
