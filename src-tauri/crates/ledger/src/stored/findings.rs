//! Findings as rows.

use crate::LedgerError;
use crate::stored::cbor::{record, to_bytes};
use crate::stored::events::EventPersonal;
use crate::stored::guests::Place;
use crate::stored::{Code, Field, Fields, GuestKeys, Stored, Table, Unreadable, beyond_micros, time_of};
use chrono::{DateTime, Utc};
use holdfast_domain::{Actor, Event, Finding, HoldId, TabId};

struct FindingBody {
    tab: Option<TabId>,
    event: Event,
    at: DateTime<Utc>,
    raised_at: DateTime<Utc>,
    ended_beyond: u16,
    seen_by: Option<Actor>,
}

record!(FindingBody { 0 tab, 1 event, 2 at, 3 raised_at, 4 ended_beyond, 5 seen_by });

const fn of_row(row: &[u8]) -> Place<'_> {
    Place {
        table: "finding",
        row,
    }
}

impl Stored for Finding {
    /// `kind` is derived from the key.
    const TABLE: Table = Table {
        name: "finding",
        key: "key",
        columns: &["key", "kind", "hold", "ended_at", "body", "personal"],
    };

    fn fields(&self, guests: &dyn GuestKeys) -> Result<Vec<Field<'static>>, LedgerError> {
        let (personal, event) = EventPersonal::taken_from(&self.event, &self.personal);
        let body = FindingBody {
            tab: self.tab,
            event,
            at: self.at,
            raised_at: self.raised_at,
            ended_beyond: self.ended_at.map_or(0, beyond_micros),
            seen_by: self.seen_by.clone(),
        };
        let key = self.key.to_string();
        let owner = guests.of(self.event.whose(self.tab))?;
        Ok(vec![
            key.as_str().into(),
            self.kind().code().into(),
            self.hold.map(|hold| hold.0).into(),
            self.ended_at.into(),
            to_bytes(&body)?.into(),
            owner.hide(&personal, of_row(key.as_bytes()))?.into(),
        ])
    }

    fn read(mut fields: Fields<'_>, guests: &dyn GuestKeys) -> Result<Self, LedgerError> {
        let row = fields.text()?;
        let key = row.parse();
        fields.skip()?;
        let hold = fields.some_id()?.map(HoldId);
        let ended_at = fields.some_int()?;
        let mut body: FindingBody = fields.body()?;
        let owner = guests.of(body.event.whose(body.tab))?;
        let personal: EventPersonal = fields.personal(&owner, of_row(row.as_bytes()))?;
        let personal = personal.put_into(&mut body.event);
        Ok(Self {
            key: key.map_err(|_| Unreadable::new("a finding's key that this version doesn't know"))?,
            tab: body.tab,
            hold,
            event: body.event,
            personal,
            at: body.at,
            raised_at: body.raised_at,
            ended_at: ended_at.map(|at| time_of(at, body.ended_beyond)).transpose()?,
            seen_by: body.seen_by,
        })
    }
}
