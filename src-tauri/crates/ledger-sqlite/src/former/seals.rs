//! The rows' seals of formats 2 to 9: hexadecimal, over the JSON that SQLite made of a row.

use crate::error::StoreError;
use rusqlite::Connection;
use sha2::digest::Output;
use sha2::{Digest, Sha256};

/// A table whose rows are sealed; the journal has its own chain.
#[derive(Debug, Clone, Copy)]
pub(crate) enum SealedTable {
    Tab,
    Line,
    Hold,
    Operation,
    Setting,
    Movement,
    Report,
    Seen,
    Finding,
    Renewal,
}

impl SealedTable {
    const ALL: [Self; 10] = [
        Self::Tab,
        Self::Line,
        Self::Hold,
        Self::Operation,
        Self::Setting,
        Self::Movement,
        Self::Report,
        Self::Seen,
        Self::Finding,
        Self::Renewal,
    ];

    /// Those that a file of `format` has.
    pub(crate) fn in_format(format: i64) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |table| table.since() <= format)
    }

    /// The format that its table, or its seal, came with.
    const fn since(self) -> i64 {
        match self {
            Self::Tab | Self::Line | Self::Hold | Self::Operation | Self::Setting => 2,
            Self::Movement | Self::Report => 3,
            Self::Seen => 4,
            Self::Finding => 5,
            Self::Renewal => 6,
        }
    }

    /// Table, and all columns but the seal.
    const fn parts(self) -> (&'static str, &'static str) {
        match self {
            Self::Tab => ("tab", "id, body, opened_at, closed_at"),
            Self::Line => ("line", "id, tab, body"),
            Self::Hold => (
                "hold",
                "id, tab, intent_id, reference, body, authorised, captured, pending, refunded, over",
            ),
            Self::Operation => (
                "operation",
                "id, hold, kind, amount, tip, state, dojo_id, detail, settled_at, body",
            ),
            Self::Setting => ("setting", "name, value"),
            Self::Movement => (
                "movement",
                "seq, hold, tab, kind, source, by, currency, amount, service, tip, at",
            ),
            Self::Report => ("report", "number, first, last, body"),
            Self::Seen => ("seen", "operation, at, by"),
            Self::Finding => ("finding", "key, kind, hold, ended_at, body"),
            Self::Renewal => ("renewal", "hold, renews, tab, ended_at, body"),
        }
    }
}

/// The format since which a movement says how much of a refund is said.
const SAID_SINCE_FORMAT: i64 = 8;

impl SealedTable {
    /// What is sealed of a row in a file of `format`, as an expression.
    fn row(self, format: i64) -> String {
        let (_, columns) = self.parts();
        if matches!(self, Self::Movement) && format >= SAID_SINCE_FORMAT {
            // One from before has a seal without it, and keeps that for as long as nothing of it is said. The two can't
            // stand for one another: one has a value more.
            format!("iif(said = 0, json_array({columns}), json_array({columns}, said))")
        } else {
            format!("json_array({columns})")
        }
    }
}

fn digest(parts: &[&str]) -> Output<Sha256> {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part);
        digest.update("\n");
    }
    digest.finalize()
}

/// Recomputes every seal of a table in a file of a former format. [`holdfast_ledger::LedgerError::Damaged`].
pub(crate) fn verify_table(c: &Connection, table: SealedTable) -> Result<(), StoreError> {
    let (name, _) = table.parts();
    let format = c.query_row("PRAGMA user_version", [], |r| r.get(0))?;
    let sealed = table.row(format);
    verify(
        c,
        name,
        &format!("SELECT {sealed}, unhex(seal), seal = lower(seal) FROM {name}"),
    )
}

/// The same of the night reports that a former format made, in a file of today's.
pub(crate) fn verify_kept_reports(c: &Connection) -> Result<(), StoreError> {
    let sql = "SELECT json_array(number, first, last, CAST(body AS TEXT)), seal, personal IS NULL FROM report
                WHERE substr(body, 1, 1) = x'7b'";
    verify(c, "report", sql)
}

/// Each row's JSON, its seal, and whether there is nothing else wrong with it.
fn verify(c: &Connection, table: &str, sql: &str) -> Result<(), StoreError> {
    let mut query = c.prepare_cached(sql)?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let does_not_hold = || StoreError::damaged_row(table);
        let body = row.get_ref(0)?.as_str().map_err(|_| does_not_hold())?;
        let found = row.get_ref(1)?.as_blob().map_err(|_| does_not_hold())?;
        if found != digest(&[table, body]).as_slice() || row.get(2) != Ok(true) {
            return Err(does_not_hold());
        }
    }
    Ok(())
}
