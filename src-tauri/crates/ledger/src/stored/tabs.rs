//! Tabs and lines of bills as rows.

use crate::LedgerError;
use crate::stored::cbor::{record, to_bytes};
use crate::stored::guests::{Place, Secrecy};
use crate::stored::plain::Bytes;
use crate::stored::{Field, Fields, GuestKeys, Stored, Table, Unreadable, beyond_micros, time_of};
use chrono::{DateTime, NaiveDate, Utc};
use holdfast_domain::{Actor, Currency, Kind, Line, LineId, Moved, OperationId, Tab, TabId};

struct TabBody {
    kind: Kind,
    currency: Currency,
    reference: String,
    arrives_on: Option<NaiveDate>,
    departs_on: Option<NaiveDate>,
    guests: Option<u16>,
    /// Unless staff did; their name has a column.
    opened_by: Option<Actor>,
    opened_beyond: u16,
    closed_beyond: u16,
}

record!(TabBody {
    0 kind, 1 currency, 2 reference, 3 arrives_on, 4 departs_on, 5 guests, 6 opened_by, 7 opened_beyond,
    8 closed_beyond,
});

struct TabPersonal {
    name: String,
    place: Option<String>,
    note: Option<String>,
    email: Option<String>,
}

record!(TabPersonal { 0 name, 1 place, 2 note, 3 email });

const fn of_tab(row: &[u8]) -> Place<'_> {
    Place { table: "tab", row }
}

impl Stored for Tab {
    const TABLE: Table = Table {
        name: "tab",
        key: "id",
        columns: &[
            "id",
            "version",
            "opened_at",
            "closed_at",
            "opened_by",
            "body",
            "personal",
        ],
    };

    fn fields(&self, guests: &dyn GuestKeys) -> Result<Vec<Field<'static>>, LedgerError> {
        let (staff, opened_by) = match &self.opened_by {
            Actor::Staff(name) => (Some(name.as_str()), None),
            other @ (Actor::Dojo | Actor::Holdfast | Actor::Elsewhere | Actor::Unknown) => {
                (None, Some(other.clone()))
            }
        };
        let body = TabBody {
            kind: self.kind,
            currency: self.currency,
            reference: self.reference.clone(),
            arrives_on: self.arrives_on,
            departs_on: self.departs_on,
            guests: self.guests,
            opened_by,
            opened_beyond: beyond_micros(self.opened_at),
            closed_beyond: self.closed_at.map_or(0, beyond_micros),
        };
        let personal = TabPersonal {
            name: self.name.clone(),
            place: self.place.clone(),
            note: self.note.clone(),
            email: self.email.clone(),
        };
        Ok(vec![
            self.id.0.into(),
            self.version.into(),
            self.opened_at.into(),
            self.closed_at.into(),
            staff.into(),
            to_bytes(&body)?.into(),
            guests
                .of_tab(self.id)?
                .hide(&personal, of_tab(self.id.0.as_bytes()))?
                .into(),
        ])
    }

    fn read(mut fields: Fields<'_>, guests: &dyn GuestKeys) -> Result<Self, LedgerError> {
        let id = TabId(fields.id()?);
        let version = fields.int()?;
        let (opened_at, closed_at) = (fields.int()?, fields.some_int()?);
        let staff = fields.some_text()?;
        let body: TabBody = fields.body()?;
        let secrecy = guests.of_tab(id)?;
        let personal: TabPersonal = fields.personal(&secrecy, of_tab(id.0.as_bytes()))?;
        let closed_at = closed_at.map(|at| time_of(at, body.closed_beyond));
        Ok(Self {
            id,
            kind: body.kind,
            name: personal.name,
            place: personal.place,
            note: personal.note,
            email: personal.email,
            currency: body.currency,
            reference: body.reference,
            arrives_on: body.arrives_on,
            departs_on: body.departs_on,
            opened_at: time_of(opened_at, body.opened_beyond)?,
            opened_by: staff
                .map(Actor::Staff)
                .or(body.opened_by)
                .ok_or_else(|| Unreadable::missing("who opened it"))?,
            closed_at: closed_at.transpose()?,
            guests: body.guests,
            is_forgotten: secrecy == Secrecy::Forgotten,
            version,
        })
    }
}

struct LineBody {
    quantity: i64,
    each: i64,
    takes_off: Option<LineId>,
    at: DateTime<Utc>,
    by: Actor,
    moved_by: Option<OperationId>,
    /// There whenever [`LineBody::moved_by`] is.
    moved_with: Option<TabId>,
    has_come: bool,
}

record!(LineBody { 0 quantity, 1 each, 2 takes_off, 3 at, 4 by, 5 moved_by, 6 moved_with, 7 has_come });

struct LinePersonal {
    what: Option<String>,
    /// As format 10 kept it.
    former_moved_title: Option<String>,
    /// Another guest's name: encrypted with that guest's key, within what is encrypted with this one's.
    moved: Option<Bytes>,
}

record!(LinePersonal { 0 what, 1 former_moved_title, 2 moved });

struct MovedPersonal {
    title: Option<String>,
}

record!(MovedPersonal { 0 title });

const fn of_line(row: &[u8]) -> Place<'_> {
    Place { table: "line", row }
}

/// Of the other tab's title within it.
const fn of_moved(row: &[u8]) -> Place<'_> {
    Place {
        table: "line moved",
        row,
    }
}

impl Stored for Line {
    const TABLE: Table = Table {
        name: "line",
        key: "id",
        columns: &["id", "tab", "body", "personal"],
    };

    fn fields(&self, guests: &dyn GuestKeys) -> Result<Vec<Field<'static>>, LedgerError> {
        let body = LineBody {
            quantity: self.quantity,
            each: self.each,
            takes_off: self.takes_off,
            at: self.at,
            by: self.by.clone(),
            moved_by: self.moved.as_ref().map(|moved| moved.decision),
            moved_with: self.moved.as_ref().map(|moved| moved.other),
            has_come: self.moved.as_ref().is_some_and(|moved| moved.is_here),
        };
        let row = self.id.0.as_bytes();
        let hide_other = |moved: &Moved| {
            let title = moved.title.clone();
            guests
                .of_tab(moved.other)?
                .hide(&MovedPersonal { title }, of_moved(row))
        };
        let moved = self.moved.as_ref().map(hide_other).transpose()?;
        let personal = LinePersonal {
            what: self.what.clone(),
            former_moved_title: None,
            moved: moved.flatten().map(Bytes),
        };
        Ok(vec![
            self.id.0.into(),
            self.tab.0.into(),
            to_bytes(&body)?.into(),
            guests.of_tab(self.tab)?.hide(&personal, of_line(row))?.into(),
        ])
    }

    fn read(mut fields: Fields<'_>, guests: &dyn GuestKeys) -> Result<Self, LedgerError> {
        let (id, tab) = (LineId(fields.id()?), TabId(fields.id()?));
        let body: LineBody = fields.body()?;
        let row = id.0.as_bytes();
        let personal: LinePersonal = fields.personal(&guests.of_tab(tab)?, of_line(row))?;
        let moved = |decision| {
            let other = body
                .moved_with
                .ok_or_else(|| Unreadable::missing("where it went"))?;
            let hidden = personal.moved.as_ref().map(|bytes| bytes.0.as_slice());
            let shown: MovedPersonal = guests.of_tab(other)?.show(hidden, of_moved(row))?;
            Ok::<_, LedgerError>(Moved {
                decision,
                other,
                is_here: body.has_come,
                title: shown.title.or(personal.former_moved_title),
            })
        };
        Ok(Self {
            id,
            tab,
            moved: body.moved_by.map(moved).transpose()?,
            what: personal.what,
            quantity: body.quantity,
            each: body.each,
            takes_off: body.takes_off,
            at: body.at,
            by: body.by,
        })
    }
}
