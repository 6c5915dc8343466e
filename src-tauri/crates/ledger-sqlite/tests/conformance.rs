//! The ledger's contract, kept by files of SQLite.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use holdfast_ledger::Ledger;
use holdfast_ledger_conformance::{Adapter, Durable};
use holdfast_ledger_sqlite::SqliteLedger;
use std::sync::Arc;
use tempfile::TempDir;

/// A ledger in a folder of its own.
struct OnDisk {
    ledger: Arc<dyn Ledger>,
    folder: TempDir,
}

impl OnDisk {
    fn open(folder: TempDir) -> Self {
        let ledger = Arc::new(SqliteLedger::open(folder.path()).unwrap());
        Self { ledger, folder }
    }
}

impl Adapter for OnDisk {
    fn empty() -> Self {
        Self::open(tempfile::tempdir().unwrap())
    }

    fn ledger(&self) -> &Arc<dyn Ledger> {
        &self.ledger
    }
}

impl Durable for OnDisk {
    fn open_again(self) -> Self {
        let Self { ledger, folder } = self;
        drop(ledger);
        Self::open(folder)
    }
}

holdfast_ledger_conformance::conformance_tests!(OnDisk);
holdfast_ledger_conformance::durability_tests!(OnDisk);
