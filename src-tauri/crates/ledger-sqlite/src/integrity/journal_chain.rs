//! Whether the journal's entries are still what was written: each is sealed over the one before.

use crate::error::StoreError;
use crate::former;
use crate::integrity::parallel_check::{self, Part};
use crate::store::journal::{
    COLUMNS, ENTRIES, Head, bytes_of, does_not_hold, end, head, seal_at, seal_of, select,
};
use crate::store::rows;
use holdfast_domain::JournalHead;
use holdfast_ledger::stored::Seal;
use rusqlite::{Connection, Params, Row, params};

/// Recomputes every seal; how many there are.
pub(crate) fn verify(c: &Connection, readers: &mut [Connection]) -> Result<i64, StoreError> {
    let JournalHead { seq, .. } = head(c)?;
    parallel_check::verify_parts(c, readers, &Part::journal(seq).collect::<Vec<_>>())?;
    Ok(seq)
}

/// Recomputes the seals of the entries beyond `after`, up to and with `to`; none may be missing. In a file of any
/// format.
pub(crate) fn verify_entries(c: &Connection, after: i64, to: i64) -> Result<(), StoreError> {
    // Before the first nothing may be, whatever its number.
    let from = if after == 0 { i64::MIN } else { after + 1 };
    let mut before = seal_at(c, after)?;
    let mut query = c.prepare(&format!(
        "{} WHERE j.seq BETWEEN ?1 AND ?2 ORDER BY j.seq",
        select(c)?
    ))?;
    let mut rows = query.query([from, to])?;
    let mut count = after;
    while let Some(row) = rows.next()? {
        count += 1;
        if row.get(0) != Ok(count) {
            return Err(does_not_hold(count));
        }
        before = Some(verify_entry(c, row, before)?);
    }
    if count == to {
        return Ok(());
    }
    Err(StoreError::damaged(format!(
        "the journal's entry {} is missing",
        count + 1
    )))
}

/// A row with [`COLUMNS`], by the seal before it; its own.
fn verify_entry(c: &Connection, row: &Row<'_>, before: Option<Seal>) -> Result<Seal, StoreError> {
    let entry = bytes_of(row)?;
    let seal = Seal::of_entry(before, &entry);
    let is_sealed = seal_of(row.get_ref(4)?) == Some(seal);
    // A former format sealed the body only, where the tab stood too.
    let is_whole =
        !entry.is_former() || entry.personal.is_none() && former::is_on_tab(c, entry.body, entry.tab)?;
    if is_sealed && is_whole {
        Ok(seal)
    } else {
        Err(does_not_hold(entry.seq))
    }
}

/// Recomputes the seals of the newest entry, and of what belongs to no tab.
pub(crate) fn verify_house(c: &Connection) -> Result<Head, StoreError> {
    let end = end(c)?;
    verify_those(c, "j.tab IS NULL OR j.seq = ?1", params![end.seq])?;
    Ok(end)
}

/// Recomputes the newest entry's seal.
pub(crate) fn verify_newest(c: &Connection) -> Result<(), StoreError> {
    verify_those(c, "j.seq = (SELECT max(seq) FROM journal)", [])
}

/// Recomputes the seals of what was written on the tabs `listed`, as [`rows::listed`] has them.
pub(crate) fn verify_tabs(c: &Connection, listed: &str) -> Result<(), StoreError> {
    let those = format!("j.tab IN (SELECT place FROM tab WHERE id IN {})", rows::LISTED);
    verify_those(c, &those, [listed])
}

/// Each over the one before it.
fn verify_those(c: &Connection, those: &str, p: impl Params) -> Result<(), StoreError> {
    let mut query = c.prepare_cached(&format!(
        "SELECT {COLUMNS}, b.seal FROM {ENTRIES} LEFT JOIN journal b ON b.seq = j.seq - 1 WHERE {those}"
    ))?;
    let mut rows = query.query(p)?;
    while let Some(row) = rows.next()? {
        verify_entry(c, row, seal_of(row.get_ref(6)?))?;
    }
    Ok(())
}
