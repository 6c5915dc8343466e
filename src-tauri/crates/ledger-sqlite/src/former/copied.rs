//! What the steps from all former formats share.

use crate::error::StoreError;
use crate::store::{journal, rows, tabs};
use holdfast_domain::{Event, NightReport, Personal, TabId};
use holdfast_ledger::stored::{EntryBytes, NoKeys, Seal, Stored, StoredEntry};
use holdfast_ledger::{LedgerError, Note};
use rusqlite::{Row, Transaction};
use std::collections::HashMap;

/// Seals of night reports before the step and after it: the journal's entries name them.
#[derive(Debug, Default)]
pub(super) struct ReportSeals(HashMap<String, String>);

impl ReportSeals {
    /// Writes a report that had the seal `was`.
    pub(super) fn keep(
        &mut self,
        t: &Transaction<'_>,
        report: &NightReport,
        was: Seal,
    ) -> Result<(), StoreError> {
        let is = rows::insert(t, report)?;
        self.0.insert(was.to_hex(), is.to_hex());
        Ok(())
    }
}

/// Writes an entry of a former format, which had the seal `was`.
pub(super) fn keep_entry(
    t: &Transaction<'_>,
    bytes: &EntryBytes<'_>,
    was: Seal,
    reports: &ReportSeals,
) -> Result<(), StoreError> {
    let entry = StoredEntry::read(bytes, &NoKeys)?;
    let place = entry.tab.map(|tab| tabs::place(t, tab)).transpose();
    // Format 9 and older had entries on tabs that a ledger hasn't got.
    let is_lost = matches!(place, Err(StoreError(LedgerError::NotFound)));
    let tab = entry.tab.filter(|_| !is_lost);
    let reference = entry.reference.map(|seal| match reports.0.get(&seal) {
        Some(is) => is.clone(),
        None => seal,
    });
    let note = Note {
        at: entry.at,
        by: entry.by,
        tab,
        personal: if is_lost {
            Personal::default()
        } else {
            of_nobody(tab, &entry.event, entry.personal)
        },
        event: entry.event,
        reference,
        raises: None,
    };
    journal::write(t, &note, Some(was))
}

/// How what a former format wrote of the house begins where it names no guest.
const NAMES_NOBODY: [&str; 8] = [
    "Settings",
    "Night report",
    "Floor order",
    "The backup",
    "The ledger",
    "The till",
    "Every hold",
    "Holdfast didn",
];

/// What is kept of what is about nobody's tab: it isn't encrypted, so no guest may be named in it.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "what events come later, no former format has them"
)]
pub(super) fn of_nobody(tab: Option<TabId>, event: &Event, personal: Personal) -> Personal {
    if tab.is_some() {
        return personal;
    }
    match event {
        Event::Seen(event) => of_nobody(tab, event, personal),
        Event::RequestNotKnown { .. } | Event::Night(_) => Personal {
            name: None,
            ..personal
        },
        Event::Former { .. } => Personal {
            words: personal
                .words
                .filter(|words| NAMES_NOBODY.iter().any(|begin| words.starts_with(begin))),
            ..personal
        },
        _ => personal,
    }
}

/// Does `work` with each row that `sql` finds.
pub(super) fn each(
    t: &Transaction<'_>,
    sql: &str,
    mut work: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut query = t.prepare(sql)?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        work(row)?;
    }
    Ok(())
}

/// Writes a row as today's format has it.
pub(super) fn insert(t: &Transaction<'_>, what: &impl Stored) -> Result<(), StoreError> {
    rows::insert(t, what).map(drop)
}
