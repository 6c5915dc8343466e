//! Reading a venue's ledger whole, as it is at one moment, while tills work.

use crate::FORMAT;
use crate::moving::{AS_OWNER, failed, run, select};
use crate::rows;
use crate::server::{Connected, Server};
use async_trait::async_trait;
use futures_util::TryStreamExt as _;
use holdfast_ledger::LedgerError;
use holdfast_ledger::moving::{MOST_ROWS, MovedRows, Source, TABLES};
use holdfast_ledger::stored::{Field, Table};
use std::pin::Pin;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Row, RowStream};

/// One moment of a venue's ledger.
pub struct VenueSource {
    connected: Connected,
    venue: i32,
    /// Which of [`TABLES`] is read next, and the rows of the one before as they come in.
    table: usize,
    rows: Option<(Table, Pin<Box<RowStream>>)>,
}

impl VenueSource {
    /// Begins to read it, in a transaction that locks nothing.
    ///
    /// # Errors
    /// [`LedgerError::NotFound`] without such a venue; [`LedgerError::Unreachable`], [`LedgerError::Newer`],
    /// [`LedgerError::Storage`].
    pub async fn begin(admin: &Server, venue: i32) -> Result<Self, LedgerError> {
        let connected = admin.connect().await?;
        connected.check(FORMAT).await?;
        run(&connected, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        Self::within(connected, venue).await
    }

    /// The same in a transaction that has begun.
    pub(super) async fn within(connected: Connected, venue: i32) -> Result<Self, LedgerError> {
        run(&connected, AS_OWNER).await?;
        let source = Self {
            connected,
            venue,
            table: 0,
            rows: None,
        };
        match source
            .one("SELECT name FROM holdfast.venue WHERE venue = $1")
            .await?
        {
            Some(_) => Ok(source),
            None => Err(LedgerError::NotFound),
        }
    }

    /// The connection, with its transaction.
    pub(super) fn into_connected(self) -> Connected {
        self.connected
    }

    async fn one(&self, sql: &str) -> Result<Option<Row>, LedgerError> {
        let venue: [(&(dyn ToSql + Sync), Type); 1] = [(&self.venue, Type::INT4)];
        let found = self.connected.client.query_typed_opt(sql, &venue).await;
        found.map_err(|error| failed(&error))
    }

    /// Begins with a table.
    async fn begin_rows(&self, table: Table) -> Result<Pin<Box<RowStream>>, LedgerError> {
        let nothing: [(&(dyn ToSql + Sync), Type); 0] = [];
        let sql = select(table, self.venue);
        let rows = self.connected.client.query_typed_raw(&sql, nothing).await;
        rows.map(Box::pin).map_err(|error| failed(&error))
    }
}

/// A thousand rows of a table; fewer are its last ones. The server sends no more than are taken.
async fn read(
    table: Table,
    stream: &mut Pin<Box<RowStream>>,
) -> Result<Vec<Vec<Field<'static>>>, LedgerError> {
    let mut read = Vec::new();
    while read.len() < MOST_ROWS
        && let Some(row) = stream.try_next().await.map_err(|error| failed(&error))?
    {
        let fields = (0..table.columns.len()).map(|column| Ok(rows::field(&row, column)?.into_owned()));
        read.push(fields.collect::<Result<_, LedgerError>>()?);
    }
    Ok(read)
}

#[async_trait]
impl Source for VenueSource {
    async fn next(&mut self) -> Result<Option<MovedRows>, LedgerError> {
        loop {
            let (table, mut stream) = match self.rows.take() {
                Some(begun) => begun,
                None => {
                    let Some(table) = TABLES.get(self.table).copied() else {
                        return Ok(None);
                    };
                    self.table += 1;
                    (table, self.begin_rows(table).await?)
                }
            };
            let rows = read(table, &mut stream).await?;
            // One that has ended isn't asked again.
            if rows.len() == MOST_ROWS {
                self.rows = Some((table, stream));
            }
            if !rows.is_empty() {
                return Ok(Some(MovedRows { table, rows }));
            }
        }
    }

    async fn beside(&mut self) -> Result<Option<String>, LedgerError> {
        let found = self
            .one("SELECT text FROM holdfast.beside WHERE venue = $1")
            .await?;
        let text = found.map(|row| row.try_get(0)).transpose();
        text.map_err(|error| failed(&error))
    }
}
