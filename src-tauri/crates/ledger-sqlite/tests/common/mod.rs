//! Tabs to fill a ledger with.

use chrono::{DateTime, Utc};
use holdfast_domain::*;
use holdfast_ledger::Note;
use holdfast_ledger::prelude::*;
use holdfast_ledger_sqlite::SqliteLedger;
use std::path::Path;
use uuid::Uuid;

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(crate) fn now() -> DateTime<Utc> {
    at("2026-03-02T10:00:00Z")
}

pub(crate) fn note(words: &str) -> Note {
    Note {
        at: now(),
        by: "Sam".into(),
        tab: None,
        words: words.into(),
        amount: None,
        reference: None,
        raises: None,
    }
}

pub(crate) fn tab(name: &str) -> Tab {
    Tab {
        id: TabId(Uuid::now_v7()),
        kind: Kind::Tab,
        name: name.into(),
        place: None,
        note: None,
        email: None,
        currency: Currency::Gbp,
        reference: "HF-TEST".into(),
        arrives_on: None,
        departs_on: None,
        opened_at: now(),
        opened_by: "Sam".into(),
        closed_at: None,
    }
}

pub(crate) async fn with_tabs(folder: &Path, names: &[&str]) -> SqliteLedger {
    let ledger = SqliteLedger::open(folder).unwrap();
    for name in names {
        ledger.add_tab(&tab(name), note(name)).await.unwrap();
    }
    ledger
}
