//! Format 10: rows as today's are, but nothing in them is encrypted.

use crate::error::StoreError;
use crate::former::copied::{ReportSeals, each, insert, keep_entry, of_nobody};
use crate::store::{journal, rows, tabs};
use holdfast_domain::{Finding, Hold, Line, NightReport, Renewal, Tab};
use holdfast_ledger::Run;
use holdfast_ledger::stored::{
    NoKeys, Seal, Stored, StoredMovement, StoredOperation, StoredRunRow, StoredSetting,
};
use rusqlite::{Row, Transaction};

/// Copies all of it from the tables that were moved aside.
pub(super) fn copy(t: &Transaction<'_>) -> Result<(), StoreError> {
    copy_rows::<Tab>(t, |tab| tabs::insert_tab(t, &tab))?;
    copy_rows::<StoredSetting>(t, |row| insert(t, &row))?;
    copy_rows::<Line>(t, |row| insert(t, &row))?;
    copy_rows::<Hold>(t, |row| insert(t, &row))?;
    copy_rows::<StoredOperation>(t, |row| insert(t, &row))?;
    copy_rows::<Renewal>(t, |row| insert(t, &row))?;
    copy_rows::<Finding>(t, |finding| {
        let personal = of_nobody(finding.tab, &finding.event, finding.personal);
        insert(t, &Finding { personal, ..finding })
    })?;
    copy_rows::<StoredMovement>(t, |row| insert(t, &row))?;
    copy_rows::<Run>(t, |row| insert(t, &row))?;
    copy_rows::<StoredRunRow>(t, |row| insert(t, &row))?;
    let mut seals = ReportSeals::default();
    each(t, &select::<NightReport>(", r.seal"), |row| {
        let was = seal(row, NightReport::TABLE.columns.len())?;
        seals.keep(t, &rows::read(row, &NoKeys)?, was)
    })?;
    let columns = journal::COLUMNS_OF_TEN;
    let entries = format!(
        "SELECT {columns} FROM former_journal j LEFT JOIN former_tab t ON t.place = j.tab ORDER BY j.seq"
    );
    each(t, &entries, |row| {
        keep_entry(t, &journal::bytes_of(row)?, seal(row, 4)?, &seals)
    })
}

fn copy_rows<T: Stored>(
    t: &Transaction<'_>,
    mut keep: impl FnMut(T) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    each(t, &select::<T>(""), |row| keep(rows::read(row, &NoKeys)?))
}

fn select<T: Stored>(more: &str) -> String {
    let (columns, table) = (rows::columns::<T>(), T::TABLE.name);
    format!("SELECT {columns}{more} FROM former_{table} r ORDER BY r.rowid")
}

fn seal(row: &Row<'_>, column: usize) -> Result<Seal, StoreError> {
    let bytes: Vec<u8> = row.get(column)?;
    Seal::from_bytes(&bytes).ok_or_else(|| StoreError::damaged("a seal is none"))
}
