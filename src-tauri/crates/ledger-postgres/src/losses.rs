//! Finding that the server lost commits which it had confirmed: whenever a connection is made, the newest entry that
//! the till has seen has to be there.

use crate::decision::Decision;
use crate::error::{Refusal, damaged, unreachable};
use crate::keys::Keys;
use crate::lanes::Lanes;
use crate::own::{HEAD, newest};
use crate::own_record::OwnRecord;
use crate::rows;
use crate::server::Connected;
use crate::store::journal;
use crate::values::{Param, Value};
use crate::write::Said;
use chrono::{DateTime, Utc};
use holdfast_domain::{Actor, Event, FindingKey, ForgetReason, Personal, Session, TabId};
use holdfast_ledger::stored::Field;
use holdfast_ledger::{LedgerError, Note, Raises, Restored};
use serde_json::Value as Json;
use std::collections::HashSet;
use std::path::Path;
use tokio_postgres::Row;
use tokio_postgres::types::Type;
use uuid::Uuid;

/// The same, the seal of the entry that the till has seen, the server's clock in microseconds, and the till's name.
const COMPARED: &str = "SELECT h.seq, h.seal, uuid_send(h.incarnation),
       (SELECT j.seal FROM holdfast.journal j WHERE j.seq = $1),
       (extract(epoch FROM clock_timestamp()) * 1000000)::bigint,
       (SELECT t.name FROM holdfast.till t WHERE t.role_name = session_user) FROM holdfast.head h";

/// Of some tabs those whose guests aren't forgotten, and whether something keeps them so.
const REMEMBERED: &str = "SELECT t.id, holdfast.is_busy(t.venue, t.id) FROM holdfast.tab t
   JOIN holdfast.guest_key k ON k.venue = t.venue AND k.tab = t.id
  WHERE t.id = ANY ($1) AND k.key <> decode(repeat('00', 32), 'hex')";

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
    /// puts this till's decisions back that the ledger lacks, and forgets the guests again whom it has.
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
        let mut decisions = record.decisions();
        let at = DateTime::from_timestamp_micros(rows::int(row, 4)?).unwrap_or_default();
        let sent = which_were_sent(connected, &decisions).await?;
        if let Some(known) = known.filter(|_| !is_there) {
            tracing::error!(seq, "the shared ledger lost commits that it had confirmed");
            // One that this till has left: a primary that lived on, or went on from a copy. Nobody has said it to those
            // who are there.
            let here = rows::id(row, 2)?;
            let lost = if record.is_former(here) {
                here
            } else {
                known.incarnation
            };
            let missing = sent.iter().filter(|was_sent| !**was_sent).count();
            let loss = Loss {
                incarnation: lost,
                at,
                till: row.try_get(5).unwrap_or_default(),
                decisions: u32::try_from(missing).unwrap_or(u32::MAX),
            };
            note_loss(connected, *session, loss).await?;
        }
        for (decision, was_sent) in decisions.iter_mut().zip(sent) {
            if !was_sent && (!is_there || decision.is_left) {
                decision.is_left = !is_put_back(connected, *session, decision).await?;
            } else {
                decision.is_left = false;
            }
        }
        let to_forget = record.to_forget(!is_there);
        let known_again = forget_again(connected, *session, at, &to_forget).await?;
        if connected.is_doubtful() {
            return Err(unreachable("its standby did not confirm what was written"));
        }
        let found = asked(connected, HEAD, &[]).await?;
        let end = found.first().map(|row| newest(row, 0)).transpose()?.flatten();
        record.goes_on(end, decisions, !is_there, known_again)
    }
}

async fn asked(connected: &Connected, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, LedgerError> {
    connected.query(sql, values).await.map_err(Refusal::into_error)
}

/// Of each decision, whether the ledger has it as more than intended.
async fn which_were_sent(connected: &Connected, decisions: &[Decision]) -> Result<Vec<bool>, LedgerError> {
    let ids: Vec<Vec<u8>> = decisions.iter().map(Decision::operation).collect();
    let sent = asked(connected, SENT, &[(&ids, Type::BYTEA_ARRAY)]).await?;
    let sent: HashSet<Uuid> = sent
        .iter()
        .map(|row| rows::id(row, 0))
        .collect::<Result<_, _>>()?;
    let is_sent = |id: &Vec<u8>| Uuid::from_slice(id).is_ok_and(|id| sent.contains(&id));
    Ok(ids.iter().map(is_sent).collect())
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

/// What nobody did.
fn by_itself(at: DateTime<Utc>, event: Event) -> Note {
    Note {
        at,
        by: Actor::Holdfast,
        tab: None,
        event,
        personal: Personal::default(),
        reference: None,
        raises: None,
    }
}

/// What a till finds when commits are lost.
struct Loss {
    /// Which incarnation of the ledger lost them.
    incarnation: Uuid,
    /// By the server's clock.
    at: DateTime<Utc>,
    /// What people call the till.
    till: String,
    /// How many of its own decisions are missing.
    decisions: u32,
}

/// Says it to all tills, unless another one has said it already. Then a till tells of its own decisions alone, if any
/// are missing.
async fn note_loss(connected: &Connected, session: Session, loss: Loss) -> Result<(), LedgerError> {
    let restored = Restored {
        at: loss.at,
        knows_until: journal::newest_at(connected).await?,
        backup: None,
        set_aside: None,
        read_again_at: None,
    };
    let older = by_itself(loss.at, Event::FoundOlder);
    let (was, decisions) = (loss.incarnation, loss.decisions);
    let found = Note {
        event: Event::CommitsLost {
            till: loss.till,
            decisions,
        },
        raises: Some(Raises {
            key: FindingKey::CommitsLost(was, session.till),
            hold: None,
        }),
        ..older.clone()
    };
    // They are about no guest, so they need no key.
    let of_own = Said::note(&found).json(&Keys::none())?;
    let of_own = Param::Json((decisions > 0).then_some(of_own));
    let said = Said::notes(&[older, found]).json(&Keys::none())?;
    let restored = serde_json::to_string(&restored).map_err(|error| damaged(error.to_string()))?;
    let params = vec![was.into(), restored.as_str().into(), said.into(), of_own];
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

/// Forgets the guests of these tabs who aren't forgotten; the tabs of those for whom that has to wait, since something
/// on them is open, or another till is doing it.
async fn forget_again(
    connected: &Connected,
    session: Session,
    at: DateTime<Utc>,
    tabs: &[TabId],
) -> Result<Vec<TabId>, LedgerError> {
    let ids = rows::keys(tabs.iter().map(|tab| &tab.0));
    let found = asked(connected, REMEMBERED, &[(&ids, Type::BYTEA_ARRAY)]).await?;
    let (mut now, mut later) = (Vec::new(), Vec::new());
    for row in &found {
        let is_busy: bool = row.try_get(1).map_err(|error| damaged(error.to_string()))?;
        let those = if is_busy { &mut later } else { &mut now };
        those.push(TabId(rows::id(row, 0)?));
    }
    if now.is_empty() {
        return Ok(later);
    }
    let event = Event::GuestsForgotten {
        tabs: u32::try_from(now.len()).unwrap_or(u32::MAX),
        why: ForgetReason::Again,
    };
    let said = Said::note(&by_itself(at, event)).json(&Keys::none())?;
    let ids = now.iter().map(|tab| tab.0.into_bytes().to_vec()).collect();
    let count = i64::try_from(now.len()).unwrap_or(i64::MAX);
    match called(
        connected,
        session,
        "forget",
        vec![Param::Ids(ids), count.into(), said.into()],
    )
    .await
    {
        Ok(_) => {}
        Err(refused @ (Refusal::Lost(_) | Refusal::Because(LedgerError::Fenced))) => {
            return Err(refused.into_error());
        }
        Err(refused) => {
            tracing::warn!(?refused, "guests who were forgotten are known again");
            later.extend(now);
        }
    }
    Ok(later)
}
