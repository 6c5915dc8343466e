//! The journal: append-only, each entry sealed over the one before by the function that writes it.

use crate::PostgresLedger;
use crate::error::{Refusal, damaged};
use crate::keys::Keys;
use crate::rows;
use crate::server::Connected;
use crate::values::Value;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use holdfast_domain::{Actor, EntryMatch, Event, JournalHead, JournalWitness, TabId};
use holdfast_ledger::stored::{EntryBytes, Field, Seal, StoredEntry};
use holdfast_ledger::{Done, Entry, HouseTopic, Journal, LedgerError};
use std::collections::HashMap;
use tokio_postgres::Row;
use tokio_postgres::types::Type;

/// An entry's columns, in the order that [`entry`] reads.
const COLUMNS: &str = "j.seq, j.tab, j.body, j.personal, j.former, j.seal";

/// Entries that are verified, or looked through, at a time: some megabytes at most.
const ENTRIES_AT_A_TIME: i64 = 5_000;

/// An entry's bytes, borrowed from its row.
struct Kept<'a> {
    seq: i64,
    columns: [Option<std::borrow::Cow<'a, [u8]>>; 5],
}

impl Kept<'_> {
    fn bytes(&self) -> Result<EntryBytes<'_>, LedgerError> {
        let [tab, body, personal, former, _] = self.columns.each_ref().map(|bytes| bytes.as_deref());
        Ok(EntryBytes {
            seq: self.seq,
            tab,
            body: body.ok_or_else(|| does_not_hold(self.seq))?,
            personal,
            former,
        })
    }

    fn seal(&self) -> Option<Seal> {
        Seal::from_bytes(self.columns[4].as_deref()?)
    }
}

fn entry(row: &Row) -> Result<Kept<'_>, LedgerError> {
    let seq = rows::int(row, 0)?;
    let mut columns = std::array::from_fn(|_| None);
    for (place, n) in columns.iter_mut().zip(1..) {
        *place = match rows::field(row, n)? {
            Field::Null => None,
            Field::Bytes(bytes) => Some(bytes),
            Field::Int(_) | Field::Text(_) => return Err(does_not_hold(seq)),
        };
    }
    Ok(Kept { seq, columns })
}

fn does_not_hold(seq: i64) -> LedgerError {
    damaged(format!("the journal's entry {seq} does not hold"))
}

/// When the newest entry was written, as one connection sees it.
pub(crate) async fn newest_at(connected: &Connected) -> Result<Option<DateTime<Utc>>, LedgerError> {
    let sql = format!("SELECT {COLUMNS} FROM holdfast.journal j ORDER BY j.seq DESC LIMIT 1");
    let found = connected.query(&sql, &[]).await.map_err(Refusal::into_error)?;
    let Some(row) = found.first() else { return Ok(None) };
    Ok(Some(StoredEntry::written_at(&entry(row)?.bytes()?)?))
}

/// What an entry says was done, and at which other till; its name is the seventh column.
pub(super) fn deed_of(row: &Row) -> Result<Done, LedgerError> {
    let kept = entry(row)?;
    let bytes = kept.bytes()?;
    let (tab, by, event) = StoredEntry::deed(&bytes)?;
    Ok(Done {
        tab: tab.ok_or_else(|| does_not_hold(kept.seq))?,
        at: StoredEntry::written_at(&bytes)?,
        by,
        till: row.try_get(6).map_err(|_| does_not_hold(kept.seq))?,
        event,
    })
}

impl PostgresLedger {
    async fn entries(&self, those: &str, values: &[Value<'_>]) -> Result<Vec<Entry>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM holdfast.journal j {those}");
        let found = self.lanes.query(&sql, values).await?;
        self.with_keys(Keys::none(), |keys| {
            let entries = found
                .iter()
                .map(|row| StoredEntry::read(&entry(row)?.bytes()?, keys));
            entries.collect()
        })
        .await
    }

    /// The journal's end, and its first entry's seal.
    async fn ends(&self) -> Result<(JournalHead, String), LedgerError> {
        let sql = "SELECT h.seq, h.seal, (SELECT j.seal FROM holdfast.journal j WHERE j.seq = 1) FROM holdfast.head h";
        let found = self.lanes.query(sql, &[]).await?;
        let row = found.first().ok_or_else(|| damaged("the venue has no head"))?;
        let seal = |column| {
            Ok::<_, LedgerError>(match rows::field(row, column)? {
                Field::Bytes(bytes) => Seal::from_bytes(&bytes).map(Seal::to_hex).unwrap_or_default(),
                Field::Null | Field::Int(_) | Field::Text(_) => String::new(),
            })
        };
        let head = JournalHead {
            seq: rows::int(row, 0)?,
            seal: seal(1)?,
        };
        Ok((head, seal(2)?))
    }

    /// The journal's end.
    pub(crate) async fn journal_head(&self) -> Result<JournalHead, LedgerError> {
        Ok(self.ends().await?.0)
    }
}

#[async_trait]
impl Journal for PostgresLedger {
    async fn journal(&self, tab: TabId) -> Result<Vec<Entry>, LedgerError> {
        self.entries(
            "WHERE j.tab = $1 ORDER BY j.seq",
            &[(&rows::key(&tab.0), Type::BYTEA)],
        )
        .await
    }

    async fn closers(&self, tabs: Vec<TabId>) -> Result<HashMap<TabId, Actor>, LedgerError> {
        let ids: Vec<&[u8]> = tabs.iter().map(|tab| rows::key(&tab.0)).collect();
        let sql = format!("SELECT {COLUMNS} FROM holdfast.journal j WHERE j.tab = ANY ($1) ORDER BY j.seq");
        let found = self.lanes.query(&sql, &[(&ids, Type::BYTEA_ARRAY)]).await?;
        let mut closers = HashMap::new();
        for row in &found {
            if let (Some(tab), by, Event::TabClosed) = StoredEntry::deed(&entry(row)?.bytes()?)? {
                closers.insert(tab, by);
            }
        }
        Ok(closers)
    }

    async fn house_journal(&self, topic: HouseTopic, limit: i64) -> Result<Vec<Entry>, LedgerError> {
        let limit = usize::try_from(limit).unwrap_or_default();
        let (mut entries, mut before) = (Vec::new(), i64::MAX);
        while entries.len() < limit {
            let those = "WHERE j.tab IS NULL AND j.seq < $1 ORDER BY j.seq DESC LIMIT $2";
            let values: [Value<'_>; 2] = [(&before, Type::INT8), (&ENTRIES_AT_A_TIME, Type::INT8)];
            let page = self.entries(those, &values).await?;
            let Some(last) = page.last() else { break };
            before = last.seq;
            let of_it = page
                .into_iter()
                .filter(|entry| topic.is_of(&entry.event, &entry.personal));
            entries.extend(of_it);
        }
        entries.truncate(limit);
        Ok(entries)
    }

    async fn newest_entry(&self) -> Result<Option<DateTime<Utc>>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM holdfast.journal j ORDER BY j.seq DESC LIMIT 1");
        let found = self.lanes.query(&sql, &[]).await?;
        let Some(row) = found.first() else { return Ok(None) };
        Ok(Some(StoredEntry::written_at(&entry(row)?.bytes()?)?))
    }

    async fn witness(&self) -> Result<Option<JournalWitness>, LedgerError> {
        let (head, first) = self.ends().await?;
        Ok(JournalWitness::of(&head, &first))
    }

    async fn compare(&self, heads: Vec<JournalHead>) -> Result<Vec<EntryMatch>, LedgerError> {
        let numbers: Vec<i64> = heads.iter().map(|head| head.seq).collect();
        let sql = format!("SELECT {COLUMNS} FROM holdfast.journal j WHERE j.seq = ANY ($1)");
        let found = self.lanes.query(&sql, &[(&numbers, Type::INT8_ARRAY)]).await?;
        let known: Vec<Kept<'_>> = found.iter().map(entry).collect::<Result<_, _>>()?;
        let matches = heads.iter().map(|seen| {
            let Some(kept) = known.iter().find(|kept| kept.seq == seen.seq) else {
                return EntryMatch::Missing;
            };
            let former = kept.columns[3].as_deref().and_then(Seal::from_bytes);
            let is_it = |seal: Seal| seal.to_hex().starts_with(&seen.seal);
            if kept.seal().into_iter().chain(former).any(is_it) {
                EntryMatch::Same
            } else {
                EntryMatch::Other
            }
        });
        Ok(matches.collect())
    }

    async fn verify_journal(&self) -> Result<i64, LedgerError> {
        let end = self.journal_head().await?;
        let (mut count, mut before) = (0, None);
        while count < end.seq {
            let sql = format!(
                "SELECT {COLUMNS} FROM holdfast.journal j WHERE j.seq > $1 AND j.seq <= $2 ORDER BY j.seq LIMIT $3"
            );
            let values: [Value<'_>; 3] = [
                (&count, Type::INT8),
                (&end.seq, Type::INT8),
                (&ENTRIES_AT_A_TIME, Type::INT8),
            ];
            let found = self.lanes.query(&sql, &values).await?;
            if found.is_empty() {
                return Err(damaged(format!("the journal's entry {} is missing", count + 1)));
            }
            for row in &found {
                let kept = entry(row)?;
                count += 1;
                let seal = Seal::of_entry(before, &kept.bytes()?);
                if kept.seq != count || kept.seal() != Some(seal) {
                    return Err(does_not_hold(count));
                }
                before = Some(seal);
            }
        }
        if before.map(Seal::to_hex).unwrap_or_default() == end.seal {
            Ok(count)
        } else {
            Err(damaged("the journal doesn't end with its newest seal"))
        }
    }
}
