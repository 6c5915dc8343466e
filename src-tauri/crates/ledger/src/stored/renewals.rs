//! Renewals as rows.

use crate::LedgerError;
use crate::stored::cbor::{record, to_bytes};
use crate::stored::{Field, Fields, GuestKeys, Stored, Table, Unreadable, beyond_micros, time_of};
use chrono::{DateTime, Utc};
use holdfast_domain::{Actor, HoldId, Renewal, RenewalEnd, RenewalEnded, TabId};

struct RenewalBody {
    decided_before: u64,
    by: Actor,
    at: DateTime<Utc>,
    how: Option<RenewalEnd>,
    ended_beyond: u16,
}

record!(RenewalBody { 0 decided_before, 1 by, 2 at, 3 how, 4 ended_beyond });

impl Stored for Renewal {
    const TABLE: Table = Table {
        name: "renewal",
        key: "hold",
        columns: &["hold", "renews", "tab", "ended_at", "body"],
    };

    fn fields(&self, _: &dyn GuestKeys) -> Result<Vec<Field<'static>>, LedgerError> {
        let body = RenewalBody {
            decided_before: u64::try_from(self.decided_before).unwrap_or(u64::MAX),
            by: self.by.clone(),
            at: self.at,
            how: self.ended.map(|ended| ended.how),
            ended_beyond: self.ended.map_or(0, |ended| beyond_micros(ended.at)),
        };
        Ok(vec![
            self.new.0.into(),
            self.old.0.into(),
            self.tab.0.into(),
            self.ended.map(|ended| ended.at).into(),
            to_bytes(&body)?.into(),
        ])
    }

    fn read(mut fields: Fields<'_>, _: &dyn GuestKeys) -> Result<Self, LedgerError> {
        let (new, old) = (HoldId(fields.id()?), HoldId(fields.id()?));
        let tab = TabId(fields.id()?);
        let ended_at = fields.some_int()?;
        let body: RenewalBody = fields.body()?;
        let ended = ended_at.zip(body.how).map(|(at, how)| {
            let at = time_of(at, body.ended_beyond)?;
            Ok::<_, Unreadable>(RenewalEnded { at, how })
        });
        Ok(Self {
            new,
            old,
            tab,
            decided_before: usize::try_from(body.decided_before).unwrap_or(usize::MAX),
            by: body.by,
            at: body.at,
            ended: ended.transpose()?,
        })
    }
}
