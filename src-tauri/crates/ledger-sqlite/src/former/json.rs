//! Formats 1 to 9: rows are JSON.

use crate::error::StoreError;
use crate::former::copied::{ReportSeals, each, insert, keep_entry, of_nobody};
use crate::former::night;
use crate::store::{rows, tabs};
use chrono::{DateTime, Utc};
use holdfast_domain::{
    Actor, Cause, Currency, Detail, Event, Finding, FindingKey, FindingKind, Hold, HoldId, Line,
    MovementKind, NightReport, Operation, OperationState, Personal, Renewal, Standing, TabId,
};
use holdfast_ledger::stored::{
    EntryBytes, Fields, NoKeys, Seal, Stored, StoredMovement, StoredOperation, StoredSetting,
};
use rusqlite::{Row, Transaction};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::str::FromStr;
use uuid::Uuid;

/// Copies all of it from the tables that were moved aside.
pub(super) fn copy(t: &Transaction<'_>) -> Result<(), StoreError> {
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
