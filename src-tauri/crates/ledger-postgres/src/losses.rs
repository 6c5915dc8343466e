//! Finding that the server lost commits which it had confirmed: whenever a connection is made, the newest entry that
//! the till has seen has to be there.

use crate::error::{Refusal, damaged, unreachable};
use crate::keys::Keys;
use crate::lanes::Lanes;
use crate::own::{HEAD, newest};
use crate::own_record::{Decision, OwnRecord};
use crate::rows;
use crate::server::Connected;
use crate::store::journal;
use crate::values::{Param, Value};
use crate::write::Said;
use chrono::{DateTime, Utc};
use holdfast_domain::{Actor, Event, Personal, Session};
use holdfast_ledger::stored::Field;
use holdfast_ledger::{LedgerError, Note, Restored};
use serde_json::Value as Json;
use std::collections::HashSet;
use std::path::Path;
use tokio_postgres::Row;
use tokio_postgres::types::Type;
use uuid::Uuid;

/// The same, the seal of the entry that the till has seen, and the server's clock in microseconds.
const COMPARED: &str = "SELECT h.seq, h.seal, uuid_send(h.incarnation),
       (SELECT j.seal FROM holdfast.journal j WHERE j.seq = $1),
       (extract(epoch FROM clock_timestamp()) * 1000000)::bigint FROM holdfast.head h";

/// Of some operations those which the ledger has, as more than intended.
const SENT: &str = "SELECT o.id FROM holdfast.operation o WHERE o.id = ANY ($1) AND o.state <> 0";

impl Lanes {
    /// Keeps a record in `folder` from here on, and looks by the one that is there whether commits were lost.
    pub(crate) async fn keep_record(&self, session: Session, folder: &Path) -> Result<(), LedgerError> {
        let record = OwnRecord::open(folder, session.till)?;
        if self.own.0.set((session, record)).is_err() {
            return Err(LedgerError::Busy);
        }
        self.look_for_losses().await
    }

    /// Looks on any connection.
    pub(crate) async fn look_for_losses(&self) -> Result<(), LedgerError> {
        let lane = self.take().await?;
        if let Some(connected) = lane.connected() {
            self.look_for_losses_on(connected).await?;
        }
        lane.give_back();
        Ok(())
    }

    /// Looks whether the newest entry that this till has seen is there. If it isn't, commits were lost: says so, and
    /// puts this till's decisions back that the ledger lacks.
    pub(crate) async fn look_for_losses_on(&self, connected: &Connected) -> Result<(), LedgerError> {
        let Some((session, record)) = self.own.0.get() else {
            return Ok(());
        };
        let _alone = record.looking.lock().await;
        let known = record.newest();
        let seq = known.as_ref().map_or(0, |known| known.seq);
        let found = asked(connected, COMPARED, &[(&seq, Type::INT8)]).await?;
        let row = found.first().ok_or_else(|| damaged("the venue has no head"))?;
        let is_there = match (&known, rows::field(row, 3)?) {
            (Some(known), Field::Bytes(seal)) => hex::encode(seal) == known.seal,
            (known, _) => known.is_none(),
        };
        if is_there && !record.has_left() {
            if let Some(seen) = newest(row, 0)? {
                record.saw(seen);
            }
            return Ok(());
        }
        if let Some(known) = known.filter(|_| !is_there) {
            tracing::error!(seq, "the shared ledger lost commits that it had confirmed");
            let at = DateTime::from_timestamp_micros(rows::int(row, 4)?).unwrap_or_default();
            let here = rows::id(row, 2)?;
            // One that this till has left: a primary that lived on, or went on from a copy. Nobody has said it to those
            // who are there.
            let lost = if record.is_former(here) {
                here
            } else {
                known.incarnation
            };
            note_loss(connected, *session, lost, at).await?;
        }
        let mut decisions = record.decisions();
        let ids: Vec<Vec<u8>> = decisions.iter().map(Decision::operation).collect();
        let known = asked(connected, SENT, &[(&ids, Type::BYTEA_ARRAY)]).await?;
        let known: HashSet<Uuid> = known
            .iter()
            .map(|row| rows::id(row, 0))
            .collect::<Result<_, _>>()?;
        for (decision, id) in decisions.iter_mut().zip(&ids) {
            let is_known = Uuid::from_slice(id).is_ok_and(|id| known.contains(&id));
            if !is_known && (!is_there || decision.is_left) {
                decision.is_left = !is_put_back(connected, *session, decision).await?;
            } else {
                decision.is_left = false;
            }
        }
        if connected.is_doubtful() {
            return Err(unreachable("its standby did not confirm what was written"));
        }
        let found = asked(connected, HEAD, &[]).await?;
        let end = found.first().map(|row| newest(row, 0)).transpose()?.flatten();
        record.goes_on(end, decisions, !is_there)
    }
}

async fn asked(connected: &Connected, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, LedgerError> {
    connected.query(sql, values).await.map_err(Refusal::into_error)
}

/// Calls a function with an id of its own. One whose answer is lost is called again with the next connection: it
/// changes nothing that is done.
async fn called(
    connected: &Connected,
    session: Session,
    function: &str,
    more: Vec<Param>,
) -> Result<Vec<Row>, Refusal> {
    let mut params = vec![Param::from(Uuid::now_v7()), Param::Int(session.number)];
    params.extend(more);
    let places: Vec<String> = (1..=params.len()).map(|n| format!("${n}")).collect();
    let sql = format!("SELECT holdfast_1.{function}({})", places.join(", "));
    let values: Vec<Value<'_>> = params.iter().map(Param::value).collect();
    connected.query(&sql, &values).await
}

/// Says it to all tills, unless another one has said it already.
async fn note_loss(
    connected: &Connected,
    session: Session,
    incarnation: Uuid,
    at: DateTime<Utc>,
) -> Result<(), LedgerError> {
    let restored = Restored {
        at,
        knows_until: journal::newest_at(connected).await?,
        backup: None,
        set_aside: None,
        read_again_at: None,
    };
    let note = Note {
        at,
        by: Actor::Holdfast,
        tab: None,
        event: Event::FoundOlder,
        personal: Personal::default(),
        reference: None,
        raises: None,
    };
    // It is about no guest, so it needs no key.
    let said = Said::note(&note).json(&Keys::none())?;
    let restored = serde_json::to_string(&restored).map_err(|error| damaged(error.to_string()))?;
    let params = vec![incarnation.into(), restored.as_str().into(), said.into()];
    let done = called(connected, session, "note_loss", params).await;
    done.map(drop).map_err(Refusal::into_error)
}

/// Puts a decision back; whether it's there. What can't be put back must not keep the till from its work: it's tried
/// again, and Dojo is asked about all holds anyway.
async fn is_put_back(
    connected: &Connected,
    session: Session,
    decision: &Decision,
) -> Result<bool, LedgerError> {
    let rows = Param::from(Json::Object(decision.rows.clone()));
    match called(connected, session, "put_back", vec![rows]).await {
        Ok(done) => Ok(done
            .first()
            .and_then(|row| row.try_get(0).ok())
            .unwrap_or_default()),
        Err(refused @ (Refusal::Lost(_) | Refusal::Because(LedgerError::Fenced))) => {
            Err(refused.into_error())
        }
        Err(refused) => {
            tracing::error!(?refused, "a decision that was lost could not be put back");
            Ok(false)
        }
    }
}
