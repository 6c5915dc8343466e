//! Renewals: beginning and ending them, and which are under way.

use crate::error::StoreError;
use crate::integrity::row_hash::{self, HashedTable};
use crate::store::{
    commit::{commit, json},
    holds, rows,
};
use holdfast_domain::{Hold, HoldId, Operation, Renewal, RenewalEnded};
use holdfast_ledger::{LedgerError, Note};
use rusqlite::{Connection, params};

/// Adds a renewal with the hold that was opened for it, in one commit: neither is ever there alone.
pub(crate) fn begin(
    c: &Connection,
    renewal: &Renewal,
    hold: &Hold,
    create: &Operation,
    notes: &[Note],
) -> Result<(), StoreError> {
    commit(c, notes, |t| {
        holds::insert_hold(t, hold, create)?;
        t.prepare_cached("INSERT INTO renewal (hold, renews, tab, body) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![
                renewal.new.to_string(),
                renewal.old.to_string(),
                renewal.tab.to_string(),
                json(renewal)?
            ])?;
        row_hash::set(t, HashedTable::Renewal, &renewal.new.to_string())
    })
}

pub(crate) fn end(
    c: &Connection,
    new: HoldId,
    ended: RenewalEnded,
    notes: &[Note],
) -> Result<(), StoreError> {
    commit(c, notes, |t| {
        let of_it = "SELECT body FROM renewal WHERE hold = ?1 AND ended_at IS NULL";
        let mut open = rows::bodies::<Renewal>(t, of_it, [new.to_string()])?;
        let mut renewal = open.pop().ok_or(LedgerError::NotFound)?;
        renewal.ended = Some(ended);
        t.prepare_cached("UPDATE renewal SET ended_at = ?2, body = ?3 WHERE hold = ?1")?
            .execute(params![new.to_string(), ended.at.to_rfc3339(), json(&renewal)?])?;
        row_hash::set(t, HashedTable::Renewal, &new.to_string())
    })
}

/// By its name, or SQLite would rather look through all of them in their order.
pub(crate) const OPEN: &str =
    "SELECT body FROM renewal INDEXED BY renewal_one_open WHERE ended_at IS NULL ORDER BY rowid";

pub(crate) fn open(c: &Connection) -> Result<Vec<Renewal>, StoreError> {
    rows::bodies(c, OPEN, [])
}
