//! Entries of the journal as rows, and those of format 9 and older.

use crate::stored::cbor::{from_bytes, record, to_bytes};
use crate::stored::events::EventPersonal;
use crate::stored::guests::Place;
use crate::stored::{EntryBytes, GuestKeys, Unreadable};
use crate::{Entry, LedgerError, Note};
use chrono::{DateTime, Utc};
use holdfast_domain::{Actor, Event, Personal, TabId};
use serde::Deserialize;

/// An entry's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEntry {
    /// What it says.
    pub body: Vec<u8>,
    /// What of that is about a person, encrypted if it is about a guest.
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

const fn of_row(row: &[u8]) -> Place<'_> {
    Place {
        table: "journal",
        row,
    }
}

impl StoredEntry {
    /// Those of `note`, which is to be the entry `seq`.
    ///
    /// # Errors
    /// When it can't be kept.
    pub fn of(note: &Note, seq: i64, guests: &dyn GuestKeys) -> Result<Self, LedgerError> {
        let (personal, event) = EventPersonal::taken_from(&note.event, &note.personal);
        let body = EntryBody {
            at: note.at,
            by: note.by.clone(),
            event,
            reference: note.reference.clone(),
        };
        Ok(Self {
            body: to_bytes(&body)?,
            personal: guests
                .of(note.event.whose(note.tab))?
                .hide(&personal, of_row(&seq.to_be_bytes()))?,
        })
    }

    /// When the entry that `bytes` are was written; for that no key is needed.
    ///
    /// # Errors
    /// When they are none.
    pub fn written_at(bytes: &EntryBytes<'_>) -> Result<DateTime<Utc>, Unreadable> {
        if bytes.is_former() {
            let former: FormerEntry = serde_json::from_slice(bytes.body)?;
            return Ok(former.at);
        }
        let body: EntryBody = from_bytes(bytes.body)?;
        Ok(body.at)
    }

    /// On which tab the entry that `bytes` are was written, by whom, and what happened, without what of it is about a
    /// guest; for that no key is needed.
    ///
    /// # Errors
    /// When they are none.
    pub fn deed(bytes: &EntryBytes<'_>) -> Result<(Option<TabId>, Actor, Event), Unreadable> {
        let tab = bytes.tab.map(super::plain::id_of).transpose()?.map(TabId);
        if bytes.is_former() {
            let former: FormerEntry = serde_json::from_slice(bytes.body)?;
            return Ok((tab, former.by, Event::former(former.amount)));
        }
        let body: EntryBody = from_bytes(bytes.body)?;
        Ok((tab, body.by, body.event))
    }

    /// The entry that `bytes` are.
    ///
    /// # Errors
    /// When they are none.
    pub fn read(bytes: &EntryBytes<'_>, guests: &dyn GuestKeys) -> Result<Entry, LedgerError> {
        let tab = bytes.tab.map(super::plain::id_of).transpose()?.map(TabId);
        if bytes.is_former() {
            let former: FormerEntry = serde_json::from_slice(bytes.body).map_err(Unreadable::from)?;
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
        let mut body: EntryBody = from_bytes(bytes.body)?;
        let owner = guests.of(body.event.whose(tab))?;
        let personal: EventPersonal = owner.show(bytes.personal, of_row(&bytes.seq.to_be_bytes()))?;
        let personal = personal.put_into(&mut body.event);
        Ok(Entry {
            seq: bytes.seq,
            at: body.at,
            by: body.by,
            tab,
            event: body.event,
            personal,
            reference: body.reference,
        })
    }
}
