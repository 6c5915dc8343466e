//! Ledger files of each former format. What is in those up to 9 was written by the program of format 9, and what each
//! format brought is taken away again. What is in format 10's was written by its own.

use rusqlite::Connection;
use std::path::Path;

const MIGRATIONS: [&str; 9] = [
    include_str!("../../src/migrations/0001_ledger.sql"),
    include_str!("../../src/migrations/0002_row_seals.sql"),
    include_str!("../../src/migrations/0003_movements_and_reports.sql"),
    include_str!("../../src/migrations/0004_seen.sql"),
    include_str!("../../src/migrations/0005_findings.sql"),
    include_str!("../../src/migrations/0006_renewals.sql"),
    include_str!("../../src/migrations/0007_failed_operations.sql"),
    include_str!("../../src/migrations/0008_said_of_refunds.sql"),
    include_str!("../../src/migrations/0009_asks.sql"),
];

/// What each format brought, taken away again, from the newest on.
const BROUGHT: [(i64, &str); 8] = [
    (
        9,
        "DROP INDEX operation_asks; ALTER TABLE operation DROP COLUMN asks",
    ),
    (8, "ALTER TABLE movement DROP COLUMN said"),
    (7, "DROP INDEX operation_failed"),
    (6, "DROP TABLE renewal"),
    (5, "DROP TABLE finding"),
    (4, "DROP TABLE seen; DROP INDEX operation_odd"),
    (3, "DROP TABLE movement; DROP TABLE report"),
    (
        2,
        "ALTER TABLE tab DROP COLUMN seal; ALTER TABLE line DROP COLUMN seal; ALTER TABLE hold DROP COLUMN seal;
         ALTER TABLE operation DROP COLUMN seal; ALTER TABLE setting DROP COLUMN seal",
    ),
];

/// Rows in which something is said of refunds, as formats since 8 know it.
const SAID: &str = include_str!("said.sql");

/// The same without.
const NOT_SAID: &str = include_str!("not_said.sql");

/// Rows of format 10, with what format 9 left in it.
const TEN: &str = include_str!("ten.sql");

/// The tables and guards of format 10.
const TABLES_OF_TEN: [&str; 2] = [
    include_str!("../../src/migrations/0010_tables.sql"),
    include_str!("../../src/migrations/0010_guards.sql"),
];

/// Makes a file of `format` at `path`: a ledger, or a backup.
pub(crate) fn make(path: &Path, format: i64, is_backup: bool) {
    let c = Connection::open(path).unwrap();
    // Nothing of it has to last.
    c.execute_batch("PRAGMA synchronous = OFF; BEGIN").unwrap();
    let tables: &[&str] = if format == 10 { &TABLES_OF_TEN } else { &MIGRATIONS };
    for sql in tables {
        c.execute_batch(sql).unwrap();
    }
    without_guards(&c, || {
        let rows = match format {
            10 => TEN,
            8 | 9 => SAID,
            _ => NOT_SAID,
        };
        c.execute_batch(rows).unwrap();
        for (_, sql) in BROUGHT.iter().filter(|(since, _)| *since > format && format < 10) {
            c.execute_batch(sql).unwrap();
        }
    });
    c.execute_batch("COMMIT").unwrap();
    let mode = if is_backup { "DELETE" } else { "WAL" };
    c.execute_batch(&format!(
        "PRAGMA application_id = 0x486F6C64; PRAGMA user_version = {format}; PRAGMA journal_mode = {mode};"
    ))
    .unwrap();
}

/// Does `work` while no trigger forbids it.
pub(crate) fn without_guards(c: &Connection, work: impl FnOnce()) {
    let guards: Vec<(String, String, String)> = c
        .prepare("SELECT name, tbl_name, sql FROM sqlite_schema WHERE type = 'trigger'")
        .unwrap()
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    for (name, ..) in &guards {
        c.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
    }
    work();
    let is_there = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1)";
    for (_, table, sql) in &guards {
        if c.query_row(is_there, [table], |r| r.get(0)).unwrap() {
            c.execute_batch(sql).unwrap();
        }
    }
}
