//! A ledger that is damaged, missing or older than it was: set aside whole, never deleted, and the
//! best backup put back in its place.

use crate::error::StoreError;
use crate::format;
use crate::integrity::{
    check,
    high_water_mark::{self, Continuity},
    staged_check,
};
use crate::recovery::{
    backup, forgotten, open,
    swap_file::{self, DAMAGED, FILE, REPLACED},
};
use crate::store::journal::{self, Head};
use chrono::{DateTime, Utc};
use holdfast_ledger::{LedgerError, Restored};
use rusqlite::Connection;
use std::path::{Path, PathBuf};

/// Opens the ledger in `folder`, whose lock the caller holds. At `now` it may be restored; without,
/// a ledger that is not sound is refused.
pub(crate) fn open(
    folder: &Path,
    now: Option<DateTime<Utc>>,
) -> Result<(Connection, Option<Restored>), StoreError> {
    let path = folder.join(FILE);
    swap_file::remove_unfinished(folder)?;
    backup::remove_unfinished(folder)?;
    if !path.exists() && !has_history(folder)? {
        swap_file::prepare(folder, None, None)?;
        backup::place(&folder.join(swap_file::NEW), &path)?;
    }
    let (connection, restored) = match (sound(folder, &path, now), now) {
        (Err(StoreError(LedgerError::Damaged(why))), Some(now)) => recover(folder, now, &why)?,
        (other, _) => other?,
    };
    forgotten::carry_out(folder, &connection, now)?;
    open::empty_left_log(&connection);
    Ok((connection, restored))
}

/// Opens the ledger in `folder`, whose lock the caller holds, once what is open was checked. None where the whole file
/// has to be checked first: it is damaged, older than it was, not of today's format, or knows guests who were
/// forgotten.
pub(crate) fn open_staged(folder: &Path) -> Option<Connection> {
    if let Err(error) = backup::remove_unfinished(folder) {
        tracing::warn!(%error, "an unfinished copy can’t be deleted");
    }
    let (connection, kind) = open::unchecked(&folder.join(FILE)).ok()?;
    let format: i64 = connection
        .query_row("PRAGMA user_version", [], |r| r.get(0))
        .ok()?;
    let head = staged_check::verify_open(&connection).ok()?;
    let is_current = kind == check::Kind::Ledger
        && format == format::TODAYS
        && high_water_mark::continuity(folder, &connection, &head) == Continuity::Current
        && forgotten::is_carried_out(folder, &connection).ok()?;
    if !is_current {
        return None;
    }
    open::for_unchecked_work(&connection).ok()?;
    Some(connection)
}

/// A folder in which a ledger has been: finding none there now is a loss, not a beginning.
pub(crate) fn has_history(folder: &Path) -> Result<bool, StoreError> {
    let is_ours = |name: &str| name.starts_with(DAMAGED) || name.starts_with(REPLACED);
    let is_set_aside = std::fs::read_dir(folder)
        .map_err(|e| StoreError::of_file(folder, &e))?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .any(|name| is_ours(&name));
    Ok(is_set_aside
        || high_water_mark::path(folder).exists()
        || folder.join(format!("{FILE}-wal")).exists()
        || !backup::list(&backup::folder(folder))?.is_empty())
}

fn sound(
    folder: &Path,
    path: &Path,
    now: Option<DateTime<Utc>>,
) -> Result<(Connection, Option<Restored>), StoreError> {
    if !path.exists() {
        return Err(StoreError::damaged("it is missing"));
    }
    let (connection, head, kind) = open::existing(path)?;
    let damaged = |why: &str| Err(StoreError::damaged(why));
    let continuity = match (high_water_mark::continuity(folder, &connection, &head), kind) {
        // A person who put a backup there by hand went back to an older time, mark or no mark.
        (Continuity::Current, check::Kind::Backup) => Continuity::Behind,
        (continuity, _) => continuity,
    };
    let step = || {
        backup::before_step(folder, &connection, now.or(head.at).unwrap_or_default())?;
        open::for_work(&connection)
    };
    match (continuity, now) {
        (Continuity::Current, _) => {
            step()?;
            Ok((connection, None))
        }
        (Continuity::Foreign, _) => damaged("it is another ledger’s"),
        (Continuity::Behind, None) => damaged("it is older than it was"),
        (Continuity::Behind, Some(now)) => {
            let knows_more =
                |c: &Connection, h: &Head| h.seq > head.seq && (head.seq == 0 || is_older(&head, c));
            if backup::best(&backup::folder(folder), knows_more)?.is_some() {
                return damaged("it is older than it was");
            }
            step()?;
            let restored = Restored {
                at: now,
                knows_until: head.at,
                backup: None,
                set_aside: None,
                read_again_at: None,
            };
            swap_file::note(&connection, &restored)?;
            Ok((connection, Some(restored)))
        }
    }
}

/// Whether `c` went on from where `head` ends.
fn is_older(head: &Head, c: &Connection) -> bool {
    journal::is_sealed_as(c, head.seq, &head.seal)
}

fn recover(
    folder: &Path,
    now: DateTime<Utc>,
    why: &str,
) -> Result<(Connection, Option<Restored>), StoreError> {
    let backups = backup::folder(folder);
    let Some((backup, head)) = backup::best(&backups, |_, _| true)? else {
        return Err(StoreError::damaged(format!(
            "{why}. There is no good backup in {}. Nothing was changed or deleted. Put a good ledger file or \
             backup there, or move the folder {} away to begin with an empty ledger",
            backups.display(),
            folder.display()
        )));
    };
    let restored = swap_file::restore_backup(
        folder,
        &backups.join(&backup.name),
        &backup.name,
        DAMAGED,
        now,
        &head,
    )?;
    tracing::error!(
        why,
        backup = backup.name,
        "the ledger was damaged; a backup was put back"
    );
    let (connection, ..) = open::existing(&folder.join(FILE))?;
    open::for_work(&connection)?;
    Ok((connection, Some(restored)))
}

/// Puts a backup that a person chose in the ledger's place, and backs up what is there first; the
/// caller holds the lock.
pub(crate) fn restore(folder: &Path, name: &str, now: DateTime<Utc>) -> Result<Restored, StoreError> {
    let path = chosen(folder, name)?;
    let head = check::file(&path)?;
    swap_file::restore_backup(folder, &path, name, REPLACED, now, &head)
}

/// The file of a backup, by its name or its path.
pub(crate) fn chosen(folder: &Path, name: &str) -> Result<PathBuf, StoreError> {
    let path = backup::folder(folder).join(name);
    if path.is_file() {
        Ok(path)
    } else {
        Err(LedgerError::NotFound.into())
    }
}
