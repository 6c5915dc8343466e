//! Which till does what only one does, and what the others have written.

use crate::PostgresLedger;
use crate::error::{Refusal, damaged};
use crate::heard;
use crate::own_record::OwnRecord;
use crate::rows;
use async_trait::async_trait;
use chrono::DateTime;
use holdfast_domain::{HoldId, TabId};
use holdfast_ledger::{Change, Changes, Cursor, Duty, Lease, LedgerError, ServerClock, Tills, Written};
use std::sync::PoisonError;
use std::time::{Duration, Instant};
use tokio_postgres::Row;
use tokio_postgres::types::Type;

/// How long a duty is one till's; who has it asks again well before. A till that dies is replaced within 20 seconds:
/// after this long, at the next second's question.
const LEASE: Duration = Duration::from_secs(18);

/// How often the till that has the watch deletes what is kept for two days only.
const TIDIED_EVERY: Duration = Duration::from_secs(24 * 60 * 60);

const fn name(duty: Duty) -> &'static str {
    match duty {
        Duty::Watch => "watch",
        Duty::Night => "night",
    }
}

/// What a row of the feed says: one with a hold is about that and, if it was opened with it, about the tab.
fn changes(row: &Row) -> Result<Vec<Change>, LedgerError> {
    let kind: &str = row.try_get(0).map_err(|_| damaged("a change is of no kind"))?;
    let tab = rows::some_id(row, 1)?.map(|id| Change::Tab(TabId(id)));
    let hold = rows::some_id(row, 2)?.map(|id| Change::Hold(HoldId(id)));
    let also = match kind {
        "tab" | "hold" | "forgotten" => None,
        _ => Some(Change::House),
    };
    let of_hold = hold.filter(|_| kind != "tab");
    let of_both = if of_hold.is_some() { None } else { tab };
    Ok(of_both.into_iter().chain(hold).chain(also).collect())
}

/// The tabs whose guests were forgotten.
fn forgotten(changes: &[Row]) -> Result<Vec<TabId>, LedgerError> {
    let is_it = |row: &&Row| row.try_get(0).is_ok_and(|kind: &str| kind == "forgotten");
    let tabs = heard::tabs(changes.iter().filter(is_it))?;
    Ok(tabs.into_iter().map(TabId).collect())
}

impl PostgresLedger {
    /// Once a day, and first when the till has just been opened.
    fn has_to_tidy(&self) -> bool {
        let now = Instant::now();
        let mut tidied = self.tidied.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = tidied.is_none_or(|at| now.duration_since(at) >= TIDIED_EVERY);
        if is_due {
            *tidied = Some(now);
        }
        is_due
    }

    /// Deletes which calls were made and what changed, where that is older than two days. Rows that stay for a day
    /// longer do no harm.
    async fn tidy(&self) {
        match self.lanes.call("tidy", &[]).await {
            Ok(_) => {}
            Err(refused) => tracing::warn!(?refused, "what is kept for two days could not be deleted"),
        }
    }
}

#[async_trait]
impl Tills for PostgresLedger {
    async fn server_clock(&self) -> Result<Option<ServerClock>, LedgerError> {
        let asked = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";
        let answer = self.lanes.query(asked, &[]).await?;
        let row = answer.first().ok_or_else(|| damaged("the server has no clock"))?;
        let at = DateTime::from_timestamp_micros(rows::int(row, 0)?);
        Ok(at.map(|at| ServerClock {
            at,
            till: self.name.clone(),
        }))
    }

    async fn lease(&self, duty: Duty) -> Result<Lease, LedgerError> {
        let seconds = i64::try_from(LEASE.as_secs()).unwrap_or(i64::MAX);
        let params = [self.session.number.into(), name(duty).into(), seconds.into()];
        let taken = self.lanes.call("take_lease", &params).await;
        if taken.map_err(Refusal::into_error)? != Some(1) {
            return Ok(Lease::Elsewhere);
        }
        if duty == Duty::Watch && self.has_to_tidy() {
            self.tidy().await;
        }
        Ok(Lease::For(LEASE))
    }

    async fn changes(&self, after: Option<Cursor>) -> Result<Changes, LedgerError> {
        let heard = self.hear(after).await;
        self.feed.set_away(matches!(heard, Err(LedgerError::Unreachable)));
        heard
    }

    async fn written(&self, after: Option<i64>) -> Result<Written, LedgerError> {
        let newest = "SELECT h.seq FROM holdfast.head h WHERE $1 IS NOT NULL AND $2 IS NOT NULL";
        // Bounded by their numbers first, which the index has: the journal is as long as the years.
        let deeds = "SELECT j.seq, j.tab, j.body, j.personal, j.former, j.seal,
                            CASE WHEN j.till = $2 THEN NULL ELSE t.name END
                       FROM holdfast.journal j JOIN holdfast.till t ON t.venue = j.venue AND t.till = j.till
                      WHERE j.tab IS NOT NULL AND j.seq > $1
                        AND j.seq > (SELECT h.seq FROM holdfast.head h) - 5000
                        AND ($1 >= 0 OR j.at > clock_timestamp() - interval '15 minutes')
                      ORDER BY j.seq DESC LIMIT 500";
        let (after, till) = (after.unwrap_or(-1), rows::key(&self.session.till.0));
        let values: [crate::values::Value<'_>; 2] = [(&after, Type::INT8), (&till, Type::BYTEA)];
        let [newest, found] = self.feed.query_at_once([newest, deeds], &values).await?;
        let newest = newest.first().ok_or(LedgerError::NotAdmitted)?;
        let deeds = found.iter().rev().map(super::journal::deed_of);
        Ok(Written {
            until: rows::int(newest, 0)?,
            deeds: deeds.collect::<Result<_, _>>()?,
        })
    }
}

impl PostgresLedger {
    async fn hear(&self, after: Option<Cursor>) -> Result<Changes, LedgerError> {
        if self.lanes.own.record().is_some_and(OwnRecord::is_to_be_put_back)
            // On the feed's own connection: no other is made while the server is away, and this says when it's back.
            && let Err(error) = self.feed.look_for_losses().await
        {
            tracing::warn!(%error, "decisions that were lost can’t be looked for");
        }
        let asked = Instant::now();
        let heard = heard::since(&self.feed, after).await?;
        self.lanes.own.saw(Some(&heard.head), 2);
        self.mirror.hear(heard.newest, asked);
        let forgotten = heard.changes.as_deref().map(forgotten).transpose()?;
        if let Err(error) = self.forget_with_others(&self.feed, forgotten).await {
            tracing::warn!(%error, "guests who were forgotten elsewhere are not forgotten here yet");
        }
        let told = heard
            .changes
            .map(|all| all.iter().map(changes).collect::<Result<Vec<_>, _>>());
        Ok(Changes {
            cursor: heard.newest,
            since: match after {
                Some(_) => told.transpose()?.map(|told| told.concat()),
                None => Some(Vec::new()),
            },
        })
    }
}
