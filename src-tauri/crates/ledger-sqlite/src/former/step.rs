//! The step to today's format: each row is read as the former format kept it, and written as today's does.
//!
//! The journal and the night reports are evidence: their bytes and seals stay as they are.

use crate::error::StoreError;
use crate::former::{self, night};
use crate::store::{movements, rows};
use chrono::{DateTime, Utc};
use holdfast_domain::{
    Actor, Cause, Currency, Detail, Event, Finding, FindingKey, FindingKind, Hold, HoldId, Line,
    MovementKind, Operation, OperationState, Personal, Renewal, Standing, Tab, TabId,
};
use holdfast_ledger::stored::{Seal, Stored, StoredMovement, StoredOperation, StoredSetting};
use rusqlite::{Row, Transaction, params};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::str::FromStr;
use uuid::Uuid;

/// The last former format.
const LAST_FORMER_FORMAT: i64 = crate::FORMAT - 1;

/// The format that movements came with.
const MOVEMENTS_SINCE_FORMAT: i64 = 3;

/// In an order in which no row is left without the one that it belongs to.
const TABLES: [&str; 11] = [
    "setting",
    "journal",
    "renewal",
    "finding",
    "seen",
    "report",
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
    former::migrate(t, format, LAST_FORMER_FORMAT)?;
    move_aside(t)?;
    t.execute_batch(tables)?;
    copy(t)?;
    for table in TABLES {
        t.execute_batch(&format!("DROP TABLE former_{table}"))?;
    }
    t.execute_batch(guards)?;
    if format < MOVEMENTS_SINCE_FORMAT {
        movements::note_all(t)?;
    }
    Ok(())
}

/// Gives the tables other names, and takes away their guards and indexes, whose names are needed.
fn move_aside(t: &Transaction<'_>) -> Result<(), StoreError> {
    let sql = "SELECT 'DROP ' || type || ' ' || name FROM sqlite_schema
                WHERE type = 'trigger' OR type = 'index' AND sql IS NOT NULL";
    let mut query = t.prepare(sql)?;
    let drops = query.query_map([], |r| r.get::<_, String>(0))?;
    for drop in drops.collect::<Result<Vec<_>, _>>()? {
        t.execute_batch(&drop)?;
    }
    for table in TABLES {
        t.execute_batch(&format!("ALTER TABLE {table} RENAME TO former_{table}"))?;
    }
    Ok(())
}

fn copy(t: &Transaction<'_>) -> Result<(), StoreError> {
    each(t, "SELECT name, value FROM former_setting ORDER BY rowid", |r| {
        let (name, value): (String, String) = (r.get(0)?, r.get(1)?);
        if name == night::SETTING {
            return night::keep(t, &value);
        }
        insert(t, &StoredSetting { name, value })
    })?;
    copy_bodies::<Tab>(t, "tab")?;
    copy_bodies::<Line>(t, "line")?;
    copy_bodies::<Hold>(t, "hold")?;
    let operations = "SELECT o.body, o.state, o.dojo_id, o.detail, o.settled_at, o.asks, s.at, s.by
        FROM former_operation o LEFT JOIN former_seen s ON s.operation = o.id ORDER BY o.rowid";
    each(t, operations, |r| insert(t, &operation(r)?))?;
    copy_bodies::<Renewal>(t, "renewal")?;
    each(t, "SELECT body FROM former_finding ORDER BY rowid", |r| {
        insert(t, &finding(r)?)
    })?;
    let movements = "SELECT seq, hold, kind, source, by, currency, amount, service, tip, said, at
        FROM former_movement ORDER BY seq";
    each(t, movements, |r| insert(t, &movement(r)?))?;
    let reports = "SELECT number, first, last, CAST(body AS BLOB), seal FROM former_report ORDER BY number";
    each(t, reports, |r| keep_report(t, r))?;
    let entries = "SELECT seq, tab, CAST(body AS BLOB), seal FROM former_journal ORDER BY seq";
    each(t, entries, |r| keep_entry(t, r))
}

fn each(
    t: &Transaction<'_>,
    sql: &str,
    mut work: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut query = t.prepare(sql)?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        work(row)?;
    }
    Ok(())
}

fn insert(t: &Transaction<'_>, what: &impl Stored) -> Result<(), StoreError> {
    rows::insert(t, what).map(drop)
}

/// Rows of which all is in the body.
fn copy_bodies<T: Stored + DeserializeOwned>(t: &Transaction<'_>, table: &str) -> Result<(), StoreError> {
    each(
        t,
        &format!("SELECT body FROM former_{table} ORDER BY rowid"),
        |r| insert(t, &body::<T>(r)?),
    )
}

fn body<T: DeserializeOwned>(row: &Row<'_>) -> Result<T, StoreError> {
    Ok(serde_json::from_str(
        row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?,
    )?)
}

/// What the detail of an operation was when Dojo's record had shown it late.
const CAME_LATE: &str = "Dojo’s record shows it late.";

/// The reason of an operation that closing the night decided.
const NIGHT_REASON: &str = "End of night";

fn operation(row: &Row<'_>) -> Result<StoredOperation, StoreError> {
    let mut body: Value = body(row)?;
    // What moved since it was decided stands in columns.
    if let Some(body) = body.as_object_mut() {
        body.remove("detail");
    }
    let mut operation: Operation = serde_json::from_value(body)?;
    operation.state = named(row.get(1)?)?;
    operation.dojo_id = row.get(2)?;
    let words: Option<String> = row.get(3)?;
    operation.is_late = operation.state == OperationState::Succeeded && words.as_deref() == Some(CAME_LATE);
    operation.detail = words.filter(|_| !operation.is_late).map(Detail::Former);
    if operation.reason.as_deref() == Some(NIGHT_REASON) {
        operation.cause = Cause::Night;
    }
    operation.settled_at = some_time(row.get(4)?)?;
    operation.seen_at = some_time(row.get(6)?)?;
    let by: Option<String> = row.get(7)?;
    Ok(StoredOperation {
        operation,
        asks: row.get::<_, Option<i64>>(5)?.is_some(),
        seen_by: by.as_deref().map(Actor::former),
    })
}

/// A finding as JSON.
#[derive(Deserialize)]
struct FormerFinding {
    key: String,
    kind: FindingKind,
    tab: Option<TabId>,
    hold: Option<HoldId>,
    words: String,
    amount: Option<i64>,
    at: DateTime<Utc>,
    raised_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    seen_by: Option<String>,
}

fn finding(row: &Row<'_>) -> Result<Finding, StoreError> {
    let former: FormerFinding = body(row)?;
    let key = former.key.parse();
    let personal = Personal {
        words: Some(former.words),
        ..Personal::default()
    };
    Ok(Finding {
        key: key.unwrap_or_else(|_| unknown(former.kind, former.key)),
        tab: former.tab,
        hold: former.hold,
        event: Event::former(former.amount),
        personal,
        at: former.at,
        raised_at: former.raised_at,
        ended_at: former.ended_at,
        seen_by: former.seen_by,
    })
}

/// No program wrote a key that can't be read. Should there be one, nobody loses their ledger for it.
fn unknown(kind: FindingKind, key: String) -> FindingKey {
    tracing::warn!(?kind, key, "a finding has a key that isn’t known");
    FindingKey::Stranger(key)
}

fn movement(row: &Row<'_>) -> Result<StoredMovement, StoreError> {
    let kind: MovementKind = named(row.get(2)?)?;
    let by: String = row.get(4)?;
    let currency: Currency = named(row.get(5)?)?;
    Ok(StoredMovement {
        seq: row.get(0)?,
        hold: HoldId(parsed(row.get(1)?)?),
        currency,
        what: Standing {
            kind,
            source: row.get(3)?,
            by: Actor::former(&by),
            amount: row.get(6)?,
            service: row.get(7)?,
            tip: row.get(8)?,
            said: row.get(9)?,
            at: parsed(row.get(10)?)?,
        },
    })
}

fn keep_report(t: &Transaction<'_>, row: &Row<'_>) -> Result<(), StoreError> {
    t.prepare_cached("INSERT INTO report (number, first, last, body, seal) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![
            row.get::<_, i64>(0)?,
            row.get::<_, i64>(1)?,
            row.get::<_, i64>(2)?,
            row.get::<_, Vec<u8>>(3)?,
            seal(row.get(4)?)?
        ])?;
    Ok(())
}

fn keep_entry(t: &Transaction<'_>, row: &Row<'_>) -> Result<(), StoreError> {
    let tab: Option<String> = row.get(1)?;
    let tab: Option<Uuid> = tab.map(parsed).transpose()?;
    let sql = "INSERT INTO journal (seq, tab, body, seal)
               VALUES (?1, (SELECT place FROM tab WHERE id = ?2), ?3, ?4)";
    t.prepare_cached(sql)?.execute(params![
        row.get::<_, i64>(0)?,
        tab.as_ref().map(rows::key),
        row.get::<_, Vec<u8>>(2)?,
        seal(row.get(3)?)?
    ])?;
    Ok(())
}

/// A seal's bytes, of the text that it was.
fn seal(text: String) -> Result<[u8; 32], StoreError> {
    let seal = Seal::from_hex(&text).ok_or_else(|| StoreError::damaged(format!("{text} is no seal")))?;
    Ok(*seal.as_bytes())
}

fn some_time(text: Option<String>) -> Result<Option<DateTime<Utc>>, StoreError> {
    text.map(parsed).transpose()
}

fn named<T: DeserializeOwned>(name: String) -> Result<T, StoreError> {
    Ok(serde_json::from_value(Value::from(name))?)
}

fn parsed<T: FromStr>(text: String) -> Result<T, StoreError> {
    text.parse()
        .map_err(|_| StoreError::damaged(format!("{text} can’t be read")))
}
