//! Backups: copied while the ledger is at work, checked before they count, kept by day and week.

use crate::error::StoreError;
use crate::format;
use crate::former;
use crate::integrity::check;
use crate::recovery::open;
use crate::store::journal::{self, Head};
use chrono::{DateTime, Datelike, NaiveDateTime, TimeDelta, Utc};
use holdfast_ledger::{BACKUPS_KEPT_FOR, Backup, LedgerError, Newer};
use holdfast_sealed_copy::{NotOpened, Phrase, seal};
use rusqlite::{Connection, backup::StepResult};
use std::{
    collections::BTreeSet,
    fs::File,
    io::Read,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// A commit waits for no more than this many pages (of 4 KiB) to be copied.
const PAGES_PER_STEP: i32 = 64;

/// The newest backup of each of the last days is kept,
const KEPT_DAYS: usize = 7;

/// and the newest of each of the last weeks.
const KEPT_WEEKS: usize = 8;

const NAME_FORMAT: &str = "ledger-%Y-%m-%dT%H-%M-%S.db";

/// What the name of an encrypted copy ends with after that.
const SEALED: &str = ".age";

/// Under this name a backup is written; one that was never finished is written over.
const PART_NAME: &str = "backup.part";

/// Under this name an encrypted copy is opened, while a backup may be written.
const OPENED_NAME: &str = "opened.part";

/// Held while an encrypted copy is opened.
static OPENING: Mutex<()> = Mutex::new(());

/// Deletes copies that a cut left unfinished: what was encrypted may stand in the clear in one. One that is being
/// opened stays, for that needs no lock on the folder.
pub(crate) fn remove_unfinished(data: &Path) -> Result<(), StoreError> {
    let folder = folder(data);
    let opening = OPENING.try_lock();
    let names = match opening {
        Ok(_) => [PART_NAME, OPENED_NAME].as_slice(),
        Err(_) => &[PART_NAME],
    };
    for name in names {
        for suffix in ["", "-journal", "-wal", "-shm"] {
            open::remove(&folder.join(format!("{name}{suffix}")))?;
        }
    }
    Ok(())
}

/// Where a data folder's backups lie.
pub(crate) fn folder(data: &Path) -> PathBuf {
    data.join("backups")
}

/// Makes the folder and says under which name to write.
pub(crate) fn part(folder: &Path) -> Result<PathBuf, StoreError> {
    open::make_folder(folder)?;
    let part = folder.join(PART_NAME);
    open::remove(&part)?;
    Ok(part)
}

/// Copies the ledger to `to` in small steps; `between` does what else the ledger has to do, and says
/// whether to go on. What is committed meanwhile through `c` is in the copy too.
#[expect(clippy::wildcard_enum_match_arm, reason = "SQLite adds results as it likes")]
pub(crate) fn copy(c: &Connection, to: &Path, mut between: impl FnMut() -> bool) -> Result<(), StoreError> {
    let mut target = Connection::open(to)?;
    // A copy that a crash cuts short never counts, so it needs no journal of its own.
    target.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")?;
    let backup = rusqlite::backup::Backup::new(c, &mut target)?;
    loop {
        match backup.step(PAGES_PER_STEP)? {
            StepResult::Done => return Ok(()),
            StepResult::More => {}
            _ => std::thread::sleep(Duration::from_millis(5)),
        }
        if !between() {
            return Err(StoreError::storage(
                "the ledger was closed while it was backed up",
            ));
        }
    }
}

/// Checks the copy and, if it is sound, puts it into place under its name.
pub(crate) fn finish(part: &Path, now: DateTime<Utc>) -> Result<(Backup, Head), StoreError> {
    // One file, whole by itself: without the ledger's write-ahead log.
    Connection::open(part)?.execute_batch("PRAGMA journal_mode = DELETE;")?;
    let head = check::file(part)?;
    let backup = Backup {
        name: now.format(NAME_FORMAT).to_string(),
        taken_at: now,
    };
    place(part, &part.with_file_name(&backup.name))?;
    prune(part.parent().unwrap_or(part), &backup.name);
    Ok((backup, head))
}

/// Copies a finished backup into a second folder, checked again where it arrived; encrypted, if it's for a key.
pub(crate) fn finish_second(
    first: &Path,
    second: &Path,
    backup: &Backup,
    sealed_for: Option<&str>,
) -> Result<(), StoreError> {
    let part = part(second)?;
    let name = if let Some(key) = sealed_for {
        seal(first, &part, key).map_err(|e| StoreError::storage(e.to_string()))?;
        format!("{}{SEALED}", backup.name)
    } else {
        std::fs::copy(first, &part).map_err(|e| StoreError::of_file(second, &e))?;
        check::file(&part)?;
        backup.name.clone()
    };
    place(&part, &second.join(&name))?;
    prune(second, &name);
    Ok(())
}

/// Opens an encrypted copy that lies anywhere, and puts it among the backups in `folder`, checked. It's called as it
/// was, or by its newest entry if somebody renamed it.
pub(crate) fn bring_back(folder: &Path, copy: &Path, phrase: &Phrase) -> Result<Backup, NotBroughtBack> {
    let _opening = OPENING.lock().unwrap_or_else(PoisonError::into_inner);
    open::make_folder(folder)?;
    let part = folder.join(OPENED_NAME);
    open::remove(&part)?;
    let checked = holdfast_sealed_copy::open(copy, &part, phrase)
        .map_err(NotBroughtBack::from)
        .and_then(|()| Ok(check::file(&part)?));
    let head = match checked {
        Ok(head) => head,
        Err(error) => {
            open::remove(&part)?;
            return Err(error);
        }
    };
    let name = copy
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let mut at = taken_at(name.strip_suffix(SEALED).unwrap_or(name))
        .or(head.at)
        .unwrap_or_default();
    let named = |at: DateTime<Utc>| at.format(NAME_FORMAT).to_string();
    while folder.join(named(at)).exists() {
        at = at.checked_add_signed(TimeDelta::seconds(1)).unwrap_or_default();
    }
    let backup = Backup {
        name: named(at),
        taken_at: at,
    };
    place(&part, &folder.join(&backup.name))?;
    Ok(backup)
}

/// Why an encrypted copy is not among the backups.
#[derive(Debug, thiserror::Error)]
pub enum NotBroughtBack {
    /// It didn't open.
    #[error(transparent)]
    NotOpened(#[from] NotOpened),
    /// What is in it is no sound ledger, or it can't be kept.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl From<StoreError> for NotBroughtBack {
    fn from(error: StoreError) -> Self {
        Self::Ledger(error.into())
    }
}

/// When the backup of that name was taken; none if it isn't called as one.
fn taken_at(name: &str) -> Option<DateTime<Utc>> {
    Some(NaiveDateTime::parse_from_str(name, NAME_FORMAT).ok()?.and_utc())
}

/// Renames, once all of it is on the disk.
pub(crate) fn place(from: &Path, to: &Path) -> Result<(), StoreError> {
    let moved = File::options()
        .write(true)
        .open(from)
        .and_then(|file| file.sync_all())
        .and_then(|()| std::fs::rename(from, to));
    moved.map_err(|e| StoreError::of_file(to, &e))?;
    open::sync_folder(to.parent().unwrap_or(to));
    Ok(())
}

/// All backups in `folder`, the newest first. Files with other names are not ours, and encrypted ones can't be read.
pub(crate) fn list(folder: &Path) -> Result<Vec<Backup>, StoreError> {
    let mut all = copies(folder)?;
    all.retain(|backup| !backup.name.ends_with(SEALED));
    Ok(all)
}

/// All copies in `folder`, encrypted or not, the newest first.
fn copies(folder: &Path) -> Result<Vec<Backup>, StoreError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(StoreError::of_file(folder, &e)),
    };
    let mut all: Vec<Backup> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|name| {
            let taken_at = taken_at(name.strip_suffix(SEALED).unwrap_or(&name))?;
            Some(Backup { name, taken_at })
        })
        .collect();
    all.sort_by(|a, b| b.name.cmp(&a.name));
    Ok(all)
}

/// What was taken before this is kept no more. It counts from the last day but one on which a backup was taken: a clock
/// that is wrong once must not push all of them out.
pub(crate) fn oldest_kept(folder: &Path) -> Result<Option<DateTime<Utc>>, StoreError> {
    let mut days = BTreeSet::new();
    let all = copies(folder)?;
    let mut newest_of_days = all.iter().filter(|b| days.insert(b.taken_at.date_naive()));
    let last_but_one = newest_of_days.nth(1);
    Ok(last_but_one.and_then(|backup| backup.taken_at.checked_sub_signed(BACKUPS_KEPT_FOR)))
}

/// What every file of SQLite's begins with.
const SQLITE: &[u8] = b"SQLite format 3\0";

/// The ledger's format that a backup is of; none where its file can't say. SQLite keeps `user_version` in the header.
fn format(backup: &Path) -> Option<[u8; 4]> {
    let mut header = [0; 64];
    File::open(backup)
        .and_then(|mut file| file.read_exact(&mut header))
        .ok()?;
    header.starts_with(SQLITE).then(|| header.last_chunk().copied())?
}

/// Deletes what is kept neither for its day nor for its week, or is too old. In each of them the newest of every format
/// stays: what was saved before an upgrade is the only way back to the version before. The one just taken always stays:
/// a clock that was wrong once must not push it out. The backup counts whatever can't be deleted; the next one tries it
/// again.
fn prune(folder: &Path, just_taken: &str) {
    match superfluous(folder, just_taken) {
        Ok(names) => names.iter().for_each(|name| remove_old(folder, name)),
        Err(error) => tracing::warn!(%error, "old backups can’t be looked through"),
    }
}

/// Deletes what lies where copies went before each till had a place of its own, once it's too old by what lies in that
/// `place`. Whose they are nobody can tell, so nothing else is deleted there.
pub(crate) fn prune_former(former: &Path, place: &Path) {
    let names = || {
        let mut old = copies(former)?;
        let oldest = oldest_kept(place)?;
        old.retain(|backup| oldest.is_some_and(|oldest| backup.taken_at < oldest));
        Ok::<_, StoreError>(old)
    };
    match names() {
        Ok(old) => old.iter().for_each(|backup| remove_old(former, &backup.name)),
        Err(error) => tracing::warn!(%error, "former copies can’t be looked through"),
    }
}

fn remove_old(folder: &Path, name: &str) {
    if let Err(error) = open::remove(&folder.join(name)) {
        tracing::warn!(name, %error, "an old backup can’t be deleted");
    }
}

/// The names of those that [`prune`] deletes.
fn superfluous(folder: &Path, just_taken: &str) -> Result<Vec<String>, StoreError> {
    let all = copies(folder)?;
    let newest_of = |most: usize, period: &dyn Fn(&Backup) -> (i32, u32)| {
        let (mut periods, mut seen) = (BTreeSet::new(), BTreeSet::new());
        let firsts = all.iter().filter(|b| {
            periods.insert(period(b));
            periods.len() <= most && seen.insert((period(b), format(&folder.join(&b.name))))
        });
        firsts.map(|b| b.name.clone()).collect::<BTreeSet<_>>()
    };
    let mut kept = newest_of(KEPT_DAYS, &|b| (b.taken_at.year(), b.taken_at.ordinal()));
    kept.extend(newest_of(KEPT_WEEKS, &|b| {
        let week = b.taken_at.iso_week();
        (week.year(), week.week())
    }));
    if let Some(oldest) = oldest_kept(folder)? {
        let is_old = |name: &String| all.iter().any(|b| b.name == *name && b.taken_at < oldest);
        kept.retain(|name| !is_old(name));
    }
    kept.insert(just_taken.to_owned());
    let names = all.into_iter().map(|backup| backup.name);
    Ok(names.filter(|name| !kept.contains(name)).collect())
}

/// Backs up a ledger of a former format before it is brought to today's: the only way back to the version before. Does
/// nothing for one of today's, or one without tables. The caller holds the folder's lock.
pub(crate) fn before_step(folder: &Path, c: &Connection, now: DateTime<Utc>) -> Result<(), StoreError> {
    let format: i64 = c.query_row("PRAGMA user_version", [], |r| r.get(0))?;
    if !(1..format::TODAYS).contains(&format) {
        return Ok(());
    }
    let part = part(&self::folder(folder))?;
    copy(c, &part, || true)?;
    let (backup, _) = finish(&part, now)?;
    tracing::info!(
        backup = backup.name,
        format,
        "backed up before the format changes"
    );
    Ok(())
}

/// The sound backup that knows the most, of those that `fits` accepts.
pub(crate) fn best(
    folder: &Path,
    fits: impl Fn(&Connection, &Head) -> bool,
) -> Result<Option<(Backup, Head)>, StoreError> {
    let mut best: Option<(Backup, Head, Connection)> = None;
    for backup in list(folder)? {
        let sound = check::read_only(&folder.join(&backup.name))
            .and_then(|c| Ok((check::soundness(&c, &mut [])?, c)));
        match sound {
            Ok((head, c))
                if fits(&c, &head) && best.as_ref().is_none_or(|(_, h, b)| knows_more(&c, &head, b, h)) =>
            {
                best = Some((backup, head, c));
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(name = backup.name, %error, "this backup does not count"),
        }
    }
    Ok(best.map(|(backup, head, _)| (backup, head)))
}

/// Whether a ledger knows more than another. Of two with the same past it is the longer one, whatever
/// the clock said when they were saved; two that went apart, because an older backup was put back,
/// have nothing but the time of their newest entry.
fn knows_more(c: &Connection, head: &Head, other: &Connection, others: &Head) -> bool {
    let goes_on_from = |c: &Connection, h: &Head| h.seq == 0 || journal::is_sealed_as(c, h.seq, &h.seal);
    if goes_on_from(c, others) {
        head.seq > others.seq
    } else {
        !goes_on_from(other, head) && head.at > others.at
    }
}

/// What `c` holds and the backup at `path` does not.
pub(crate) fn newer(c: &Connection, path: &Path) -> Result<Newer, StoreError> {
    check::file(path)?;
    let backup = check::read_only(path)?;
    let count = |table: &str, state: &str| -> Result<i64, StoreError> {
        let sql = format!("SELECT id, {state} FROM {table}");
        let known = former::states(&backup, &sql)?;
        let unknown = former::states(c, &sql)?
            .into_iter()
            .filter(|(id, state)| known.get(id) != Some(state))
            .count();
        Ok(i64::try_from(unknown).unwrap_or(i64::MAX))
    };
    Ok(Newer {
        tabs: count("tab", "0")?,
        operations: count("operation", "state")?,
        lines: count("line", "0")?,
    })
}
