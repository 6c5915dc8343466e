//! The step to today's format: each row is read as the former format kept it, and written as today's does.
//!
//! The journal is sealed again, for what is about guests is encrypted with the step. Each entry keeps the seal that it
//! had, which the new one covers: printed reports and older backups name it.

use crate::error::StoreError;
use crate::former::{self, COMPACT_FORMAT, compact, night};
use crate::integrity::journal;
use crate::store::{movements, rows, tabs};
use chrono::{DateTime, Utc};
use holdfast_domain::{
    Actor, Cause, Currency, Detail, Event, Finding, FindingKey, FindingKind, Hold, HoldId, Line,
    MovementKind, NightReport, Operation, OperationState, Personal, Renewal, Standing, TabId,
};
use holdfast_ledger::stored::{
    EntryBytes, Fields, NoKeys, Seal, Stored, StoredEntry, StoredMovement, StoredOperation, StoredSetting,
};
use holdfast_ledger::{LedgerError, Note};
use rusqlite::{Row, Transaction};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::HashMap;
use std::str::FromStr;
use uuid::Uuid;

/// The last format whose rows are JSON.
const LAST_JSON_FORMAT: i64 = COMPACT_FORMAT - 1;

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
    if format < COMPACT_FORMAT {
        copy(t)?;
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

fn copy(t: &Transaction<'_>) -> Result<(), StoreError> {
    each(t, "SELECT body FROM former_tab ORDER BY rowid", |r| {
        tabs::insert_tab(t, &body(r)?)
    })?;
    each(t, "SELECT name, value FROM former_setting ORDER BY rowid", |r| {
        let (name, value): (String, String) = (r.get(0)?, r.get(1)?);
        if name == night::SETTING {
            return night::keep(t, &value);
        }
        insert(t, &StoredSetting { name, value })
    })?;
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
    let mut seals = ReportSeals::default();
    each(t, reports, |r| {
        let fields = vec![
            r.get::<_, i64>(0)?.into(),
            0.into(),
            0.into(),
            r.get::<_, Vec<u8>>(3)?.into(),
        ];
        let report = NightReport::read(Fields::new(fields), &NoKeys)?;
        seals.keep(t, &report, seal(r.get(4)?)?)
    })?;
    let entries = "SELECT seq, tab, CAST(body AS BLOB), seal FROM former_journal ORDER BY seq";
    each(t, entries, |r| {
        let tab: Option<String> = r.get(1)?;
        let tab: Option<Uuid> = tab.map(parsed).transpose()?;
        let body: Vec<u8> = r.get(2)?;
        let bytes = EntryBytes {
            seq: r.get(0)?,
            tab: tab.as_ref().map(rows::key),
            body: &body,
            personal: None,
            former: None,
        };
        keep_entry(t, &bytes, seal(r.get(3)?)?, &seals)
    })
}

/// Seals of night reports before the step and after it: the journal's entries name them.
#[derive(Debug, Default)]
pub(super) struct ReportSeals(HashMap<String, String>);

impl ReportSeals {
    /// Writes a report that had the seal `was`.
    pub(super) fn keep(
        &mut self,
        t: &Transaction<'_>,
        report: &NightReport,
        was: Seal,
    ) -> Result<(), StoreError> {
        let is = rows::insert(t, report)?;
        self.0.insert(was.to_hex(), is.to_hex());
        Ok(())
    }
}

/// Writes an entry of a former format, which had the seal `was`.
pub(super) fn keep_entry(
    t: &Transaction<'_>,
    bytes: &EntryBytes<'_>,
    was: Seal,
    reports: &ReportSeals,
) -> Result<(), StoreError> {
    let entry = StoredEntry::read(bytes, &NoKeys)?;
    let place = entry.tab.map(|tab| tabs::place(t, tab)).transpose();
    // Format 9 and older had entries on tabs that a ledger hasn't got.
    let is_lost = matches!(place, Err(StoreError(LedgerError::NotFound)));
    let tab = entry.tab.filter(|_| !is_lost);
    let reference = entry.reference.map(|seal| match reports.0.get(&seal) {
        Some(is) => is.clone(),
        None => seal,
    });
    let note = Note {
        at: entry.at,
        by: entry.by,
        tab,
        personal: if is_lost {
            Personal::default()
        } else {
            of_nobody(tab, &entry.event, entry.personal)
        },
        event: entry.event,
        reference,
        raises: None,
    };
    journal::write(t, &note, Some(was))
}

/// How what a former format wrote of the house begins where it names no guest.
const NAMES_NOBODY: [&str; 8] = [
    "Settings",
    "Night report",
    "Floor order",
    "The backup",
    "The ledger",
    "The till",
    "Every hold",
    "Holdfast didn",
];

/// What is kept of what is about nobody's tab: it isn't encrypted, so no guest may be named in it.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "what events come later, no former format has them"
)]
pub(super) fn of_nobody(tab: Option<TabId>, event: &Event, personal: Personal) -> Personal {
    if tab.is_some() {
        return personal;
    }
    match event {
        Event::Seen(event) => of_nobody(tab, event, personal),
        Event::RequestNotKnown { .. } | Event::Night(_) => Personal {
            name: None,
            ..personal
        },
        Event::Former { .. } => Personal {
            words: personal
                .words
                .filter(|words| NAMES_NOBODY.iter().any(|begin| words.starts_with(begin))),
            ..personal
        },
        _ => personal,
    }
}

pub(super) fn each(
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

pub(super) fn insert(t: &Transaction<'_>, what: &impl Stored) -> Result<(), StoreError> {
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
    let event = Event::former(former.amount);
    let personal = Personal {
        words: Some(former.words),
        ..Personal::default()
    };
    let personal = of_nobody(former.tab, &event, personal);
    Ok(Finding {
        key: key.unwrap_or_else(|_| unknown(former.kind, former.key)),
        tab: former.tab,
        hold: former.hold,
        event,
        personal,
        at: former.at,
        raised_at: former.raised_at,
        ended_at: former.ended_at,
        seen_by: former.seen_by.map(Actor::staff),
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

/// A seal, of the text that it was.
fn seal(text: String) -> Result<Seal, StoreError> {
    Seal::from_hex(&text).ok_or_else(|| StoreError::damaged(format!("{text} is no seal")))
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
