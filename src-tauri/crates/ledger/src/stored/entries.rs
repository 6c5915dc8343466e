//! Entries of the journal as rows, and those of format 9 and older.

use crate::stored::cbor::{from_bytes, from_some_bytes, record, to_bytes, to_some_bytes};
use crate::stored::{EntryBytes, Unreadable};
use crate::{Entry, Note};
use chrono::{DateTime, Utc};
use holdfast_domain::{Actor, Event, Personal, TabId};
use serde::Deserialize;

/// An entry's bytes, before it has a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEntry {
    /// What it says.
    pub body: Vec<u8>,
    /// What of that is about a person.
    pub personal: Option<Vec<u8>>,
}

struct EntryBody {
    at: DateTime<Utc>,
    by: Actor,
    event: Event,
    reference: Option<String>,
}

record!(EntryBody { 0 at, 1 by, 2 event, 3 reference });

/// An entry of format 9 or older, as JSON.
#[derive(Deserialize)]
struct FormerEntry {
    at: DateTime<Utc>,
    by: Actor,
    words: String,
    amount: Option<i64>,
    reference: Option<String>,
}

impl StoredEntry {
    /// Those of `note`.
    ///
    /// # Errors
    /// When it can't be kept.
    pub fn of(note: &Note) -> Result<Self, Unreadable> {
        let body = EntryBody {
            at: note.at,
            by: note.by.clone(),
            event: note.event.clone(),
            reference: note.reference.clone(),
        };
        Ok(Self {
            body: to_bytes(&body)?,
            personal: to_some_bytes(&note.personal)?,
        })
    }

    /// The entry that `bytes` are.
    ///
    /// # Errors
    /// When they are none.
    pub fn read(bytes: &EntryBytes<'_>) -> Result<Entry, Unreadable> {
        let tab = bytes.tab.map(super::plain::id_of).transpose()?.map(TabId);
        if bytes.is_former() {
            let former: FormerEntry = serde_json::from_slice(bytes.body)?;
            return Ok(Entry {
                seq: bytes.seq,
                at: former.at,
                by: former.by,
                tab,
                event: Event::former(former.amount),
                personal: Personal {
                    words: Some(former.words),
                    ..Personal::default()
                },
                reference: former.reference,
            });
        }
        let body: EntryBody = from_bytes(bytes.body)?;
        Ok(Entry {
            seq: bytes.seq,
            at: body.at,
            by: body.by,
            tab,
            event: body.event,
            personal: from_some_bytes(bytes.personal)?,
            reference: body.reference,
        })
    }
}
