//! The few connections of a till, and what becomes of a call on one: answered, refused or lost.

use crate::error::{Refusal, unreachable};
use crate::not_connected::told;
use crate::own::{HEAD, Own};
use crate::server::{Connected, Server};
use crate::values::{Param, Value};
use futures_util::future::try_join_all;
use holdfast_ledger::LedgerError;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_postgres::types::Type;
use tokio_postgres::{Error, Row};

/// Connections at most: a press, the watch, a list and a search go on at the same time.
const MOST_CONNECTIONS: usize = 4;

/// How long an answer is waited for. Longer than the five seconds a function waits for a lock, so that the server's own
/// answer comes first.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// How long the feed waits for one: after that the server counts as away.
const FEED_TIMEOUT: Duration = Duration::from_secs(4);

/// The connections, made when they are needed.
#[derive(Debug)]
pub(crate) struct Lanes {
    server: Server,
    format: i64,
    /// Each with how often commits had turned out to be lost when it was made.
    idle: Mutex<Vec<(Connected, u64)>>,
    free: Semaphore,
    /// What the till keeps itself; the feed's lane and the others share it.
    pub(crate) own: Arc<Own>,
    /// How long an answer is waited for.
    patience: Duration,
    /// Whether the server is away, as the feed found last: then no other call tries, so that a person hears it at once.
    is_away: Arc<AtomicBool>,
    /// The feed itself goes on trying.
    heeds_away: bool,
}

/// One connection, for one call. It's closed when this is dropped before [`Lane::give_back`]: nobody knows what is
/// still under way on it.
pub(crate) struct Lane<'a> {
    lanes: &'a Lanes,
    connected: Option<Connected>,
    losses: u64,
    _permit: SemaphorePermit<'a>,
}

impl Lanes {
    /// Those for calls, and the feed's one.
    pub(crate) fn of(server: Server, format: i64) -> (Self, Self) {
        let (is_away, own) = (Arc::new(AtomicBool::new(false)), Arc::<Own>::default());
        let lanes = |server, connections, patience, heeds_away| Self {
            server,
            format,
            idle: Mutex::default(),
            free: Semaphore::new(connections),
            own: Arc::clone(&own),
            patience,
            is_away: Arc::clone(&is_away),
            heeds_away,
        };
        (
            lanes(server.clone(), MOST_CONNECTIONS, ANSWER_TIMEOUT, true),
            lanes(server, 1, FEED_TIMEOUT, false),
        )
    }

    /// Says to all lanes whether the server is there.
    pub(crate) fn set_away(&self, is_away: bool) {
        self.is_away.store(is_away, Ordering::Relaxed);
    }

    /// A connection that nobody else uses, unless the server is known to be away.
    pub(crate) async fn take(&self) -> Result<Lane<'_>, LedgerError> {
        if self.heeds_away && self.is_away.load(Ordering::Relaxed) {
            return Err(LedgerError::Unreachable);
        }
        self.take_all_the_same().await
    }

    /// The same, though the server was away a moment ago. A new connection is checked first: the server behind the
    /// address may be another. One that was made before commits turned out to be lost isn't used any more: it may lead
    /// to the server that another has replaced.
    async fn take_all_the_same(&self) -> Result<Lane<'_>, LedgerError> {
        let permit = self.free.acquire().await.map_err(unreachable)?;
        let idle = loop {
            let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            match idle {
                Some((connected, losses)) if connected.client.is_closed() || losses != self.own.losses() => {}
                other => break other,
            }
        };
        let (connected, losses) = match idle {
            Some(known) => known,
            None => {
                let losses = self.own.losses();
                (self.connect().await?, losses)
            }
        };
        Ok(Lane {
            lanes: self,
            connected: Some(connected),
            losses,
            _permit: permit,
        })
    }

    /// So that the next call makes a connection.
    fn close_idle(&self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    async fn connect(&self) -> Result<Connected, LedgerError> {
        // It has a limit of its own: the first of several hosts may be the one that is gone.
        let connected = self.server.connect().await?;
        let checked = tokio::time::timeout(self.patience, connected.check_for_work(self.format)).await;
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
        // Whatever isn't ready yet would be overtaken.
        lane.prepare(sql, values).await?;
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
        lane.call(function, params).await
    }

    /// The same, though the server was away a moment ago: what became of a call has to be known.
    pub(crate) async fn call_all_the_same(
        &self,
        function: &str,
        params: &[Param],
    ) -> Result<Option<i64>, Refusal> {
        let lane = self.take_all_the_same().await.map_err(Refusal::Because)?;
        lane.call(function, params).await
    }

    /// Calls a function unless commits turned out to be lost since there were that many such losses: what it rests on
    /// may be among them. [`Refusal::Moved`] then.
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
        lane.call(function, params).await
    }
}

impl Lane<'_> {
    /// Calls a function once; its one value.
    async fn call(self, function: &str, params: &[Param]) -> Result<Option<i64>, Refusal> {
        let own = &self.lanes.own;
        let places: Vec<String> = (1..=params.len()).map(|n| format!("${n}")).collect();
        let sql = format!("SELECT holdfast_1.{function}({})", places.join(", "));
        let values: Vec<Value<'_>> = params.iter().map(Param::value).collect();
        let called = self.query_unprepared(&sql, &values);
        // Sent with the call, so that what it wrote is known to have been there.
        let (rows, head) = match own.record() {
            Some(_) => tokio::join!(biased; called, self.query(HEAD, &[])),
            None => (called.await, Ok(Vec::new())),
        };
        if self.is_doubtful() {
            return Err(Refusal::Because(unreachable(
                "its standby did not confirm what was written",
            )));
        }
        if self.losses == own.losses() {
            own.saw(head.as_ref().ok().and_then(|rows| rows.first()), 0);
        }
        let rows = match (rows, head) {
            // Without the journal's end the till couldn't find out later that the server lost this.
            (Ok(_), Err(_)) => Err(Refusal::Lost("the journal’s end was lost".to_owned())),
            (rows, _) => rows,
        };
        if !matches!(rows, Err(Refusal::Lost(_))) {
            self.give_back();
        }
        let row = rows?.into_iter().next();
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

/// What a query answers, if it does within that time.
async fn within(
    patience: Duration,
    asked: impl Future<Output = Result<Vec<Row>, Error>>,
) -> Result<Vec<Row>, Refusal> {
    match tokio::time::timeout(patience, asked).await {
        Ok(Ok(rows)) => Ok(rows),
        Ok(Err(error)) => {
            tracing::debug!(error = told(&error), "the shared ledger refused");
            Err(Refusal::of(&error))
        }
        Err(_) => Err(Refusal::Lost("it did not answer in time".to_owned())),
    }
}

impl Connected {
    /// What one query answers.
    pub(crate) async fn query(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, Refusal> {
        within(ANSWER_TIMEOUT, self.prepared.query(&self.client, sql, values)).await
    }
}

impl Lane<'_> {
    /// The connection, until it's handed back.
    pub(crate) const fn connected(&self) -> Option<&Connected> {
        self.connected.as_ref()
    }

    /// What one query answers.
    pub(crate) async fn query(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, Refusal> {
        let connected = self.still_connected()?;
        self.answered(connected.prepared.query(&connected.client, sql, values))
            .await
    }

    /// The same of a call, whose text goes with it: it's short, and takes no planning worth the name.
    async fn query_unprepared(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, Refusal> {
        let connected = self.still_connected()?;
        self.answered(connected.client.query_typed(sql, values)).await
    }

    fn still_connected(&self) -> Result<&Connected, Refusal> {
        let gone = || Refusal::Lost("the connection is gone".to_owned());
        self.connected.as_ref().ok_or_else(gone)
    }

    async fn answered(
        &self,
        asked: impl Future<Output = Result<Vec<Row>, Error>>,
    ) -> Result<Vec<Row>, Refusal> {
        let answered = within(self.lanes.patience, asked).await;
        if matches!(answered, Err(Refusal::Lost(_))) {
            // What is idle is likely as dead, and each would be waited for in turn.
            self.lanes.close_idle();
        }
        answered
    }

    /// Makes these ready on the server.
    async fn prepare(&self, sql: &[&str], values: &[Value<'_>]) -> Result<(), Refusal> {
        let connected = self.still_connected()?;
        let made = connected.prepared.make(&connected.client, sql, values);
        match tokio::time::timeout(self.lanes.patience, made).await {
            Ok(done) => done.map_err(|error| Refusal::of(&error)),
            Err(_) => Err(Refusal::Lost("it did not answer in time".to_owned())),
        }
    }

    /// Several statements without values.
    pub(crate) async fn run(&self, sql: &str) -> Result<(), Refusal> {
        let connected = self.still_connected()?;
        match tokio::time::timeout(self.lanes.patience, connected.client.batch_execute(sql)).await {
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
            idle.push((connected, self.losses));
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
