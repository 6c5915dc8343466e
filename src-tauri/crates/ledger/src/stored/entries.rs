//! Entries of the journal as rows, and those of format 9 and older.

use crate::stored::cbor::{from_bytes, record, to_bytes};
use crate::stored::events::EventPersonal;
use crate::stored::guests::Place;
use crate::stored::{EntryBytes, GuestKeys, Unreadable};
use crate::{Entry, LedgerError, Note};
use chrono::{DateTime, Utc};
use holdfast_domain::{Actor, Event, Personal, TabId};
use serde::Deserialize;
use uuid::Uuid;

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
    /// What the personal part is bound to where the entry's place wasn't known when it was encrypted.
    bound_to: Option<Uuid>,
}

record!(EntryBody { 0 at, 1 by, 2 event, 3 reference, 4 bound_to });

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
        Self::bound(note, &seq.to_be_bytes(), None, guests)
    }

    /// Those of `note` where the database gives the entry its place, after it was encrypted: the personal part is bound
    /// to `id` instead, which the body names. It must be an id that no other entry has.
    ///
    /// # Errors
    /// When it can't be kept.
    pub fn without_place(note: &Note, id: Uuid, guests: &dyn GuestKeys) -> Result<Self, LedgerError> {
        Self::bound(note, id.as_bytes(), Some(id), guests)
    }

    fn bound(
        note: &Note,
        row: &[u8],
        bound_to: Option<Uuid>,
        guests: &dyn GuestKeys,
    ) -> Result<Self, LedgerError> {
        let (personal, event) = EventPersonal::taken_from(&note.event, &note.personal);
        let body = EntryBody {
            at: note.at,
            by: note.by.clone(),
            event,
            reference: note.reference.clone(),
            bound_to,
        };
        Ok(Self {
            body: to_bytes(&body)?,
            personal: guests
                .of(note.event.whose(note.tab))?
                .hide(&personal, of_row(row))?,
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
        let place = bytes.seq.to_be_bytes();
        let row = body.bound_to.as_ref().map_or(&place[..], |id| id.as_bytes());
        let personal: EventPersonal = owner.show(bytes.personal, of_row(row))?;
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
