//! Statements that the server keeps ready for a connection: parsing and planning a reading takes
//! longer than the reading.

use crate::values::Value;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Error, Row, Statement};

/// Statements kept on a connection. The texts are the program's own, far fewer than these; what comes beyond is parsed
/// with each call.
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
        let mut known = self.known();
        if known.len() < MOST_PREPARED {
            known.insert(sql.to_owned(), made.clone());
        }
        Ok(made)
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, Statement>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
