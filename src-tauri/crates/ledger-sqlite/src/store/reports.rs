//! The night reports: kept as they were made.

use crate::error::StoreError;
use crate::integrity::{
    journal,
    row_hash::{self, HashedTable},
};
use crate::store::{
    commit::{commit, json},
    movements,
};
use holdfast_domain::NightReport;
use holdfast_ledger::{Note, Unreported};
use rusqlite::{Connection, params};

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
        t.execute(
            "INSERT INTO report (number, first, last, body) VALUES (?1, ?2, ?3, ?4)",
            params![report.number, report.first, report.last, json(report)?],
        )?;
        row_hash::set(t, HashedTable::Report, &report.number.to_string())?;
        let seal: String = t.query_row(
            "SELECT seal FROM report WHERE number = ?1",
            [report.number],
            |r| r.get(0),
        )?;
        // The journal's chain holds the report from here on.
        let note = Note {
            reference: Some(seal),
            ..note.clone()
        };
        journal::append(t, &note)
    })
}

pub(crate) fn one(c: &Connection, number: i64) -> Result<NightReport, StoreError> {
    let body: String = c
        .prepare_cached("SELECT body FROM report WHERE number = ?1")?
        .query_row([number], |r| r.get(0))?;
    Ok(serde_json::from_str(&body)?)
}

pub(crate) fn newest(
    c: &Connection,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<NightReport>, StoreError> {
    let mut query =
        c.prepare_cached("SELECT body FROM report WHERE number < ?1 ORDER BY number DESC LIMIT ?2")?;
    let bodies = query.query_map([before.unwrap_or(i64::MAX), limit], |r| r.get::<_, String>(0))?;
    bodies.map(|body| Ok(serde_json::from_str(&body?)?)).collect()
}
