//! A ledger that is damaged, missing or older than it was: set aside whole, never deleted, and the
//! best backup put back in its place.

use super::{
    backup, check,
    journal::Head,
    mark::{self, Standing},
    open, writes,
};
use crate::{LedgerError, Note, Restored};
use chrono::{DateTime, Utc};
use rusqlite::Connection;
use std::path::{Path, PathBuf};

const FILE: &str = "ledger.db";

/// What belongs to a ledger file.
const SUFFIXES: [&str; 4] = ["", "-wal", "-shm", "-journal"];

/// Under this name a ledger is made; it is renamed when it is whole.
const NEW: &str = "ledger.new";

/// Opens the ledger in `folder`, whose lock the caller holds. At `now` it may be restored; without,
/// a ledger that is not sound is refused.
pub(super) fn open(
    folder: &Path,
    now: Option<DateTime<Utc>>,
) -> Result<(Connection, Option<Restored>), LedgerError> {
    let path = folder.join(FILE);
    if !path.exists() && !has_history(folder)? {
        prepare(folder, None, None)?;
        backup::place(&folder.join(NEW), &path)?;
    }
    match (sound(folder, &path, now), now) {
        (Err(LedgerError::Damaged(why)), Some(now)) => mend(folder, now, &why),
        (other, _) => other,
    }
}

/// A folder in which a ledger has been: finding none there now is a loss, not a beginning.
fn has_history(folder: &Path) -> Result<bool, LedgerError> {
    let is_ours = |name: &str| name.starts_with("damaged-") || name.starts_with("replaced-");
    let is_set_aside = std::fs::read_dir(folder)
        .map_err(|e| open::storage(folder, &e))?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .any(|name| is_ours(&name));
    Ok(is_set_aside
        || mark::path(folder).exists()
        || folder.join(format!("{FILE}-wal")).exists()
        || !backup::list(&backup::folder(folder))?.is_empty())
}

fn sound(
    folder: &Path,
    path: &Path,
    now: Option<DateTime<Utc>>,
) -> Result<(Connection, Option<Restored>), LedgerError> {
    if !path.exists() {
        return Err(LedgerError::Damaged("it is missing".to_owned()));
    }
    let (connection, head) = open::existing(path)?;
    let damaged = |why: &str| Err(LedgerError::Damaged(why.to_owned()));
    match (mark::standing(folder, &connection, &head), now) {
        (Standing::Current, _) => open::for_work(&connection).map(|()| (connection, None)),
        (Standing::Foreign, _) => damaged("it is another ledger’s"),
        (Standing::Behind, None) => damaged("it is older than it was"),
        (Standing::Behind, Some(now)) => {
            let knows_more =
                |c: &Connection, h: &Head| h.seq > head.seq && (head.seq == 0 || is_older(&head, c));
            if backup::best(&backup::folder(folder), knows_more)?.is_some() {
                return damaged("it is older than it was");
            }
            open::for_work(&connection)?;
            let restored = Restored {
                at: now,
                knows_until: head.at,
                backup: None,
                set_aside: None,
                read_again_at: None,
            };
            note(&connection, &restored)?;
            Ok((connection, Some(restored)))
        }
    }
}

/// Whether `c` went on from where `head` ends.
fn is_older(head: &Head, c: &Connection) -> bool {
    mark::seal_at(c, head.seq).as_deref() == Some(head.seal.as_str())
}

fn mend(folder: &Path, now: DateTime<Utc>, why: &str) -> Result<(Connection, Option<Restored>), LedgerError> {
    let backups = backup::folder(folder);
    let Some((backup, head)) = backup::best(&backups, |_, _| true)? else {
        return Err(LedgerError::Damaged(format!(
            "{why}. There is no good backup in {}. Nothing was changed or deleted. Put a good ledger file or \
             backup there, or move the folder {} away to begin with an empty ledger",
            backups.display(),
            folder.display()
        )));
    };
    let restored = put_back(
        folder,
        &backups.join(&backup.name),
        &backup.name,
        "damaged",
        now,
        &head,
    )?;
    tracing::error!(
        why,
        backup = backup.name,
        "the ledger was damaged; a backup was put back"
    );
    let (connection, _) = open::existing(&folder.join(FILE))?;
    open::for_work(&connection)?;
    Ok((connection, Some(restored)))
}

/// Puts a backup that a person chose in the ledger's place; the caller holds the lock.
pub(super) fn restore(folder: &Path, name: &str, now: DateTime<Utc>) -> Result<Restored, LedgerError> {
    let path = chosen(folder, name)?;
    let head = check::file(&path)?;
    put_back(folder, &path, name, "replaced", now, &head)
}

/// The file of a backup, by its name or its path.
pub(super) fn chosen(folder: &Path, name: &str) -> Result<PathBuf, LedgerError> {
    let path = backup::folder(folder).join(name);
    if path.is_file() {
        Ok(path)
    } else {
        Err(LedgerError::NotFound)
    }
}

fn put_back(
    folder: &Path,
    backup: &Path,
    name: &str,
    what_is_there: &str,
    now: DateTime<Utc>,
    head: &Head,
) -> Result<Restored, LedgerError> {
    let aside = free(
        folder,
        &format!("{what_is_there}-{}", now.format("%Y-%m-%dT%H-%M-%S")),
    );
    let restored = Restored {
        at: now,
        knows_until: head.at,
        backup: Some(name.to_owned()),
        set_aside: Some(aside.display().to_string()),
        read_again_at: None,
    };
    // Everything that may fail for want of space comes before anything is moved.
    prepare(folder, Some(backup), Some(&restored))?;
    set_aside(folder, &aside)?;
    // It stands for the file that was moved; beside this one it would call it too old.
    open::remove(&mark::path(folder))?;
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

fn set_aside(folder: &Path, aside: &Path) -> Result<(), LedgerError> {
    let made = std::fs::create_dir(aside);
    made.map_err(|e| open::storage(aside, &e))?;
    for suffix in SUFFIXES {
        let name = format!("{FILE}{suffix}");
        match std::fs::rename(folder.join(&name), aside.join(&name)) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(open::storage(aside, &e)),
            Ok(()) | Err(_) => {}
        }
    }
    open::sync_folder(aside);
    open::sync_folder(folder);
    Ok(())
}

/// Makes a ledger under the new one's name: an empty one, or a backup's that knows it was put back.
fn prepare(folder: &Path, from: Option<&Path>, restored: Option<&Restored>) -> Result<(), LedgerError> {
    for suffix in SUFFIXES {
        open::remove(&folder.join(format!("{NEW}{suffix}")))?;
    }
    let new = folder.join(NEW);
    if let Some(from) = from {
        std::fs::copy(from, &new).map_err(|e| open::storage(&new, &e))?;
    }
    let connection = Connection::open(&new)?;
    open::for_work(&connection)?;
    if let Some(restored) = restored {
        note(&connection, restored)?;
    }
    // The log is emptied into the file before it goes: what is renamed must be whole without it.
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    connection.close().map_err(|(_, error)| error)?;
    Ok(())
}

/// Writes into the ledger itself that it is older than what was done with it.
fn note(connection: &Connection, restored: &Restored) -> Result<(), LedgerError> {
    let words = match &restored.backup {
        Some(name) => format!("The backup {name} was put back in the ledger’s place"),
        None => "The ledger file was found to be older than it was".to_owned(),
    };
    let note = Note {
        at: restored.at,
        by: "Holdfast".to_owned(),
        tab: None,
        words,
        amount: None,
        reference: None,
    };
    let value = serde_json::to_string(restored)?;
    writes::set_setting(connection, Restored::SETTING, &value, &note)
}
