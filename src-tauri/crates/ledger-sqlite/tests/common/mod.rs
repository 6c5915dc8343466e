//! Tabs to fill a ledger with.

use holdfast_ledger::prelude::*;
use holdfast_ledger_conformance::sample::{note, tab};
use holdfast_ledger_sqlite::SqliteLedger;
use std::path::Path;

pub(crate) async fn with_tabs(folder: &Path, names: &[&str]) -> SqliteLedger {
    let ledger = SqliteLedger::open(folder).unwrap();
    for name in names {
        ledger.add_tab(&tab(name), note(name)).await.unwrap();
    }
    ledger
}
