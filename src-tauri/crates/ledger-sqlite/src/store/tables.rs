//! The tables of today's format, and their guards.

use crate::error::StoreError;
use rusqlite::Connection;

/// Today's format.
pub(crate) const TABLES: &str = include_str!("../migrations/0011_tables.sql");
pub(crate) const GUARDS: &str = include_str!("../migrations/0011_guards.sql");

/// Makes what a ledger of today's format has, empty.
pub(crate) fn make(c: &Connection) -> Result<(), StoreError> {
    c.execute_batch(TABLES)?;
    c.execute_batch(GUARDS)?;
    Ok(())
}
