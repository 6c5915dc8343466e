//! The journal: append-only, each entry sealed with a hash over the one before.

use crate::error::StoreError;
use crate::integrity::parallel_check::{self, Part};
use crate::integrity::row_hash::is_hexadecimal_of;
use crate::store::findings;
use chrono::{DateTime, Utc};
use holdfast_domain::{JournalHead, TabId};
use holdfast_ledger::{Entry, Note};
use rusqlite::{Connection, OptionalExtension, Params, Transaction, params};
use sha2::digest::Output;
use sha2::{Digest, Sha256};

fn seal(before: &str, body: &str) -> Output<Sha256> {
    let digest = Sha256::new()
        .chain_update(before)
        .chain_update("\n")
        .chain_update(body);
    digest.finalize()
}

/// The newest entry's place and seal; what the next one is sealed to.
pub(crate) fn head(c: &Connection) -> Result<JournalHead, StoreError> {
    let last = c
        .prepare_cached("SELECT seq, seal FROM journal ORDER BY seq DESC LIMIT 1")?
        .query_row([], |r| {
            Ok(JournalHead {
                seq: r.get(0)?,
                seal: r.get(1)?,
            })
        })
        .optional()?;
    Ok(last.unwrap_or(JournalHead {
        seq: 0,
        seal: String::new(),
    }))
}

/// Appends `note`.
pub(crate) fn append(transaction: &Transaction<'_>, note: &Note) -> Result<(), StoreError> {
    let before = head(transaction)?;
    let entry = Entry {
        seq: before.seq + 1,
        at: note.at,
        by: note.by.clone(),
        tab: note.tab,
        words: note.words.clone(),
        amount: note.amount,
        reference: note.reference.clone(),
    };
    let body = serde_json::to_string(&entry)?;
    transaction
        .prepare_cached("INSERT INTO journal (seq, tab, body, seal) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![
            entry.seq,
            note.tab.map(|t| t.to_string()),
            body,
            hex::encode(seal(&before.seal, &body))
        ])?;
    match note.finding() {
        Some(finding) => findings::add(transaction, &finding),
        None => Ok(()),
    }
}

/// The entries of one tab.
pub(crate) fn of(connection: &Connection, tab: TabId) -> Result<Vec<Entry>, StoreError> {
    let mut query = connection.prepare_cached("SELECT body FROM journal WHERE tab = ?1 ORDER BY seq")?;
    let bodies = query.query_map([tab.to_string()], |r| r.get::<_, String>(0))?;
    bodies.map(|body| Ok(serde_json::from_str(&body?)?)).collect()
}

/// The newest entries that belong to no tab and whose words begin with `beginning`.
pub(crate) fn of_house(c: &Connection, beginning: &str, limit: i64) -> Result<Vec<Entry>, StoreError> {
    let mut query = c.prepare_cached(
        "SELECT body FROM journal WHERE tab IS NULL AND substr(body ->> '$.words', 1, length(?1)) = ?1
          ORDER BY seq DESC LIMIT ?2",
    )?;
    let bodies = query.query_map(params![beginning, limit], |r| r.get::<_, String>(0))?;
    bodies.map(|body| Ok(serde_json::from_str(&body?)?)).collect()
}

/// When the newest entry was written.
pub(crate) fn newest(connection: &Connection) -> Result<Option<DateTime<Utc>>, StoreError> {
    let body: Option<String> = connection
        .query_row("SELECT body FROM journal ORDER BY seq DESC LIMIT 1", [], |r| {
            r.get(0)
        })
        .optional()?;
    Ok(body
        .map(|body| serde_json::from_str::<Entry>(&body))
        .transpose()?
        .map(|entry| entry.at))
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

/// Recomputes every seal; how many there are.
pub(crate) fn verify(c: &Connection, readers: &mut [Connection]) -> Result<i64, StoreError> {
    let JournalHead { seq, .. } = head(c)?;
    parallel_check::verify_parts(c, readers, &Part::journal(seq).collect::<Vec<_>>())?;
    Ok(seq)
}

/// Recomputes the seals of the entries beyond `after`, up to and with `to`; none may be missing.
pub(crate) fn verify_entries(c: &Connection, after: i64, to: i64) -> Result<(), StoreError> {
    // Before the first nothing may be, whatever its number.
    let from = if after == 0 { i64::MIN } else { after + 1 };
    let seal_of = "SELECT seal FROM journal WHERE seq = ?1";
    let before: Option<String> = c.query_row(seal_of, [after], |r| r.get(0)).optional()?;
    let mut before = before.unwrap_or_default();
    let mut query =
        c.prepare("SELECT seq, body, seal FROM journal WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq")?;
    let mut rows = query.query([from, to])?;
    let mut count = after;
    while let Some(row) = rows.next()? {
        count += 1;
        let does_not_hold = || StoreError::damaged(format!("the journal's entry {count} does not hold"));
        let seq: i64 = row.get(0)?;
        // A look at each, not a copy: there may be a million.
        let body = row.get_ref(1)?.as_str().map_err(|_| does_not_hold())?;
        let found = row.get_ref(2)?.as_str().map_err(|_| does_not_hold())?;
        if seq != count || !is_hexadecimal_of(found, &seal(&before, body)) {
            return Err(does_not_hold());
        }
        before.replace_range(.., found);
    }
    if count == to {
        return Ok(());
    }
    Err(StoreError::damaged(format!(
        "the journal's entry {} is missing",
        count + 1
    )))
}

/// Recomputes the seals of the newest entry, and of what belongs to no tab.
pub(crate) fn verify_house(c: &Connection) -> Result<Head, StoreError> {
    let end = end(c)?;
    verify_those(c, "j.tab IS NULL OR j.seq = ?1", params![end.seq])?;
    Ok(end)
}

/// Recomputes the seals of what was written on the tabs `listed`, as JSON.
pub(crate) fn verify_tabs(c: &Connection, listed: &str) -> Result<(), StoreError> {
    verify_those(c, "j.tab IN (SELECT value FROM json_each(?1))", [listed])
}

/// Each over the one before it.
fn verify_those(c: &Connection, those: &str, p: impl Params) -> Result<(), StoreError> {
    let mut query = c.prepare_cached(&format!(
        "SELECT j.seq, j.body, j.seal, coalesce(b.seal, '') FROM journal j LEFT JOIN journal b ON b.seq = j.seq - 1
          WHERE {those}"
    ))?;
    let mut rows = query.query(p)?;
    while let Some(row) = rows.next()? {
        let seq: i64 = row.get(0)?;
        let does_not_hold = || StoreError::damaged(format!("the journal's entry {seq} does not hold"));
        let text = |column| row.get_ref(column)?.as_str().map_err(|_| does_not_hold());
        let (body, found, before) = (text(1)?, text(2)?, text(3)?);
        if !is_hexadecimal_of(found, &seal(before, body)) {
            return Err(does_not_hold());
        }
    }
    Ok(())
}
