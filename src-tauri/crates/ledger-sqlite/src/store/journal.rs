//! The journal: append-only, each entry sealed with a hash over the one before.

use crate::error::StoreError;
use crate::format;
use crate::store::guests::Keys;
use crate::store::{findings, rows, tabs};
use chrono::{DateTime, Utc};
use holdfast_domain::{Actor, EntryMatch, Event, JournalHead, JournalWitness, TabId};
use holdfast_ledger::stored::{EntryBytes, Seal, StoredEntry};
use holdfast_ledger::{Entry, HouseTopic, Note};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Params, Row, Transaction, params};
use std::collections::HashMap;

/// An entry's columns. A place of no tab is no id.
pub(crate) const COLUMNS: &str =
    "j.seq, iif(j.tab IS NULL, NULL, coalesce(t.id, x'')), j.body, j.personal, j.seal, j.former";
pub(crate) const ENTRIES: &str = "journal j LEFT JOIN tab t ON t.place = j.tab";

/// The same in a file of format 10.
pub(crate) const COLUMNS_OF_TEN: &str =
    "j.seq, iif(j.tab IS NULL, NULL, coalesce(t.id, x'')), j.body, j.personal, j.seal, NULL";

/// The same in a file of format 9 or older.
const FORMER_COLUMNS: &str = "j.seq, unhex(j.tab, '-'), j.body, NULL, j.seal, NULL";
const FORMER_ENTRIES: &str = "journal j";

/// A seal as a column has it: bytes, or hexadecimal in a file of a former format.
pub(crate) fn seal_of(value: ValueRef<'_>) -> Option<Seal> {
    match value {
        ValueRef::Blob(bytes) => Seal::from_bytes(bytes),
        ValueRef::Text(text) => Seal::from_hex(std::str::from_utf8(text).ok()?),
        ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) => None,
    }
}

/// The seal of the journal's entry `seq`, in a file of any format.
pub(crate) fn seal_at(c: &Connection, seq: i64) -> Result<Option<Seal>, StoreError> {
    let mut query = c.prepare_cached("SELECT seal FROM journal WHERE seq = ?1")?;
    let found = query.query_row([seq], |r| Ok(seal_of(r.get_ref(0)?)));
    Ok(found.optional()?.flatten())
}

/// The newest entry's place and seal; what the next one is sealed to. In a file of any format.
pub(crate) fn last(c: &Connection) -> Result<(i64, Option<Seal>), StoreError> {
    let mut query = c.prepare_cached("SELECT seq, seal FROM journal ORDER BY seq DESC LIMIT 1")?;
    let found = query.query_row([], |r| Ok((r.get(0)?, seal_of(r.get_ref(1)?))));
    Ok(found.optional()?.unwrap_or((0, None)))
}

/// The same, as reports have it.
pub(crate) fn head(c: &Connection) -> Result<JournalHead, StoreError> {
    let (seq, seal) = last(c)?;
    let seal = seal.map(Seal::to_hex).unwrap_or_default();
    Ok(JournalHead { seq, seal })
}

/// Whether the journal's entry `seq` has this seal, or had it in a former format: printed reports, the mark and older
/// backups name that. In a file of any format.
pub(crate) fn is_sealed_as(c: &Connection, seq: i64, seal: &str) -> bool {
    let Some(seal) = Seal::from_hex(seal) else {
        return false;
    };
    seal_at(c, seq).ok().flatten() == Some(seal) || former_seal_at(c, seq) == Some(seal)
}

/// The seal that a former format gave the entry `seq`; a former format's journal has no such column.
fn former_seal_at(c: &Connection, seq: i64) -> Option<Seal> {
    let mut query = c
        .prepare_cached("SELECT former FROM journal WHERE seq = ?1")
        .ok()?;
    query.query_row([seq], |r| Ok(seal_of(r.get_ref(0)?))).ok()?
}

/// The end of the journal, and how it begins; none of an empty one.
pub(crate) fn witness(c: &Connection) -> Result<Option<JournalWitness>, StoreError> {
    let first = seal_at(c, 1)?.map(Seal::to_hex).unwrap_or_default();
    Ok(JournalWitness::of(&head(c)?, &first))
}

/// What is where `seen` was; its seal may be a beginning.
pub(crate) fn compare(c: &Connection, seen: &JournalHead) -> Result<EntryMatch, StoreError> {
    let Some(seal) = seal_at(c, seen.seq)? else {
        return Ok(EntryMatch::Missing);
    };
    let is_it = |seal: Seal| seal.to_hex().starts_with(&seen.seal);
    let is_same = is_it(seal) || former_seal_at(c, seen.seq).is_some_and(is_it);
    Ok(if is_same {
        EntryMatch::Same
    } else {
        EntryMatch::Other
    })
}

/// Appends `note`, and raises what it raises.
pub(crate) fn append(t: &Transaction<'_>, note: &Note) -> Result<(), StoreError> {
    write(t, note, None)?;
    match note.finding() {
        Some(finding) => findings::add(t, &finding),
        None => Ok(()),
    }
}

/// Writes the next entry; `former` is the seal that a former format gave it.
pub(crate) fn write(
    transaction: &Transaction<'_>,
    note: &Note,
    former: Option<Seal>,
) -> Result<(), StoreError> {
    let (last, before) = last(transaction)?;
    let StoredEntry { body, personal } = StoredEntry::of(note, last + 1, &Keys::of(transaction))?;
    let former = former.as_ref().map(|seal| seal.as_bytes().as_slice());
    let entry = EntryBytes {
        seq: last + 1,
        tab: note.tab.as_ref().map(|tab| rows::key(&tab.0)),
        body: &body,
        personal: personal.as_deref(),
        former,
    };
    let seal = Seal::of_entry(before, &entry);
    transaction
        .prepare_cached(
            "INSERT INTO journal (seq, tab, body, personal, former, seal) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            entry.seq,
            note.tab.map(|tab| tabs::place(transaction, tab)).transpose()?,
            entry.body,
            entry.personal,
            entry.former,
            seal.as_bytes().as_slice()
        ])?;
    Ok(())
}

/// `those` entries, in a file of today's format.
fn read(c: &Connection, those: &str, p: impl Params) -> Result<Vec<Entry>, StoreError> {
    let mut query = c.prepare_cached(&format!("SELECT {COLUMNS} FROM {ENTRIES} {those}"))?;
    let mut rows = query.query(p)?;
    let (mut entries, keys) = (Vec::new(), Keys::of(c));
    while let Some(row) = rows.next()? {
        entries.push(StoredEntry::read(&bytes_of(row)?, &keys)?);
    }
    Ok(entries)
}

/// What a row with [`COLUMNS`] says.
pub(crate) fn bytes_of<'a>(row: &'a Row<'_>) -> Result<EntryBytes<'a>, StoreError> {
    let seq = row.get(0)?;
    let does_not_hold = || does_not_hold(seq);
    let some_bytes = |column| {
        row.get_ref(column)?
            .as_bytes_or_null()
            .map_err(|_| does_not_hold())
    };
    Ok(EntryBytes {
        seq,
        tab: some_bytes(1)?,
        body: some_bytes(2)?.ok_or_else(does_not_hold)?,
        personal: some_bytes(3)?,
        former: some_bytes(5)?,
    })
}

/// The entries of one tab.
pub(crate) fn of(c: &Connection, tab: TabId) -> Result<Vec<Entry>, StoreError> {
    let those = "WHERE j.tab = (SELECT place FROM tab WHERE id = ?1) ORDER BY j.seq";
    read(c, those, [rows::key(&tab.0)])
}

/// The entries of one tab, the newest first. By its place: asked for by the tab's id, SQLite goes through the whole
/// journal in its order instead.
pub(crate) fn newest_of_tab() -> String {
    let place = "SELECT place FROM tab WHERE id = ?1";
    format!("SELECT {COLUMNS} FROM {ENTRIES} WHERE j.tab = ({place}) ORDER BY j.seq DESC")
}

/// Who closed each of these tabs the last time. Little was written on a tab after that, so it's looked for from the
/// end.
pub(crate) fn closers(c: &Connection, tabs: &[TabId]) -> Result<HashMap<TabId, Actor>, StoreError> {
    let mut query = c.prepare_cached(&newest_of_tab())?;
    let mut closers = HashMap::new();
    for tab in tabs {
        let mut rows = query.query([rows::key(&tab.0)])?;
        while let Some(row) = rows.next()? {
            if let (_, by, Event::TabClosed) = StoredEntry::deed(&bytes_of(row)?)? {
                closers.insert(*tab, by);
                break;
            }
        }
    }
    Ok(closers)
}

/// The newest entries about `topic` that belong to no tab.
pub(crate) fn of_house(c: &Connection, topic: HouseTopic, limit: i64) -> Result<Vec<Entry>, StoreError> {
    let mut query = c.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM {ENTRIES} WHERE j.tab IS NULL ORDER BY j.seq DESC"
    ))?;
    let limit = usize::try_from(limit).unwrap_or_default();
    let mut rows = query.query([])?;
    let mut entries = Vec::new();
    while entries.len() < limit {
        let Some(row) = rows.next()? else { break };
        let entry = StoredEntry::read(&bytes_of(row)?, &Keys::of(c))?;
        if topic.is_of(&entry.event, &entry.personal) {
            entries.push(entry);
        }
    }
    Ok(entries)
}

/// When the newest entry was written, in a file of any format.
pub(crate) fn newest(c: &Connection) -> Result<Option<DateTime<Utc>>, StoreError> {
    let mut query = c.prepare(&format!("{} ORDER BY j.seq DESC LIMIT 1", select(c)?))?;
    let mut rows = query.query([])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(Some(StoredEntry::written_at(&bytes_of(row)?)?))
}

/// Entries' columns by the file's format.
pub(crate) fn select(c: &Connection) -> Result<String, StoreError> {
    let (columns, entries) = match format::of(c)? {
        format::TODAYS => (COLUMNS, ENTRIES),
        format::COMPACT => (COLUMNS_OF_TEN, ENTRIES),
        _ => (FORMER_COLUMNS, FORMER_ENTRIES),
    };
    Ok(format!("SELECT {columns} FROM {entries}"))
}

/// The journal's end: the newest thing that a ledger knows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Head {
    /// How many entries there are.
    pub(crate) seq: i64,
    /// The last one's seal.
    pub(crate) seal: String,
    /// When the last one was written.
    pub(crate) at: Option<DateTime<Utc>>,
}

/// Where it ends; its seal is not looked at.
pub(crate) fn end(c: &Connection) -> Result<Head, StoreError> {
    let JournalHead { seq, seal } = head(c)?;
    let at = newest(c)?;
    Ok(Head { seq, seal, at })
}

/// An entry that its seal does not fit, or that can't be read.
pub(crate) fn does_not_hold(seq: i64) -> StoreError {
    StoreError::damaged(format!("the journal's entry {seq} does not hold"))
}
