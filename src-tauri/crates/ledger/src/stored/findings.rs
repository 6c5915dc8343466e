//! Findings as rows.

use crate::stored::cbor::{record, to_bytes, to_some_bytes};
use crate::stored::{Code, Field, Fields, Stored, Table, Unreadable, beyond_micros, time_of};
use chrono::{DateTime, Utc};
use holdfast_domain::{Event, Finding, HoldId, TabId};

struct FindingBody {
    tab: Option<TabId>,
    event: Event,
    at: DateTime<Utc>,
    raised_at: DateTime<Utc>,
    ended_beyond: u16,
    seen_by: Option<String>,
}

record!(FindingBody { 0 tab, 1 event, 2 at, 3 raised_at, 4 ended_beyond, 5 seen_by });

impl Stored for Finding {
    /// `kind` is derived from the key.
    const TABLE: Table = Table {
        name: "finding",
        key: "key",
        columns: &["key", "kind", "hold", "ended_at", "body", "personal"],
    };

    fn fields(&self) -> Result<Vec<Field<'static>>, Unreadable> {
        let body = FindingBody {
            tab: self.tab,
            event: self.event.clone(),
            at: self.at,
            raised_at: self.raised_at,
            ended_beyond: self.ended_at.map_or(0, beyond_micros),
            seen_by: self.seen_by.clone(),
        };
        Ok(vec![
            self.key.to_string().as_str().into(),
            self.kind().code().into(),
            self.hold.map(|hold| hold.0).into(),
            self.ended_at.into(),
            to_bytes(&body)?.into(),
            to_some_bytes(&self.personal)?.into(),
        ])
    }

    fn read(mut fields: Fields<'_>) -> Result<Self, Unreadable> {
        let key = fields.text()?.parse();
        fields.skip()?;
        let hold = fields.some_id()?.map(HoldId);
        let ended_at = fields.some_int()?;
        let body: FindingBody = fields.body()?;
        let personal = fields.personal()?;
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
