//! What closed tabs are found by: keyed hashes of the parts of their words. The server has no word of a guest's, and
//! compares hashes.

use crate::error::damaged;
use crate::rows;
use holdfast_domain::Tab;
use holdfast_ledger::LedgerError;
use holdfast_ledger::stored::Field;
use holdfast_search::parts_of;
use sha2::{Digest as _, Sha256};
use tokio_postgres::Row;

/// A venue's key. Its own tills read it, as they read its guests' keys.
pub(crate) struct SearchKey([u8; 32]);

/// It is never shown.
impl std::fmt::Debug for SearchKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SearchKey")
    }
}

impl SearchKey {
    /// The one in a row's column.
    pub(crate) fn read(row: &Row, column: usize) -> Result<Self, LedgerError> {
        let key = match rows::field(row, column)? {
            Field::Bytes(bytes) => <[u8; 32]>::try_from(bytes.as_ref()).ok(),
            Field::Null | Field::Int(_) | Field::Text(_) => None,
        };
        key.map(Self)
            .ok_or_else(|| damaged("the venue has no key for searching"))
    }

    /// The hash of a part of a word: the first 64 bits of SHA-256. The server makes the same of an amount.
    pub(crate) fn hash(&self, part: &str) -> i64 {
        let seal = Sha256::new().chain_update(self.0).chain_update(part).finalize();
        seal.first_chunk().copied().map_or(0, i64::from_be_bytes)
    }

    /// Those of the guest's name and place, which go when the guest is forgotten, and those of the reference.
    pub(crate) fn of_tab(&self, tab: &Tab) -> [Vec<i64>; 2] {
        let place = tab.place.as_deref().unwrap_or_default();
        [&[tab.name.as_str(), place][..], &[tab.reference.as_str()][..]].map(|texts| {
            let mut hashes: Vec<i64> = parts_of(texts).iter().map(|part| self.hash(part)).collect();
            // Or their order would say which belong to one word.
            hashes.sort_unstable();
            hashes
        })
    }
}
