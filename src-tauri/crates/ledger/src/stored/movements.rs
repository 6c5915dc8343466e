//! Movements as rows.

use crate::LedgerError;
use crate::stored::cbor::{record, to_bytes};
use crate::stored::plain::AnyId;
use crate::stored::{Code, Field, Fields, GuestKeys, Stored, Table, beyond_micros, time_of};
use holdfast_domain::{Actor, Currency, HoldId, Movement, PAID, Standing, TabId};

struct MovementBody {
    by: Actor,
    /// Unless it was paid at once, which has a column.
    source: AnyId,
    at_beyond: u16,
}

record!(MovementBody { 0 by, 1 source, 2 at_beyond });

/// A movement as it is kept: its tab is its hold's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMovement {
    /// Its place, from 1, without gaps.
    pub seq: i64,
    /// On which hold.
    pub hold: HoldId,
    /// Of every amount of it.
    pub currency: Currency,
    /// What moved.
    pub what: Standing,
}

impl StoredMovement {
    /// The movement, on its hold's tab.
    pub fn on(self, tab: TabId) -> Movement {
        Movement {
            seq: self.seq,
            hold: self.hold,
            tab,
            currency: self.currency,
            what: self.what,
        }
    }
}

impl Stored for StoredMovement {
    const TABLE: Table = Table {
        name: "movement",
        key: "seq",
        columns: &[
            "seq", "hold", "currency", "kind", "paid", "amount", "service", "tip", "said", "at", "body",
        ],
    };

    fn fields(&self, _: &dyn GuestKeys) -> Result<Vec<Field<'static>>, LedgerError> {
        let what = &self.what;
        let is_paid = what.source == PAID;
        let source = if is_paid {
            String::new()
        } else {
            what.source.clone()
        };
        let body = MovementBody {
            by: what.by.clone(),
            source: AnyId(source),
            at_beyond: beyond_micros(what.at),
        };
        Ok(vec![
            self.seq.into(),
            self.hold.0.into(),
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

    fn read(mut fields: Fields<'_>, _: &dyn GuestKeys) -> Result<Self, LedgerError> {
        let seq = fields.int()?;
        let hold = HoldId(fields.id()?);
        let (currency, kind) = (fields.code()?, fields.code()?);
        let is_paid = fields.int()? == 1;
        let (amount, service, tip) = (fields.int()?, fields.int()?, fields.int()?);
        let (said, at) = (fields.int()?, fields.int()?);
        let body: MovementBody = fields.body()?;
        Ok(Self {
            seq,
            hold,
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
