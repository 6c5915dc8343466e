//! Duties and changes. One process has the file: it has every duty, and knows what it wrote since it was opened.

use crate::SqliteLedger;
use async_trait::async_trait;
use holdfast_ledger::{Changes, Cursor, Duty, Lease, LedgerError, Tills};

#[async_trait]
impl Tills for SqliteLedger {
    async fn lease(&self, _: Duty) -> Result<Lease, LedgerError> {
        Ok(Lease::Endless)
    }

    async fn changes(&self, after: Option<Cursor>) -> Result<Changes, LedgerError> {
        Ok(self.feed.after(after))
    }
}
