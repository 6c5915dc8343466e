//! Movements as rows.

use crate::stored::cbor::{record, to_bytes};
use crate::stored::plain::AnyId;
use crate::stored::{Code, Field, Fields, Stored, Table, Unreadable, beyond_micros, time_of};
use holdfast_domain::{Actor, HoldId, Movement, PAID, Standing, TabId};

struct Body {
    by: Actor,
    /// Unless it was paid at once, which has a column.
    source: AnyId,
    at_beyond: u16,
}

record!(Body { 0 by, 1 source, 2 at_beyond });

impl Stored for Movement {
    const TABLE: Table = Table {
        name: "movement",
        key: "seq",
        columns: &[
            "seq", "hold", "tab", "currency", "kind", "paid", "amount", "service", "tip", "said", "at", "body",
        ],
    };

    fn fields(&self) -> Result<Vec<Field<'static>>, Unreadable> {
        let what = &self.what;
        let is_paid = what.source == PAID;
        let source = if is_paid { String::new() } else { what.source.clone() };
        let body = Body {
            by: what.by.clone(),
            source: AnyId(source),
            at_beyond: beyond_micros(what.at),
        };
        Ok(vec![
            self.seq.into(),
            self.hold.0.into(),
            self.tab.0.into(),
            Code::code(self.currency).into(),
            what.kind.code().into(),
            is_paid.into(),
            what.amount.into(),
            what.service.into(),
            what.tip.into(),
            what.said.into(),
            what.at.into(),
            to_bytes(&body)?.into(),
        ])
    }

    fn read(mut fields: Fields<'_>) -> Result<Self, Unreadable> {
        let seq = fields.int()?;
        let (hold, tab) = (HoldId(fields.id()?), TabId(fields.id()?));
        let (currency, kind) = (fields.code()?, fields.code()?);
        let is_paid = fields.int()? == 1;
        let (amount, service, tip) = (fields.int()?, fields.int()?, fields.int()?);
        let (said, at) = (fields.int()?, fields.int()?);
        let body: Body = fields.body()?;
        Ok(Self {
            seq,
            hold,
            tab,
            currency,
            what: Standing {
                kind,
                source: if is_paid { PAID.to_owned() } else { body.source.0 },
                by: body.by,
                amount,
                service,
                tip,
                said,
                at: time_of(at, body.at_beyond)?,
            },
        })
    }
}
