//! The night reports: kept as they were made.

use crate::error::StoreError;
use crate::store::{commit::commit, journal, movements, rows};
use holdfast_domain::NightReport;
use holdfast_ledger::{Note, Unreported};
use rusqlite::Connection;

/// Everything that the next report is made of, read at one moment.
pub(crate) fn unreported(c: &Connection) -> Result<Unreported, StoreError> {
    let last = newest(c, None, 1)?.pop();
    let first = last.as_ref().map_or(1, |report| report.last.saturating_add(1));
    Ok(Unreported {
        movements: movements::between(c, first, i64::MAX)?,
        journal: journal::head(c)?,
        last,
    })
}

pub(crate) fn add(c: &Connection, report: &NightReport, note: &Note) -> Result<(), StoreError> {
    commit(c, &[], |t| {
        let seal = rows::insert(t, report)?;
        // The journal's chain holds the report from here on.
        let note = Note {
            reference: Some(seal.to_hex()),
            ..note.clone()
        };
        journal::append(t, &note)
    })
}

pub(crate) fn one(c: &Connection, number: i64) -> Result<NightReport, StoreError> {
    rows::one(c, "report r WHERE r.number = ?1", [number])
}

pub(crate) fn newest(
    c: &Connection,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<NightReport>, StoreError> {
    let from = "report r WHERE r.number < ?1 ORDER BY r.number DESC LIMIT ?2";
    rows::all(c, from, [before.unwrap_or(i64::MAX), limit])
}
