//! What people should know of: reading and writing it.

use crate::error::StoreError;
use crate::integrity::row_hash::{self, HashedTable};
use crate::store::commit::{commit, json, name};
use holdfast_domain::Finding;
use holdfast_ledger::Note;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

/// Puts findings in force as they are given, in one commit with their notes.
pub(crate) fn put(c: &Connection, findings: &[Finding], notes: &[Note]) -> Result<(), StoreError> {
    commit(c, notes, |t| findings.iter().try_for_each(|f| set(t, f)))
}

fn set(t: &Transaction<'_>, finding: &Finding) -> Result<(), StoreError> {
    write(
        t,
        finding,
        "ON CONFLICT (key) DO UPDATE SET ended_at = excluded.ended_at, body = excluded.body",
    )
}

/// Adds one that came with a journal note, unless it is known. One that ended because it was not true any more,
/// and that is true again, is opened again.
pub(crate) fn add(t: &Transaction<'_>, finding: &Finding) -> Result<(), StoreError> {
    write(
        t,
        finding,
        "ON CONFLICT (key) DO UPDATE SET ended_at = excluded.ended_at, body = excluded.body
          WHERE finding.ended_at IS NOT NULL AND json_extract(finding.body, '$.seen_by') IS NULL",
    )
}

fn write(t: &Transaction<'_>, finding: &Finding, else_do: &str) -> Result<(), StoreError> {
    t.prepare_cached(&format!(
        "INSERT INTO finding (key, kind, hold, ended_at, body) VALUES (?1, ?2, ?3, ?4, ?5) {else_do}"
    ))?
    .execute(params![
        finding.key,
        name(&finding.kind)?,
        finding.hold.map(|id| id.to_string()),
        finding.ended_at.map(|at| at.to_rfc3339()),
        json(finding)?
    ])?;
    row_hash::set(t, HashedTable::Finding, &finding.key)
}

fn bodies(c: &Connection, sql: &str) -> Result<Vec<Finding>, StoreError> {
    let mut query = c.prepare_cached(sql)?;
    let rows = query.query_map([], |r| r.get::<_, String>(0))?;
    rows.map(|body| Ok(serde_json::from_str(&body?)?)).collect()
}

pub(crate) const OPEN: &str = "SELECT body FROM finding WHERE ended_at IS NULL ORDER BY key";

pub(crate) fn open(c: &Connection) -> Result<Vec<Finding>, StoreError> {
    bodies(c, OPEN)
}

pub(crate) fn one(c: &Connection, key: &str) -> Result<Option<Finding>, StoreError> {
    let mut query = c.prepare_cached("SELECT body FROM finding WHERE key = ?1")?;
    let body: Option<String> = query.query_row([key], |r| r.get(0)).optional()?;
    Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
}

pub(crate) const WARNINGS: &str = "SELECT f.body FROM hold h JOIN finding f ON f.hold = h.id
   WHERE h.over = 0 AND f.kind = 'deadline'
   UNION SELECT body FROM finding WHERE ended_at IS NULL AND kind = 'deadline' AND hold IS NOT NULL";

pub(crate) fn warnings(c: &Connection) -> Result<Vec<Finding>, StoreError> {
    bodies(c, WARNINGS)
}
