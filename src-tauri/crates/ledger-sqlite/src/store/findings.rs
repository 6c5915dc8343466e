//! What people should know of: reading and writing it.

use crate::error::StoreError;
use crate::store::{commit::commit, rows};
use holdfast_domain::{Finding, FindingKey};
use holdfast_ledger::Note;
use rusqlite::{Connection, Transaction};

/// Puts findings in force as they are given, in one commit with their notes.
pub(crate) fn put(c: &Connection, findings: &[Finding], notes: &[Note]) -> Result<(), StoreError> {
    commit(c, notes, |t| {
        findings.iter().try_for_each(|finding| set(t, finding))
    })
}

fn set(t: &Transaction<'_>, finding: &Finding) -> Result<(), StoreError> {
    match one(t, &finding.key)? {
        Some(_) => rows::update(t, finding),
        None => rows::insert(t, finding).map(drop),
    }
}

/// Adds one that came with a journal note, unless it is known. One that ended because it was not true any more,
/// and that is true again, is opened again.
pub(crate) fn add(t: &Transaction<'_>, finding: &Finding) -> Result<(), StoreError> {
    match one(t, &finding.key)? {
        None => rows::insert(t, finding).map(drop),
        Some(known) if !known.is_open() && known.seen_by.is_none() => rows::update(t, finding),
        Some(_) => Ok(()),
    }
}

pub(crate) const OPEN: &str = "finding r WHERE r.ended_at IS NULL ORDER BY r.key";

pub(crate) fn open(c: &Connection) -> Result<Vec<Finding>, StoreError> {
    rows::all(c, OPEN, [])
}

pub(crate) fn one(c: &Connection, key: &FindingKey) -> Result<Option<Finding>, StoreError> {
    rows::first(c, "finding r WHERE r.key = ?1", [key.to_string()])
}

/// Kind 0 is a deadline.
pub(crate) const WARNINGS: &str = "(
    SELECT f.key FROM hold h JOIN finding f ON f.hold = h.id WHERE h.over = 0 AND f.kind = 0
     UNION SELECT key FROM finding WHERE ended_at IS NULL AND kind = 0 AND hold IS NOT NULL) AS some
   CROSS JOIN finding r ON r.key = some.key ORDER BY r.key";

pub(crate) fn warnings(c: &Connection) -> Result<Vec<Finding>, StoreError> {
    rows::all(c, WARNINGS, [])
}
