//! Statements that the server keeps ready for a connection: parsing and planning a reading takes
//! longer than the reading.

use crate::values::Value;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Error, Row, Statement};

/// Statements kept on a connection. The texts are the program's own, far fewer than these; where they aren't, all are
/// forgotten and made again as they're needed.
const MOST_PREPARED: usize = 128;

/// What a connection has ready, by its text.
#[derive(Debug, Default)]
pub(crate) struct Prepared(Mutex<HashMap<String, Statement>>);

impl Prepared {
    /// Has the server make these ready, so that they're sent one behind the other afterwards: what has to be prepared
    /// first waits for an answer.
    pub(crate) async fn make(
        &self,
        client: &Client,
        sql: &[&str],
        values: &[Value<'_>],
    ) -> Result<(), Error> {
        // None of these may go while the others are made.
        self.make_room(sql.len());
        for sql in sql {
            self.statement(client, sql, values).await?;
        }
        Ok(())
    }

    /// What one query answers. It's made ready the first time.
    pub(crate) async fn query(
        &self,
        client: &Client,
        sql: &str,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>, Error> {
        if !self.known().contains_key(sql) {
            self.make_room(1);
        }
        let statement = self.statement(client, sql, values).await?;
        let params: Vec<&(dyn ToSql + Sync)> = values.iter().map(|(value, _)| *value).collect();
        client.query(&statement, &params).await
    }

    async fn statement(&self, client: &Client, sql: &str, values: &[Value<'_>]) -> Result<Statement, Error> {
        if let Some(known) = self.known().get(sql) {
            return Ok(known.clone());
        }
        let types: Vec<Type> = values.iter().map(|(_, of)| of.clone()).collect();
        let made = client.prepare_typed(sql, &types).await?;
        self.known().insert(sql.to_owned(), made.clone());
        Ok(made)
    }

    fn make_room(&self, count: usize) {
        let mut known = self.known();
        if known.len().saturating_add(count) > MOST_PREPARED {
            known.clear();
        }
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, Statement>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
