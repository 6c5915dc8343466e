//! Renewals: beginning and ending them, and which are under way.

use crate::error::StoreError;
use crate::store::{commit::commit, holds, operations, rows, tabs};
use holdfast_domain::{Hold, HoldId, Operation, Renewal, RenewalEnded};
use holdfast_ledger::{Expect, LedgerError, Note};
use rusqlite::Connection;

/// Adds a renewal with the hold that was opened for it, in one commit: neither is ever there alone.
pub(crate) fn begin(
    c: &Connection,
    renewal: &Renewal,
    hold: &Hold,
    create: &Operation,
    expect: Expect,
    notes: &[Note],
) -> Result<(), StoreError> {
    commit(c, notes, |t| {
        operations::refuse_if_known(t, create.id)?;
        tabs::refuse_if_closed(t, hold.tab)?;
        tabs::refuse_unless_at(expect.hold, holds::hold(t, renewal.old)?.version)?;
        tabs::refuse_unless_as_seen(t, hold.tab, expect.tab)?;
        holds::insert_hold(t, hold, create)?;
        rows::insert(t, renewal).map(drop)
    })
}

pub(crate) fn end(
    c: &Connection,
    new: HoldId,
    ended: RenewalEnded,
    notes: &[Note],
) -> Result<(), StoreError> {
    commit(c, notes, |t| {
        let of_it = "renewal r WHERE r.hold = ?1 AND r.ended_at IS NULL";
        let open = rows::first::<Renewal>(t, of_it, [rows::key(&new.0)])?;
        let mut renewal = open.ok_or(LedgerError::NotFound)?;
        renewal.ended = Some(ended);
        rows::update(t, &renewal)
    })
}

/// By its name, or SQLite would rather look through all of them in their order.
pub(crate) const OPEN: &str =
    "renewal r INDEXED BY renewal_one_open WHERE r.ended_at IS NULL ORDER BY r.place";

pub(crate) fn open(c: &Connection) -> Result<Vec<Renewal>, StoreError> {
    rows::all(c, OPEN, [])
}
