//! The table of holds.

use crate::error::StoreError;
use crate::integrity::row_hash::{self, HashedTable};
use crate::store::{
    commit::{commit, json},
    movements, operations, rows,
};
use chrono::{DateTime, Utc};
use holdfast_domain::{Hold, HoldId, Operation, TabId};
use holdfast_ledger::{Learnt, Note, Progress};
use rusqlite::{Connection, Transaction, params};

pub(crate) fn hold(c: &Connection, id: HoldId) -> Result<Hold, StoreError> {
    rows::body(c, "SELECT body FROM hold WHERE id = ?1", &id.to_string())
}

pub(crate) fn holds(c: &Connection, tab: TabId) -> Result<Vec<Hold>, StoreError> {
    rows::bodies(
        c,
        "SELECT body FROM hold WHERE tab = ?1 ORDER BY rowid",
        [tab.to_string()],
    )
}

/// Each part by an index of its own: together they would be every operation that there ever was.
pub(crate) const LIVE_HOLDS: &str = "SELECT body FROM hold WHERE over = 0
   UNION SELECT h.body FROM operation o CROSS JOIN hold h ON h.id = o.hold
          WHERE o.state IN ('intended', 'accepted', 'unknown')
   UNION SELECT h.body FROM operation o CROSS JOIN hold h ON h.id = o.hold
          WHERE o.state IN ('absent', 'rejected', 'conflict') AND o.settled_at > ?1";

pub(crate) fn live_holds(c: &Connection, since: DateTime<Utc>) -> Result<Vec<Hold>, StoreError> {
    rows::bodies(c, LIVE_HOLDS, [since.to_rfc3339()])
}

pub(crate) fn every_hold(c: &Connection) -> Result<Vec<HoldId>, StoreError> {
    rows::ids(c, "SELECT id FROM hold ORDER BY over, rowid DESC", [])
}

pub(crate) fn add_hold(
    c: &Connection,
    hold: &Hold,
    create: &Operation,
    note: &Note,
) -> Result<(), StoreError> {
    commit(c, std::slice::from_ref(note), |t| insert_hold(t, hold, create))
}

/// A hold with the operation that is to create it.
pub(crate) fn insert_hold(t: &Transaction<'_>, hold: &Hold, create: &Operation) -> Result<(), StoreError> {
    t.prepare_cached(
        "INSERT INTO hold (id, tab, reference, body, authorised, captured, pending, refunded, over)
         VALUES (?1, ?2, ?3, ?4, 0, 0, 0, 0, 0)",
    )?
    .execute(params![
        hold.id.to_string(),
        hold.tab.to_string(),
        hold.reference,
        json(hold)?
    ])?;
    row_hash::set(t, HashedTable::Hold, &hold.id.to_string())?;
    operations::insert_operation(t, create)?;
    movements::note(t, hold.id)
}

pub(crate) fn record(
    c: &Connection,
    id: HoldId,
    learnt: Learnt,
    progress: Option<Progress>,
    notes: &[Note],
) -> Result<(), StoreError> {
    commit(c, notes, |t| {
        let mut hold = hold(t, id)?;
        hold.intent_id = hold.intent_id.or(learnt.intent_id);
        hold.link = learnt.link.or(hold.link);
        hold.created_at = hold.created_at.or(learnt.created_at);
        if let Some(terms) = learnt.terms {
            terms.put_into(&mut hold);
        }
        // Each reading says again whether Dojo acted: what one of them showed is no more than that.
        if let Some(seen) = learnt.seen {
            hold.seen = Some(seen);
            hold.lapsed_at = learnt.lapsed_at;
        }
        t.prepare_cached(
            "UPDATE hold SET intent_id = ?2, body = ?3, authorised = ?4, captured = ?5, pending = ?6,
                    refunded = ?7, over = ?8 WHERE id = ?1",
        )?
        .execute(params![
            id.to_string(),
            hold.intent_id,
            json(&hold)?,
            hold.authorised(),
            hold.captured(),
            hold.pending(),
            hold.refunded(),
            hold.is_over()
        ])?;
        row_hash::set(t, HashedTable::Hold, &id.to_string())?;
        progress.map_or(Ok(()), |progress| operations::move_on(t, &progress))?;
        movements::note(t, id)
    })
}
