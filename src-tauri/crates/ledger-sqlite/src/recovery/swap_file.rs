//! Changing the file under the ledger's name: made whole under another one, what was there set aside.

use crate::error::StoreError;
use crate::integrity::high_water_mark;
use crate::recovery::{backup, forgotten, open};
use crate::store::{journal::Head, settings};
use chrono::{DateTime, NaiveDateTime, Utc};
use holdfast_domain::{Actor, Event, Personal};
use holdfast_ledger::{LedgerError, Note, Restored};
use rusqlite::Connection;
use std::path::{Path, PathBuf};

/// The ledger's file.
pub(crate) const FILE: &str = "ledger.db";

/// How the folders of what was set aside begin: by itself,
pub(crate) const DAMAGED: &str = "damaged-";

/// or for a backup that a person chose.
pub(crate) const REPLACED: &str = "replaced-";

/// When it was set aside, in its folder's name.
const TIME_FORMAT: &str = "%Y-%m-%dT%H-%M-%S";
const TIME_LENGTH: usize = 19;

/// What belongs to a ledger file.
const SUFFIXES: [&str; 4] = ["", "-wal", "-shm", "-journal"];

/// Under this name a ledger is made; it is renamed when it is whole.
pub(crate) const NEW: &str = "ledger.new";

/// A backup of what is there, if it is sound; what is not is kept by being set aside.
fn back_up_first(folder: &Path, now: DateTime<Utc>) -> Result<(), StoreError> {
    let path = folder.join(FILE);
    if !path.exists() {
        return Ok(());
    }
    match open::existing(&path) {
        Ok((connection, ..)) => {
            let part = backup::part(&backup::folder(folder))?;
            backup::copy(&connection, &part, || true)?;
            drop(connection);
            backup::finish(&part, now).map(drop)
        }
        Err(StoreError(LedgerError::Damaged(why))) => {
            tracing::warn!(why, "what is there is damaged, so it is not backed up");
            Ok(())
        }
        Err(other) => Err(other),
    }
}

pub(crate) fn restore_backup(
    folder: &Path,
    backup: &Path,
    name: &str,
    what_is_there: &str,
    now: DateTime<Utc>,
    head: &Head,
) -> Result<Restored, StoreError> {
    let aside = free(folder, &format!("{what_is_there}{}", now.format(TIME_FORMAT)));
    let restored = Restored {
        at: now,
        knows_until: head.at,
        backup: Some(name.to_owned()),
        set_aside: Some(aside.display().to_string()),
        read_again_at: None,
    };
    // Everything that may fail for want of space comes before anything is moved; and the one chosen
    // is copied before a further backup might push it out.
    prepare(folder, Some(backup), Some(&restored))?;
    if what_is_there == REPLACED {
        back_up_first(folder, now)?;
    }
    set_aside(folder, &aside)?;
    // It stands for the file that was moved; beside this one it would call it too old.
    open::remove(&high_water_mark::path(folder))?;
    backup::place(&folder.join(NEW), &folder.join(FILE))?;
    Ok(restored)
}

/// A folder's name that is not taken.
fn free(folder: &Path, name: &str) -> PathBuf {
    let mut path = folder.join(name);
    for number in 2_u32.. {
        if !path.exists() {
            break;
        }
        path = folder.join(format!("{name}-{number}"));
    }
    path
}

fn set_aside(folder: &Path, aside: &Path) -> Result<(), StoreError> {
    let made = std::fs::create_dir(aside);
    made.map_err(|e| StoreError::of_file(aside, &e))?;
    for suffix in SUFFIXES {
        let name = format!("{FILE}{suffix}");
        match std::fs::rename(folder.join(&name), aside.join(&name)) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(StoreError::of_file(aside, &e)),
            Ok(()) | Err(_) => {}
        }
    }
    open::sync_folder(aside);
    open::sync_folder(folder);
    Ok(())
}

/// Deletes what was set aside as long ago as no backup is kept for. Files in those folders that aren't a ledger's stay.
pub(crate) fn prune(folder: &Path) -> Result<(), StoreError> {
    let Some(oldest) = backup::oldest_kept(&backup::folder(folder))? else {
        return Ok(());
    };
    let entries = std::fs::read_dir(folder).map_err(|e| StoreError::of_file(folder, &e))?;
    let is_old = |name: &str| {
        let time = name.strip_prefix(DAMAGED).or_else(|| name.strip_prefix(REPLACED));
        let time = time.and_then(|time| time.get(..TIME_LENGTH));
        time.and_then(|time| NaiveDateTime::parse_from_str(time, TIME_FORMAT).ok())
            .is_some_and(|time| time.and_utc() < oldest)
    };
    for entry in entries.flatten() {
        if entry.file_name().to_str().is_some_and(is_old) {
            for suffix in SUFFIXES {
                open::remove(&entry.path().join(format!("{FILE}{suffix}")))?;
            }
            // Something else may lie in it.
            let _ = std::fs::remove_dir(entry.path());
        }
    }
    Ok(())
}

/// Deletes a new one that was never finished.
pub(crate) fn remove_unfinished(folder: &Path) -> Result<(), StoreError> {
    for suffix in SUFFIXES {
        open::remove(&folder.join(format!("{NEW}{suffix}")))?;
    }
    Ok(())
}

/// Makes a ledger under the new one's name: an empty one, or a backup's that knows it was put back.
pub(crate) fn prepare(
    folder: &Path,
    from: Option<&Path>,
    restored: Option<&Restored>,
) -> Result<(), StoreError> {
    remove_unfinished(folder)?;
    let new = folder.join(NEW);
    if let Some(from) = from {
        std::fs::copy(from, &new).map_err(|e| StoreError::of_file(&new, &e))?;
    }
    let connection = Connection::open(&new)?;
    open::for_work(&connection)?;
    if let Some(restored) = restored {
        note(&connection, restored)?;
        forgotten::carry_out(folder, &connection, Some(restored.at))?;
    }
    // The log is emptied into the file before it goes: what is renamed must be whole without it.
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    connection.close().map_err(|(_, error)| error)?;
    Ok(())
}

/// Writes into the ledger itself that it is older than what was done with it.
pub(crate) fn note(connection: &Connection, restored: &Restored) -> Result<(), StoreError> {
    let event = match &restored.backup {
        Some(name) => Event::BackupRestored { name: name.clone() },
        None => Event::FoundOlder,
    };
    let note = Note {
        at: restored.at,
        by: Actor::Holdfast,
        tab: None,
        event,
        personal: Personal::default(),
        reference: None,
        raises: None,
    };
    let value = serde_json::to_string(restored)?;
    settings::set_setting(connection, settings::RESTORED, &value, None, &note)
}
