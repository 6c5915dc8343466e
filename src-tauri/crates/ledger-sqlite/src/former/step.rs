//! The step to today's format: each row is read as the former format kept it, and written as today's does.
//!
//! The journal is sealed again, for what is about guests is encrypted with the step. Each entry keeps the seal that it
//! had, which the new one covers: printed reports and older backups name it.

use crate::error::StoreError;
use crate::format;
use crate::former::{self, compact, json};
use crate::store::movements;
use rusqlite::Transaction;

/// The last format whose rows are JSON.
const LAST_JSON_FORMAT: i64 = format::COMPACT - 1;

/// The format that movements came with.
const MOVEMENTS_SINCE_FORMAT: i64 = 3;

/// In an order in which no row is left without the one that it belongs to.
const TABLES: [&str; 13] = [
    "setting",
    "journal",
    "renewal",
    "finding",
    "seen",
    "report",
    "run_row",
    "run",
    "movement",
    "operation",
    "hold",
    "line",
    "tab",
];

/// From `format` to today's, whose tables and guards are given as SQL.
pub(crate) fn step_up(
    t: &Transaction<'_>,
    format: i64,
    tables: &str,
    guards: &str,
) -> Result<(), StoreError> {
    former::migrate(t, format, LAST_JSON_FORMAT)?;
    let moved = move_aside(t)?;
    t.execute_batch(tables)?;
    if format < format::COMPACT {
        json::copy(t)?;
    } else {
        compact::copy(t)?;
    }
    // Their pages are overwritten, for what is about guests stood there as it was typed.
    for table in moved {
        t.execute_batch(&format!("DROP TABLE former_{table}"))?;
    }
    t.execute_batch(guards)?;
    if format < MOVEMENTS_SINCE_FORMAT {
        movements::note_all(t)?;
    }
    Ok(())
}

/// Gives the tables other names, and takes away their guards and indexes, whose names are needed. Which there are.
fn move_aside(t: &Transaction<'_>) -> Result<Vec<&'static str>, StoreError> {
    let sql = "SELECT 'DROP ' || type || ' ' || name FROM sqlite_schema
                WHERE type = 'trigger' OR type = 'index' AND sql IS NOT NULL";
    let mut query = t.prepare(sql)?;
    let drops = query.query_map([], |r| r.get::<_, String>(0))?;
    for drop in drops.collect::<Result<Vec<_>, _>>()? {
        t.execute_batch(&drop)?;
    }
    let mut moved = Vec::new();
    for table in TABLES {
        let is_there = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1)";
        if t.query_row(is_there, [table], |r| r.get(0))? {
            t.execute_batch(&format!("ALTER TABLE {table} RENAME TO former_{table}"))?;
            moved.push(table);
        }
    }
    Ok(moved)
}
