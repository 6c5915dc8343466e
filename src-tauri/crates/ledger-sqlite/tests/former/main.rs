//! Ledgers of each former format: all of what was in one is there after the step, and nothing in it can be changed
//! unnoticed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod files;
mod ten;
mod was;

use files::{make, without_guards};
use holdfast_ledger::LedgerError;
use holdfast_ledger::prelude::*;
use holdfast_ledger_conformance::sample::{note, now, tab};
use holdfast_ledger_sqlite::SqliteLedger;
use rusqlite::Connection;
use rusqlite::types::Value;
use std::path::Path;
use was::Was;

#[tokio::test]
async fn a_ledger_of_each_format_up_to_9_opens_and_every_figure_is_the_same() {
    for format in 1..=9 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        make(&path, format, false);
        let was = Was::read(&path);
        assert!(was.is_full(format), "format {format}");
        let ledger = SqliteLedger::open(folder.path()).unwrap();
        was.compare(&ledger, format).await;
        assert_eq!(ledger.counts().await.unwrap().format, 11);
        // The version before can still be returned to.
        let backup = ledger.backups().await.unwrap().remove(0).name;
        assert_eq!(format_of(&folder.path().join("backups").join(backup)), format);
        // It is written from now on, on the chain of then.
        ledger.add_tab(&tab("New"), note("opened")).await.unwrap();
        assert_eq!(ledger.verify_journal().await.unwrap(), was.entries() + 1);
        drop(ledger);
        let ledger = SqliteLedger::open(folder.path()).unwrap();
        was.compare(&ledger, format).await;
    }
}

fn format_of(path: &Path) -> i64 {
    let c = Connection::open(path).unwrap();
    c.query_row("PRAGMA user_version", [], |r| r.get(0)).unwrap()
}

#[tokio::test]
async fn a_backup_of_each_format_up_to_9_is_good_and_can_be_put_back() {
    for format in 1..=9 {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("backups")).unwrap();
        let name = "ledger-2026-03-02T10-00-00.db";
        let backup = folder.path().join("backups").join(name);
        make(&backup, format, true);
        let was = Was::read(&backup);
        let bytes = std::fs::read(&backup).unwrap();
        std::fs::write(folder.path().join("ledger.db"), "x".repeat(200)).unwrap();
        let opened = SqliteLedger::open_or_restore(folder.path(), now()).unwrap();
        assert_eq!(opened.restored.unwrap().backup.as_deref(), Some(name));
        was.compare(&opened.ledger, format).await;
        let newer = opened.ledger.newer_than(name).await.unwrap();
        assert_eq!((newer.tabs, newer.operations, newer.lines), (0, 0, 0));
        opened.ledger.add_tab(&tab("New"), note("opened")).await.unwrap();
        assert_eq!(opened.ledger.newer_than(name).await.unwrap().tabs, 1);
        assert_eq!(std::fs::read(&backup).unwrap(), bytes, "it is left as it was");
    }
}

#[test]
fn a_changed_value_in_a_ledger_of_each_former_format_is_found() {
    for (format, table, sql) in [
        (
            1,
            "journal",
            "UPDATE journal SET body = replace(body, 'Sam', 'Tom') WHERE seq = 1",
        ),
        (2, "tab", "UPDATE tab SET closed_at = NULL"),
        (
            3,
            "movement",
            "UPDATE movement SET amount = amount + 1 WHERE seq = 2",
        ),
        (
            3,
            "report",
            "UPDATE report SET body = replace(body, 'Dana', 'Tom')",
        ),
        (4, "seen", "UPDATE seen SET by = 'Tom'"),
        (
            5,
            "finding",
            "UPDATE finding SET body = replace(body, 'odd', 'even')",
        ),
        (6, "renewal", "UPDATE renewal SET seal = upper(seal)"),
        (7, "line", "UPDATE line SET body = replace(body, '600', '601')"),
        (
            8,
            "movement",
            "UPDATE movement SET said = said + 1 WHERE said > 0",
        ),
        (9, "operation", "UPDATE operation SET amount = amount + 1"),
        (
            10,
            "tab",
            "UPDATE tab SET personal = x'a100624142' WHERE place = 1",
        ),
        (
            10,
            "journal",
            "UPDATE journal SET personal = x'a100624142' WHERE seq = 40",
        ),
        (10, "report", "UPDATE report SET last = last + 1 WHERE number = 1"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        make(&path, format, false);
        let c = Connection::open(&path).unwrap();
        without_guards(&c, || assert!(c.execute(sql, []).unwrap() > 0, "{sql}"));
        drop(c);
        let opened = SqliteLedger::open(folder.path());
        let says = |why: &str| why.contains(table);
        assert!(
            matches!(&opened, Err(LedgerError::Damaged(why)) if says(why)),
            "{format}, {table}: {opened:?}"
        );
    }
}

/// A value that is another one than `value`.
fn changed(value: Value) -> Value {
    match value {
        Value::Null => Value::Integer(1),
        Value::Integer(1) => Value::Integer(0),
        Value::Integer(number) => Value::Integer(number + 1),
        Value::Text(text) => Value::Text(format!("{text}x")),
        Value::Blob(mut bytes) => {
            if let Some(last) = bytes.last_mut() {
                *last ^= 1;
            }
            Value::Blob(bytes)
        }
        Value::Real(_) => panic!("no column has fractions"),
    }
}

/// For a column that may be empty and is no number.
fn filled(column: &str) -> Value {
    match column {
        "personal" | "hold" | "former" => Value::Blob(vec![0xa0; 16]),
        "intent_id" | "card" | "opened_by" => Value::Text("x".to_owned()),
        _ => Value::Integer(1),
    }
}

/// Changes one column of each of a table's rows, one after the other, and sees that the file is refused.
fn change_each(folder: &Path, table: &str, column: &str) -> usize {
    let path = folder.join("ledger.db");
    let sound = std::fs::read(&path).unwrap();
    let c = Connection::open(&path).unwrap();
    let rows: Vec<(i64, Value)> = c
        .prepare(&format!("SELECT rowid, {column} FROM {table}"))
        .unwrap()
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    drop(c);
    let count = rows.len();
    // The first was written by a former format, the last by today's.
    let some = rows.into_iter().enumerate();
    for (_, (row, value)) in some.filter(|(n, _)| *n == 0 || *n + 1 == count) {
        let value = if value == Value::Null {
            filled(column)
        } else {
            changed(value)
        };
        let c = Connection::open(&path).unwrap();
        c.execute_batch(
            "PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;",
        )
        .unwrap();
        without_guards(&c, || {
            let sql = format!("UPDATE {table} SET {column} = ?1 WHERE rowid = ?2");
            assert_eq!(c.execute(&sql, (value, row)).unwrap(), 1);
        });
        drop(c);
        let opened = SqliteLedger::open(folder);
        assert!(
            matches!(opened, Err(LedgerError::Damaged(_))),
            "{table}.{column}, row {row}: {opened:?}"
        );
        for beside in ["ledger.db-wal", "ledger.db-shm"] {
            let _ = std::fs::remove_file(folder.join(beside));
        }
        std::fs::write(&path, &sound).unwrap();
    }
    count
}

#[tokio::test]
async fn a_changed_byte_anywhere_is_found_after_the_step() {
    let folder = tempfile::tempdir().unwrap();
    make(&folder.path().join("ledger.db"), 9, false);
    // Of today's format too there is a row of everything.
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    was::go_on(&ledger).await;
    drop(ledger);
    std::fs::remove_file(folder.path().join("ledger.mark")).unwrap();
    let c = Connection::open(folder.path().join("ledger.db")).unwrap();
    let columns: Vec<(String, String)> = c
        .prepare(
            "SELECT m.name, p.name FROM sqlite_schema m, pragma_table_info(m.name) p
              WHERE m.type = 'table' AND p.name <> 'place'",
        )
        .unwrap()
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    drop(c);
    assert_eq!(columns.len(), 94, "{columns:?}");
    for (table, column) in columns {
        // What is numbered without gaps can't be numbered otherwise.
        if column != "seq" && (table.as_str(), column.as_str()) != ("report", "number") {
            assert!(change_each(folder.path(), &table, &column) > 0, "{table}");
        }
    }
    SqliteLedger::open(folder.path()).unwrap();
}
