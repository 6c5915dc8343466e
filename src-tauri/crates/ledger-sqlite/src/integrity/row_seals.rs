//! A seal over every row: SQLite's own check knows whether a page is well formed, not whether an amount on it is still
//! the one that was written.

use crate::error::StoreError;
use crate::former;
use crate::store::rows::{self, LISTED};
use crate::store::runs;
use holdfast_domain::{Finding, FindingKey, Hold, Line, NightReport, Renewal, Tab};
use holdfast_ledger::Run;
use holdfast_ledger::stored::{
    Field, Seal, Stored, StoredKey, StoredMovement, StoredOperation, StoredRunRow, StoredSetting,
};
use rusqlite::{Connection, Params, Row};

/// Recomputes every seal of one table. [`holdfast_ledger::LedgerError::Damaged`].
pub(crate) type VerifyTable = fn(&Connection) -> Result<(), StoreError>;

/// All tables whose rows are sealed; the journal has its own chain.
pub(crate) const TABLES: [VerifyTable; 12] = [
    verify_table::<Tab>,
    verify_table::<StoredKey>,
    verify_table::<Line>,
    verify_table::<Hold>,
    verify_table::<StoredOperation>,
    verify_table::<StoredSetting>,
    verify_table::<StoredMovement>,
    verify_table::<NightReport>,
    verify_table::<Finding>,
    verify_table::<Renewal>,
    verify_table::<Run>,
    verify_table::<StoredRunRow>,
];

/// The same in a file of format 10.
pub(crate) const TABLES_OF_TEN: [VerifyTable; 11] = [
    verify_table::<Tab>,
    verify_table::<Line>,
    verify_table::<Hold>,
    verify_table::<StoredOperation>,
    verify_table::<StoredSetting>,
    verify_table::<StoredMovement>,
    verify_reports_of_ten,
    verify_table::<Finding>,
    verify_table::<Renewal>,
    verify_table::<Run>,
    verify_table::<StoredRunRow>,
];

fn verify_table<T: Stored>(c: &Connection) -> Result<(), StoreError> {
    verify_those::<T>(c, "", [])
}

/// Recomputes the seals of the settings, of what is waiting for somebody, and of the newest run.
pub(crate) fn verify_house(c: &Connection) -> Result<(), StoreError> {
    verify_settings(c)?;
    verify_those::<Finding>(c, "WHERE r.ended_at IS NULL", [])?;
    verify_newest_run(c)
}

/// Recomputes the seals of all settings.
pub(crate) fn verify_settings(c: &Connection) -> Result<(), StoreError> {
    verify_table::<StoredSetting>(c)
}

/// Recomputes a finding's seal, if there is one of this key.
pub(crate) fn verify_finding(c: &Connection, key: &FindingKey) -> Result<(), StoreError> {
    verify_those::<Finding>(c, "WHERE r.key = ?1", [key.to_string()])
}

/// Recomputes the seals of the newest run and its rows, which are all that is read of any.
pub(crate) fn verify_newest_run(c: &Connection) -> Result<(), StoreError> {
    verify_those::<Run>(c, "ORDER BY r.place DESC LIMIT 1", [])?;
    match runs::newest_id(c)? {
        Some(run) => verify_those::<StoredRunRow>(c, "WHERE r.id BETWEEN ?1 AND ?2", runs::row_ids(run)),
        None => Ok(()),
    }
}

/// Recomputes the seals of the tabs `listed`, as [`rows::listed`] has them, and of all that is on them.
pub(crate) fn verify_tabs(c: &Connection, listed: &str) -> Result<(), StoreError> {
    let on_tabs = format!("WHERE r.tab IN {LISTED}");
    let of_holds = format!("WHERE r.hold IN (SELECT id FROM hold WHERE tab IN {LISTED})");
    verify_those::<Tab>(c, &format!("WHERE r.id IN {LISTED}"), [listed])?;
    let places = format!("WHERE r.tab IN (SELECT place FROM tab WHERE id IN {LISTED})");
    verify_those::<StoredKey>(c, &places, [listed])?;
    verify_those::<Line>(c, &on_tabs, [listed])?;
    verify_those::<Hold>(c, &on_tabs, [listed])?;
    verify_those::<Renewal>(c, &on_tabs, [listed])?;
    verify_those::<StoredOperation>(c, &of_holds, [listed])?;
    verify_those::<StoredMovement>(c, &of_holds, [listed])
}

fn verify_those<T: Stored>(c: &Connection, those: &str, p: impl Params) -> Result<(), StoreError> {
    let mut query = c.prepare_cached(&sealed::<T>(those))?;
    let mut rows = query.query(p)?;
    while let Some(row) = rows.next()? {
        verify_row::<T>(row)?;
    }
    Ok(())
}

/// A row's columns, and its seal.
fn sealed<T: Stored>(those: &str) -> String {
    format!(
        "SELECT {}, r.seal FROM {} r {those}",
        rows::columns::<T>(),
        T::TABLE.name
    )
}

fn verify_row<T: Stored>(row: &Row<'_>) -> Result<(), StoreError> {
    let count = T::TABLE.columns.len();
    let fields = (0..count).map(|column| rows::field(row.get_ref(column)?));
    let fields: Vec<Field<'_>> = fields.collect::<Result<_, StoreError>>()?;
    let found = row.get_ref(count)?.as_blob().ok();
    if found
        == Some(
            Seal::of_row(T::TABLE.name, fields.into_iter())
                .as_bytes()
                .as_slice(),
        )
    {
        Ok(())
    } else {
        Err(StoreError::damaged_row(T::TABLE.name))
    }
}

/// Those of format 9 and older had kept the seals of then.
fn verify_reports_of_ten(c: &Connection) -> Result<(), StoreError> {
    verify_those::<NightReport>(c, "WHERE substr(r.body, 1, 1) <> x'7b'", [])?;
    former::seals::verify_kept_reports(c)
}
