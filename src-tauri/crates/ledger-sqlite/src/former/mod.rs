//! The formats before today's: whether a file of one is sound, and the step from it to today's.

mod compact;
mod copied;
mod json;
mod night;
pub(crate) mod seals;
mod step;

pub(crate) use step::step_up;

use crate::error::StoreError;
use crate::format;
use holdfast_domain::OperationState;
use holdfast_ledger::stored::Code;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use serde::Deserialize;
use std::collections::HashMap;
use uuid::Uuid;

const COMPACT_TABLES: &str = include_str!("../migrations/0010_tables.sql");
const COMPACT_GUARDS: &str = include_str!("../migrations/0010_guards.sql");

/// One a format before that, in order.
const MIGRATIONS: [&str; 9] = [
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

/// Takes tables of the format `from` to those of `to`, without sealing anything.
pub(crate) fn migrate(c: &Connection, from: i64, to: i64) -> Result<(), StoreError> {
    let steps = MIGRATIONS.iter().zip(1_i64..);
    for (sql, _) in steps.filter(|(_, step)| *step > from && *step <= to) {
        c.execute_batch(sql)?;
    }
    Ok(())
}

/// Makes what a ledger of the former `format` has, empty.
pub(crate) fn make_tables(c: &Connection, format: i64) -> Result<(), StoreError> {
    if format < format::COMPACT {
        return migrate(c, 0, format);
    }
    c.execute_batch(COMPACT_TABLES)?;
    c.execute_batch(COMPACT_GUARDS)?;
    Ok(())
}

/// Whether the JSON of an entry says this tab, which stood in its body; or one that the ledger hasn't got, if none.
pub(crate) fn is_on_tab(c: &Connection, body: &[u8], tab: Option<&[u8]>) -> Result<bool, StoreError> {
    #[derive(Deserialize)]
    struct OnTab {
        tab: Option<Uuid>,
    }
    let says = |words: &str| body.windows(words.len()).any(|part| part == words.as_bytes());
    match tab.map(Uuid::from_slice) {
        Some(Ok(id)) => Ok(says(&format!(r#""tab":"{id}""#))),
        Some(Err(_)) => Ok(false),
        None if says(r#""tab":null"#) => Ok(true),
        None => {
            let OnTab { tab } = serde_json::from_slice(body)?;
            let sql = "SELECT EXISTS (SELECT 1 FROM tab WHERE id = ?1)";
            let is_there = c.query_row(sql, [tab.unwrap_or_default().as_bytes()], |r| r.get::<_, bool>(0))?;
            Ok(!is_there)
        }
    }
}

/// The ids in a query's first column, each with the state in its second, in a file of any format.
pub(crate) fn states(c: &Connection, sql: &str) -> Result<HashMap<Uuid, i64>, StoreError> {
    let mut query = c.prepare(sql)?;
    let mut rows = query.query([])?;
    let mut states = HashMap::new();
    while let Some(row) = rows.next()? {
        let id = match row.get_ref(0)? {
            ValueRef::Blob(bytes) => Uuid::from_slice(bytes).ok(),
            value @ (ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Text(_)) => {
                value.as_str().ok().and_then(|text| text.parse().ok())
            }
        };
        let state = match row.get_ref(1)? {
            ValueRef::Integer(state) => state,
            value @ (ValueRef::Null | ValueRef::Real(_) | ValueRef::Text(_) | ValueRef::Blob(_)) => {
                let name = value.as_str().unwrap_or_default();
                let state: OperationState = serde_json::from_value(name.into())?;
                state.code()
            }
        };
        states.insert(id.ok_or_else(|| StoreError::damaged("an id is none"))?, state);
    }
    Ok(states)
}
