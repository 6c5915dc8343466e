//! A whole ledger on its way from one database to another: its rows as the bytes that are kept, so that every seal
//! stays what it is.

use crate::stored::{Field, Stored, StoredMovement, StoredOperation, StoredRunRow, StoredSetting, Table};
use crate::{LedgerError, Run};
use async_trait::async_trait;
use holdfast_domain::{Finding, Hold, Line, NightReport, Renewal, Tab};

/// Rows of one table, in the order in which they were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedRows {
    /// Which table, one of [`TABLES`].
    pub table: Table,
    /// Their columns, in that table's order.
    pub rows: Vec<Vec<Field<'static>>>,
}

/// Rows at a time: a few megabytes at most.
pub const MOST_ROWS: usize = 1_000;

/// Guests' keys. A key's tab is an id here, for its place in the order of writing is each database's own.
pub const GUEST_KEYS: Table = Table {
    name: "guest_key",
    key: "tab",
    columns: &["tab", "key"],
};

/// The journal. An entry's tab is an id here too.
pub const JOURNAL: Table = Table {
    name: "journal",
    key: "seq",
    columns: &["seq", "tab", "body", "personal", "former", "seal"],
};

/// All tables, each after those that its rows name.
pub const TABLES: [Table; 13] = [
    Tab::TABLE,
    GUEST_KEYS,
    Line::TABLE,
    Hold::TABLE,
    StoredOperation::TABLE,
    Renewal::TABLE,
    JOURNAL,
    StoredSetting::TABLE,
    StoredMovement::TABLE,
    NightReport::TABLE,
    Finding::TABLE,
    Run::TABLE,
    StoredRunRow::TABLE,
];

/// A ledger that is read whole, as it was at one moment.
#[async_trait]
pub trait Source: Send {
    /// The next rows, by the order of [`TABLES`]; none after the last one's.
    async fn next(&mut self) -> Result<Option<MovedRows>, LedgerError>;
    /// The text beside the ledger.
    async fn beside(&mut self) -> Result<Option<String>, LedgerError>;
}

/// An empty ledger that takes all of another one's rows, or stays empty.
#[async_trait]
pub trait Target: Send {
    /// Takes rows, handed over in the order in which [`Source::next`] gives them.
    async fn put(&mut self, rows: MovedRows) -> Result<(), LedgerError>;
    /// Checks what it took and makes it count, with the text beside it. Dropped before, it leaves everything as it was.
    async fn finish(self: Box<Self>, beside: Option<String>) -> Result<(), LedgerError>;
}

/// How much was moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moved {
    /// Tabs, open and closed.
    pub tabs: usize,
    /// Entries of the journal.
    pub entries: usize,
    /// Night reports.
    pub reports: usize,
}

/// Moves all that `from` has to `to`, a thousand rows at a time.
///
/// # Errors
/// Either's; then `to` is as it was.
pub async fn move_ledger(mut from: Box<dyn Source>, mut to: Box<dyn Target>) -> Result<Moved, LedgerError> {
    let mut moved = Moved::default();
    while let Some(next) = from.next().await? {
        let count = next.rows.len();
        match next.table.name {
            "tab" => moved.tabs += count,
            "journal" => moved.entries += count,
            "report" => moved.reports += count,
            _ => {}
        }
        to.put(next).await?;
    }
    let beside = from.beside().await?;
    to.finish(beside).await?;
    Ok(moved)
}
