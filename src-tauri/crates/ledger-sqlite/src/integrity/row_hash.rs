//! A hash over every row: SQLite's own check knows whether a page is well formed, not whether an
//! amount on it is still the one that was written.

use crate::error::StoreError;
use crate::recovery::open;
use rusqlite::{Connection, Params, Transaction, params};
use sha2::digest::Output;
use sha2::{Digest, Sha256};

/// A table whose rows are sealed; the journal has its own chain.
#[derive(Debug, Clone, Copy)]
pub(crate) enum HashedTable {
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

impl HashedTable {
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

    /// Table, key, and all columns but the seal.
    const fn parts(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Tab => ("tab", "id", "id, body, opened_at, closed_at"),
            Self::Line => ("line", "id", "id, tab, body"),
            Self::Hold => (
                "hold",
                "id",
                "id, tab, intent_id, reference, body, authorised, captured, pending, refunded, over",
            ),
            Self::Operation => (
                "operation",
                "id",
                "id, hold, kind, amount, tip, state, dojo_id, detail, settled_at, body",
            ),
            Self::Setting => ("setting", "name", "name, value"),
            Self::Movement => (
                "movement",
                "seq",
                "seq, hold, tab, kind, source, by, currency, amount, service, tip, at",
            ),
            Self::Report => ("report", "number", "number, first, last, body"),
            Self::Seen => ("seen", "operation", "operation, at, by"),
            Self::Finding => ("finding", "key", "key, kind, hold, ended_at, body"),
            Self::Renewal => ("renewal", "hold", "hold, renews, tab, ended_at, body"),
        }
    }
}

/// The format since which a movement says how much of a refund is said.
const SAID_SINCE_FORMAT: i64 = 8;

impl HashedTable {
    /// What is sealed of a row in a file of `format`, as an expression.
    fn row(self, format: i64) -> String {
        let (_, _, columns) = self.parts();
        match self {
            // One from before has a seal without it, and keeps that for as long as nothing of it is said. The two can't
            // stand for one another: one has a value more.
            Self::Movement if format >= SAID_SINCE_FORMAT => {
                format!("iif(said = 0, json_array({columns}), json_array({columns}, said))")
            }
            _ => format!("json_array({columns})"),
        }
    }
}

/// Lower-case hexadecimal SHA-256.
pub(crate) fn hash(parts: &[&str]) -> String {
    hex::encode(digest(parts))
}

fn digest(parts: &[&str]) -> Output<Sha256> {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part);
        digest.update("\n");
    }
    digest.finalize()
}

/// Whether `text` is this hash in hexadecimal, lower case. No text is allocated: a check compares millions of them.
pub(crate) fn is_hexadecimal_of(text: &str, hash: &Output<Sha256>) -> bool {
    let mut digits = [0; 64];
    hex::encode_to_slice(hash, &mut digits).is_ok() && text.as_bytes() == digits
}

/// Seals one row anew, in the transaction that wrote it.
pub(crate) fn set(t: &Transaction<'_>, table: HashedTable, key: &str) -> Result<(), StoreError> {
    let (name, column, _) = table.parts();
    let sealed = table.row(open::known());
    let row: String = t
        .prepare_cached(&format!("SELECT {sealed} FROM {name} WHERE {column} = ?1"))?
        .query_row([key], |r| r.get(0))?;
    t.prepare_cached(&format!("UPDATE {name} SET seal = ?2 WHERE {column} = ?1"))?
        .execute(params![key, hash(&[name, &row])])?;
    Ok(())
}

/// Seals every row of the tables that are sealed since `format`; for the step to it.
pub(crate) fn set_all(t: &Transaction<'_>, format: i64) -> Result<(), StoreError> {
    for table in HashedTable::ALL
        .into_iter()
        .filter(|table| table.since() == format)
    {
        let (name, column, _) = table.parts();
        let mut query = t.prepare(&format!("SELECT {column} FROM {name}"))?;
        let keys = query.query_map([], |r| r.get::<_, String>(0))?;
        for key in keys.collect::<Result<Vec<_>, _>>()? {
            set(t, table, &key)?;
        }
    }
    Ok(())
}

/// Recomputes every seal of a table. [`holdfast_ledger::LedgerError::Damaged`].
pub(crate) fn verify_table(c: &Connection, table: HashedTable) -> Result<(), StoreError> {
    verify_those(c, table, "", [])
}

/// Recomputes the seals of the settings, and of what is waiting for somebody.
pub(crate) fn verify_house(c: &Connection) -> Result<(), StoreError> {
    verify_table(c, HashedTable::Setting)?;
    verify_those(c, HashedTable::Finding, "WHERE ended_at IS NULL", [])
}

/// Recomputes the seals of the tabs `listed`, as JSON, and of all that is on them but their movements.
pub(crate) fn verify_tabs(c: &Connection, listed: &str) -> Result<(), StoreError> {
    let those = "(SELECT value FROM json_each(?1))";
    let on_tabs = format!("WHERE tab IN {those}");
    let operations = format!("SELECT id FROM operation WHERE hold IN (SELECT id FROM hold {on_tabs})");
    for (table, of_those) in [
        (HashedTable::Tab, format!("WHERE id IN {those}")),
        (HashedTable::Line, on_tabs.clone()),
        (HashedTable::Hold, on_tabs.clone()),
        (HashedTable::Renewal, on_tabs.clone()),
        (HashedTable::Operation, format!("WHERE id IN ({operations})")),
        (HashedTable::Seen, format!("WHERE operation IN ({operations})")),
    ] {
        verify_those(c, table, &of_those, [listed])?;
    }
    Ok(())
}

fn verify_those(c: &Connection, table: HashedTable, those: &str, p: impl Params) -> Result<(), StoreError> {
    let (name, _, _) = table.parts();
    let format = c.query_row("PRAGMA user_version", [], |r| r.get(0))?;
    let sealed = table.row(format);
    let mut query = c.prepare_cached(&format!("SELECT {sealed}, seal FROM {name} {those}"))?;
    let mut rows = query.query(p)?;
    while let Some(row) = rows.next()? {
        let does_not_hold = || StoreError::damaged(format!("a row of {name} does not hold"));
        let body = row.get_ref(0)?.as_str().map_err(|_| does_not_hold())?;
        let found = row.get_ref(1)?.as_str().map_err(|_| does_not_hold())?;
        if !is_hexadecimal_of(found, &digest(&[name, body])) {
            return Err(does_not_hold());
        }
    }
    Ok(())
}
