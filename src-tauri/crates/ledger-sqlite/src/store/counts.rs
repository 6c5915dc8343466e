//! How many rows there are, for support.

use crate::error::StoreError;
use holdfast_domain::{OperationKind, OperationState};
use holdfast_ledger::Counts;
use holdfast_ledger::stored::Code;
use rusqlite::Connection;
use serde::Serialize;

pub(crate) fn counts(c: &Connection) -> Result<Counts, StoreError> {
    let mut query = c.prepare(
        "SELECT 'Tabs open', count(*) FROM tab WHERE closed_at IS NULL
          UNION ALL SELECT 'Tabs closed', count(*) FROM tab WHERE closed_at IS NOT NULL
          UNION ALL SELECT 'Holds not over', count(*) FROM hold WHERE over = 0
          UNION ALL SELECT 'Holds over', count(*) FROM hold WHERE over = 1
          UNION ALL SELECT 'Renewals under way', count(*) FROM renewal WHERE ended_at IS NULL
          UNION ALL SELECT 'Findings that wait', count(*) FROM finding WHERE ended_at IS NULL
          UNION ALL SELECT 'Entries in the journal', count(*) FROM journal",
    )?;
    let rows = query.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?;
    let mut rows: Vec<(String, i64)> = rows.collect::<Result<_, _>>()?;
    rows.extend(operations(c)?);
    Ok(Counts {
        format: c.query_row("PRAGMA user_version", [], |r| r.get(0))?,
        rows,
    })
}

fn operations(c: &Connection) -> Result<Vec<(String, i64)>, StoreError> {
    let mut query = c.prepare("SELECT kind, state, count(*) FROM operation GROUP BY kind, state")?;
    let found = query.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
    let mut rows = Vec::new();
    for row in found {
        let (kind, state, count): (i64, i64, i64) = row?;
        let (kind, state) = (OperationKind::of(kind)?, OperationState::of(state)?);
        rows.push((format!("Operations {}, {}", name(&kind)?, name(&state)?), count));
    }
    rows.sort();
    Ok(rows)
}

fn name(value: &impl Serialize) -> Result<String, StoreError> {
    let name = serde_json::to_value(value)?;
    Ok(name.as_str().unwrap_or_default().to_owned())
}
