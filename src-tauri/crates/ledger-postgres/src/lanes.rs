//! The few connections of a till, and what becomes of a call on one: answered, refused or lost.

use crate::error::{Refusal, unreachable};
use crate::losses::{HEAD, Own};
use crate::not_connected::told;
use crate::server::{Connected, Server};
use crate::write::Param;
use futures_util::future::try_join_all;
use holdfast_ledger::LedgerError;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_postgres::Row;
use tokio_postgres::types::{ToSql, Type};

/// Connections at most: a press, the watch, a list and a search go on at the same time.
const MOST_CONNECTIONS: usize = 4;

/// How long an answer is waited for. Longer than the five seconds a function waits for a lock, so that the server's own
/// answer comes first.
pub(crate) const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// A value of a query.
pub(crate) type Value<'a> = (&'a (dyn ToSql + Sync), Type);

/// The connections, made when they are needed.
#[derive(Debug)]
pub(crate) struct Lanes {
    server: Server,
    format: i64,
    idle: Mutex<Vec<Connected>>,
    free: Semaphore,
    pub(crate) own: Own,
}

/// One connection, for one call. It's closed when this is dropped before [`Lane::give_back`]: nobody knows what is
/// still under way on it.
pub(crate) struct Lane<'a> {
    lanes: &'a Lanes,
    connected: Option<Connected>,
    _permit: SemaphorePermit<'a>,
}

impl Lanes {
    pub(crate) fn new(server: Server, format: i64) -> Self {
        Self {
            server,
            format,
            idle: Mutex::default(),
            free: Semaphore::new(MOST_CONNECTIONS),
            own: Own::default(),
        }
    }

    /// A connection that nobody else uses. A new one is checked first: the server behind the address may be another.
    pub(crate) async fn take(&self) -> Result<Lane<'_>, LedgerError> {
        let permit = self.free.acquire().await.map_err(unreachable)?;
        let idle = loop {
            let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            match idle {
                Some(connected) if connected.client.is_closed() => {}
                other => break other,
            }
        };
        let connected = match idle {
            Some(connected) => connected,
            None => self.connect().await?,
        };
        Ok(Lane {
            lanes: self,
            connected: Some(connected),
            _permit: permit,
        })
    }

    async fn connect(&self) -> Result<Connected, LedgerError> {
        let connected = self.server.connect().await?;
        let checked = tokio::time::timeout(ANSWER_TIMEOUT, connected.check(self.format)).await;
        checked.map_err(|_| unreachable("it did not answer in time"))??;
        self.look_for_losses_on(&connected).await?;
        Ok(connected)
    }

    /// What one query answers. It's asked once more where the connection turned out to be gone.
    pub(crate) async fn query(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, LedgerError> {
        match self.ask(sql, values).await {
            Err(Refusal::Lost(_)) => {}
            other => return other.map_err(Refusal::into_error),
        }
        self.ask(sql, values).await.map_err(Refusal::into_error)
    }

    async fn ask(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, Refusal> {
        let lane = self.take().await.map_err(Refusal::Because)?;
        let rows = lane.query(sql, values).await?;
        lane.give_back();
        Ok(rows)
    }

    /// What several queries with the same values answer, sent together and carried out in this order, each seeing what
    /// is committed by then.
    pub(crate) async fn query_in_turn<const N: usize>(
        &self,
        sql: [&str; N],
        values: &[Value<'_>],
    ) -> Result<[Vec<Row>; N], LedgerError> {
        match self.ask_in_turn(&sql, values, false).await {
            Err(Refusal::Lost(_)) => {}
            other => return in_order(other),
        }
        in_order(self.ask_in_turn(&sql, values, false).await)
    }

    /// The same, all of one moment.
    pub(crate) async fn query_at_once<const N: usize>(
        &self,
        sql: [&str; N],
        values: &[Value<'_>],
    ) -> Result<[Vec<Row>; N], LedgerError> {
        match self.ask_in_turn(&sql, values, true).await {
            Err(Refusal::Lost(_)) => {}
            other => return in_order(other),
        }
        in_order(self.ask_in_turn(&sql, values, true).await)
    }

    /// A reading transaction holds no row's lock, so that one which is left open keeps nobody waiting.
    async fn ask_in_turn(
        &self,
        sql: &[&str],
        values: &[Value<'_>],
        is_at_once: bool,
    ) -> Result<Vec<Vec<Row>>, Refusal> {
        let lane = self.take().await.map_err(Refusal::Because)?;
        let begin = async {
            match is_at_once {
                true => lane.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await,
                false => Ok(()),
            }
        };
        let queries = try_join_all(sql.iter().map(|sql| lane.query(sql, values)));
        let end = async {
            match is_at_once {
                true => lane.run("COMMIT").await,
                false => Ok(()),
            }
        };
        // They are sent in this order, without waiting for one another.
        let ((), rows, ()) = tokio::try_join!(biased; begin, queries, end)?;
        lane.give_back();
        Ok(rows)
    }

    /// Calls a function once; its one value.
    pub(crate) async fn call(&self, function: &str, params: &[Param]) -> Result<Option<i64>, Refusal> {
        let lane = self.take().await.map_err(Refusal::Because)?;
        self.call_on(lane, function, params).await
    }

    /// The same, unless commits turned out to be lost since there were that many such losses: what it rests on may be
    /// among them. [`Refusal::Moved`] then.
    pub(crate) async fn call_unless_lost(
        &self,
        losses: u64,
        function: &str,
        params: &[Param],
    ) -> Result<Option<i64>, Refusal> {
        let lane = self.take().await.map_err(Refusal::Because)?;
        if self.own.losses() != losses {
            lane.give_back();
            return Err(Refusal::Moved);
        }
        self.call_on(lane, function, params).await
    }

    async fn call_on(
        &self,
        lane: Lane<'_>,
        function: &str,
        params: &[Param],
    ) -> Result<Option<i64>, Refusal> {
        let places: Vec<String> = (1..=params.len()).map(|n| format!("${n}")).collect();
        let sql = format!("SELECT holdfast_1.{function}({})", places.join(", "));
        let values: Vec<Value<'_>> = params.iter().map(Param::value).collect();
        let called = lane.query(&sql, &values);
        // Sent with the call, so that what it wrote is known to have been there.
        let (rows, head) = match self.own.record() {
            Some(_) => tokio::join!(biased; called, lane.query(HEAD, &[])),
            None => (called.await, Ok(Vec::new())),
        };
        if lane.is_doubtful() {
            return Err(Refusal::Because(unreachable(
                "its standby did not confirm what was written",
            )));
        }
        if !matches!(rows, Err(Refusal::Lost(_))) {
            lane.give_back();
        }
        let row = rows?.into_iter().next();
        self.own
            .saw(head.ok().and_then(|rows| rows.into_iter().next()).as_ref(), 0);
        Ok(row.and_then(|row| {
            let is_number = row
                .columns()
                .first()
                .is_some_and(|column| *column.type_() == Type::INT8);
            let is_flag = row
                .columns()
                .first()
                .is_some_and(|column| *column.type_() == Type::BOOL);
            if is_number {
                row.try_get(0).ok()
            } else if is_flag {
                row.try_get(0).ok().map(|is: bool| i64::from(is))
            } else {
                None
            }
        }))
    }
}

impl Connected {
    /// What one query answers.
    pub(crate) async fn query(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, Refusal> {
        match tokio::time::timeout(ANSWER_TIMEOUT, self.client.query_typed(sql, values)).await {
            Ok(Ok(rows)) => Ok(rows),
            Ok(Err(error)) => {
                tracing::debug!(error = told(&error), "the shared ledger refused");
                Err(Refusal::of(&error))
            }
            Err(_) => Err(Refusal::Lost("it did not answer in time".to_owned())),
        }
    }
}

impl Lane<'_> {
    /// The connection, until it's handed back.
    pub(crate) const fn connected(&self) -> Option<&Connected> {
        self.connected.as_ref()
    }

    /// What one query answers.
    pub(crate) async fn query(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, Refusal> {
        match &self.connected {
            Some(connected) => connected.query(sql, values).await,
            None => Err(Refusal::Lost("the connection is gone".to_owned())),
        }
    }

    /// Several statements without values.
    pub(crate) async fn run(&self, sql: &str) -> Result<(), Refusal> {
        let Some(connected) = &self.connected else {
            return Err(Refusal::Lost("the connection is gone".to_owned()));
        };
        match tokio::time::timeout(ANSWER_TIMEOUT, connected.client.batch_execute(sql)).await {
            Ok(done) => done.map_err(|error| Refusal::of(&error)),
            Err(_) => Err(Refusal::Lost("it did not answer in time".to_owned())),
        }
    }

    fn is_doubtful(&self) -> bool {
        self.connected.as_ref().is_some_and(Connected::is_doubtful)
    }

    /// Hands it back for the next call: nothing is under way on it.
    pub(crate) fn give_back(mut self) {
        if let Some(connected) = self.connected.take() {
            let mut idle = self.lanes.idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.push(connected);
        }
    }
}

fn in_order<const N: usize>(rows: Result<Vec<Vec<Row>>, Refusal>) -> Result<[Vec<Row>; N], LedgerError> {
    let rows = rows.map_err(Refusal::into_error)?;
    rows.try_into()
        .map_err(|_| unreachable("it answered another number of queries"))
}

impl Refusal {
    /// For a caller that doesn't try again.
    pub(crate) fn into_error(self) -> LedgerError {
        match self {
            Self::Because(error) => error,
            Self::Moved => LedgerError::Changed,
            Self::Crowded(why) => LedgerError::Storage(why),
            Self::Lost(why) => unreachable(why),
        }
    }
}
