//! Checking in two stages. What is open is verified before the ledger opens. From then on it is worked with: each read
//! and write verifies the rows that it rests on, until the check of the whole, which begins once the floor is painted,
//! has ended.

use crate::error::StoreError;
use crate::integrity::{check, journal_chain, row_seals};
use crate::store::{journal, rows, tabs};
use crate::tab_index::TabIndex;
use holdfast_domain::{FindingKey, HoldId, OperationId, TabId};
use holdfast_ledger::{Change, Note};
use rusqlite::Connection;

/// Verifies what is open or unsettled, the settings, the findings that wait, the newest run, and the journal of the
/// house with its newest entry; answers the journal's end. A row that a damaged index hides is not missed here, but by
/// the check of the whole.
pub(crate) fn verify_open(c: &Connection) -> Result<journal::Head, StoreError> {
    check::sound(|| {
        check::identity(c)?;
        let mut tabs = tabs::open_ids(c, i64::MAX)?;
        tabs.extend(tabs::unsettled_ids(c)?);
        verify_tabs(c, tabs)?;
        row_seals::verify_house(c)?;
        journal_chain::verify_house(c)
    })
}

/// Verifies these tabs with everything on them: bills, holds, operations, movements, renewals and their journal.
pub(crate) fn verify_tabs(c: &Connection, tabs: impl IntoIterator<Item = TabId>) -> Result<(), StoreError> {
    let listed = rows::listed(tabs.into_iter().map(|tab| tab.0))?;
    row_seals::verify_tabs(c, &listed)?;
    journal_chain::verify_tabs(c, &listed)
}

/// A row that a read or a write rests on; a tab, a hold and an operation stand for the whole tab that they are on.
#[derive(Debug, Clone)]
pub(crate) enum NeededRow {
    Tab(TabId),
    Hold(HoldId),
    Operation(OperationId),
    Finding(FindingKey),
    /// Every setting.
    Settings,
    /// The newest run.
    Run,
}

/// All rows that a read or a write rests on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope(Vec<NeededRow>);

impl<const N: usize> From<[NeededRow; N]> for Scope {
    fn from(grounds: [NeededRow; N]) -> Self {
        Self(grounds.into())
    }
}

impl FromIterator<NeededRow> for Scope {
    fn from_iter<I: IntoIterator<Item = NeededRow>>(grounds: I) -> Self {
        Self(grounds.into_iter().collect())
    }
}

impl Scope {
    /// With the findings that the notes of a write may open again.
    pub(crate) fn and_raised(mut self, notes: &[Note]) -> Self {
        let raised = notes.iter().filter_map(|note| note.raises.as_ref());
        self.0
            .extend(raised.map(|raises| NeededRow::Finding(raises.key.clone())));
        self
    }

    /// Says to the index that its tabs and holds may be written.
    pub(crate) fn changed(&self, index: &mut TabIndex) {
        for needed in &self.0 {
            match needed {
                NeededRow::Tab(tab) => index.tab_changed(*tab),
                NeededRow::Hold(hold) => index.hold_changed(*hold),
                NeededRow::Operation(_) | NeededRow::Finding(_) | NeededRow::Settings | NeededRow::Run => {}
            }
        }
    }

    /// What a write that rests on it has changed.
    pub(crate) fn changes(&self) -> Vec<Change> {
        let of = |ground: &NeededRow| match ground {
            NeededRow::Tab(tab) => Change::Tab(*tab),
            NeededRow::Hold(hold) => Change::Hold(*hold),
            NeededRow::Operation(_) | NeededRow::Finding(_) | NeededRow::Settings | NeededRow::Run => {
                Change::House
            }
        };
        match self.0.as_slice() {
            [] => vec![Change::House],
            all => all.iter().map(of).collect(),
        }
    }

    /// Verifies all of it, for a read.
    pub(crate) fn verify(&self, c: &Connection) -> Result<(), StoreError> {
        let of_hold = "SELECT tab FROM hold WHERE id = ?1";
        let of_operation = "SELECT tab FROM hold WHERE id = (SELECT hold FROM operation WHERE id = ?1)";
        let mut tabs = Vec::new();
        for needed in &self.0 {
            match needed {
                NeededRow::Tab(tab) => tabs.push(tab.0),
                NeededRow::Hold(id) => tabs.extend(rows::ids(c, of_hold, [rows::key(&id.0)])?),
                NeededRow::Operation(id) => tabs.extend(rows::ids(c, of_operation, [rows::key(&id.0)])?),
                NeededRow::Finding(key) => row_seals::verify_finding(c, key)?,
                NeededRow::Settings => row_seals::verify_settings(c)?,
                NeededRow::Run => row_seals::verify_newest_run(c)?,
            }
        }
        if tabs.is_empty() {
            return Ok(());
        }
        verify_tabs(c, tabs.into_iter().map(TabId))
    }

    /// Verifies all of it, and the journal's newest entry, to which the next one is sealed.
    pub(crate) fn verify_for_write(&self, c: &Connection) -> Result<(), StoreError> {
        self.verify(c)?;
        journal_chain::verify_newest(c)
    }
}
