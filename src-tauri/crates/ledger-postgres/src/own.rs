//! What a till knows by itself of the journal's end.

use crate::own_record::{Newest, OwnRecord};
use crate::rows;
use holdfast_domain::Session;
use holdfast_ledger::LedgerError;
use holdfast_ledger::stored::Field;
use std::sync::OnceLock;
use tokio_postgres::Row;

/// What a till that keeps a record of its own looks with.
#[derive(Debug, Default)]
pub(crate) struct Own(pub(crate) OnceLock<(Session, OwnRecord)>);

/// The journal's end and which incarnation of the ledger it is: three columns that [`newest`] reads.
pub(crate) const HEAD: &str = "SELECT h.seq, h.seal, uuid_send(h.incarnation) FROM holdfast.head h";

/// What the first columns of a row say, from `first` on; none of an empty journal.
pub(crate) fn newest(row: &Row, first: usize) -> Result<Option<Newest>, LedgerError> {
    let Field::Bytes(seal) = rows::field(row, first + 1)? else {
        return Ok(None);
    };
    Ok(Some(Newest {
        seq: rows::int(row, first)?,
        seal: hex::encode(seal),
        incarnation: rows::id(row, first + 2)?,
    }))
}

impl Own {
    /// The till's own record, where it keeps one.
    pub(crate) fn record(&self) -> Option<&OwnRecord> {
        self.0.get().map(|(_, record)| record)
    }

    /// How often commits turned out to be lost.
    pub(crate) fn losses(&self) -> u64 {
        self.record().map_or(0, OwnRecord::losses)
    }

    /// Takes note of the journal's end, as a row has it from a column on.
    pub(crate) fn saw(&self, row: Option<&Row>, first: usize) {
        if let (Some(record), Some(row)) = (self.record(), row)
            && let Ok(Some(seen)) = newest(row, first)
        {
            record.saw(seen);
        }
    }
}
