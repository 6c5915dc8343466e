//! Whether a file is a ledger, sound to the last byte that matters. Nothing here writes.

use crate::error::StoreError;
use crate::format::{self, APPLICATION_ID};
use crate::former;
use crate::integrity::parallel_check::{self, Part};
use crate::store::{journal, tables};
use holdfast_ledger::LedgerError;
use rusqlite::{Connection, OpenFlags};
use std::{
    collections::BTreeMap,
    fs::File,
    io::Read,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

/// Looks at the file's first bytes before SQLite may act on them: it would empty the log beside an
/// empty file, and play back a stray rollback journal.
pub(crate) fn head_of_file(path: &Path) -> Result<Kind, StoreError> {
    let mut head = [0_u8; 100];
    let mut file = File::open(path).map_err(|e| StoreError::of_file(path, &e))?;
    match file.read_exact(&mut head) {
        Ok(()) if head.starts_with(b"SQLite format 3\0") => {}
        Ok(()) => return Err(damaged("it is no database")),
        Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => return Err(damaged("it is cut short")),
        Err(e) => return Err(StoreError::of_file(path, &e)),
    }
    let number = |at: usize| {
        let bytes = head.get(at..at + 4).and_then(|b| b.try_into().ok());
        bytes.map_or(0, i32::from_be_bytes).into()
    };
    // SQLite keeps the format at 60 and the application at 68 (its file format, section 1.3).
    let (found, application): (i64, i64) = (number(60), number(68));
    if application == APPLICATION_ID && found > format::TODAYS {
        return Err(LedgerError::Newer {
            found,
            known: format::TODAYS,
        }
        .into());
    }
    let beside = |suffix: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        Path::new(&name).exists()
    };
    if beside("-journal") {
        return Err(damaged("a strange rollback journal lies beside it"));
    }
    // Bytes 18 and 19 say whether there is a write-ahead log: every ledger has one, no backup has.
    match head.get(18..20) {
        Some([2, 2]) => Ok(Kind::Ledger),
        Some([1, 1]) if beside("-wal") => {
            Err(damaged("a backup with another ledger’s log lies in its place"))
        }
        Some([1, 1]) => Ok(Kind::Backup),
        Some(_) | None => Err(damaged("its head is not a ledger’s")),
    }
}

/// What a file says that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The file that is worked with.
    Ledger,
    /// A backup; in the ledger's place, somebody put it there by hand.
    Backup,
}

/// Checks everything that can be checked: whose it is, its format, SQLite's structure with all indexes, the schema with
/// its guards, the journal's chain and every row's hash. `readers`, to the same file, share the work.
pub(crate) fn soundness(c: &Connection, readers: &mut [Connection]) -> Result<journal::Head, StoreError> {
    sound(|| {
        let format = identity(c)?;
        let mut parts = vec![Part::Structure];
        parts.extend(Part::journal(journal::last(c)?.0));
        parts.extend(Part::seals(format));
        parallel_check::verify_parts(c, readers, &parts)?;
        journal::end(c)
    })
}

/// SQLite's own check. Beyond quick_check it holds every index against its table.
pub(crate) fn structure(c: &Connection) -> Result<(), StoreError> {
    let verdict: String = c.query_row("PRAGMA integrity_check(1)", [], |r| r.get(0))?;
    if verdict == "ok" {
        Ok(())
    } else {
        Err(StoreError::damaged(verdict))
    }
}

/// Runs a check: whatever contradicts the rows is damage, unless the disk refused.
pub(crate) fn sound<T>(look: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    look().map_err(|error| match error.0 {
        LedgerError::NotFound
        | LedgerError::Busy
        | LedgerError::Known
        | LedgerError::Closed
        | LedgerError::TooMuch
        | LedgerError::Changed => damaged(&error.to_string()),
        LedgerError::InUse
        | LedgerError::Fenced
        | LedgerError::Unreachable
        | LedgerError::NotAdmitted
        | LedgerError::Older { .. }
        | LedgerError::Newer { .. }
        | LedgerError::Damaged(_)
        | LedgerError::NotSound
        | LedgerError::Storage(_) => error,
    })
}

/// Whose it is, and whether its tables and guards are those of its format; that format.
pub(crate) fn identity(c: &Connection) -> Result<i64, StoreError> {
    let pragma = |name: &str| c.query_row(&format!("PRAGMA {name}"), [], |r| r.get::<_, i64>(0));
    let (application, format) = (pragma("application_id")?, pragma("user_version")?);
    if application != APPLICATION_ID {
        return Err(damaged("it belongs to another program"));
    }
    if format > format::TODAYS {
        return Err(LedgerError::Newer {
            found: format,
            known: format::TODAYS,
        }
        .into());
    }
    if schema(c)? != *expected_schema(format)? {
        return Err(damaged("its tables are not a ledger’s"));
    }
    Ok(format)
}

/// The same of a file that nobody has open, such as a backup.
pub(crate) fn file(path: &Path) -> Result<journal::Head, StoreError> {
    soundness(&read_only(path)?, &mut [])
}

/// A connection that can't write.
pub(crate) fn read_only(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Ok(Connection::open_with_flags(path, flags)?)
}

type SchemaPart = (String, String, Option<String>);

fn schema(c: &Connection) -> Result<Vec<SchemaPart>, StoreError> {
    let mut query = c.prepare("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name")?;
    let parts = query.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
    Ok(parts.collect::<Result<_, _>>()?)
}

/// What a ledger of `format` has. Building one takes longer than checking a small one, so each format's is
/// built once.
fn expected_schema(format: i64) -> Result<Arc<Vec<SchemaPart>>, StoreError> {
    static BUILT: Mutex<BTreeMap<i64, Arc<Vec<SchemaPart>>>> = Mutex::new(BTreeMap::new());
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = built.get(&format) {
        return Ok(known.clone());
    }
    let fresh = Connection::open_in_memory()?;
    if format < format::TODAYS {
        former::make_tables(&fresh, format)?;
    } else {
        tables::make(&fresh)?;
    }
    let parts = Arc::new(schema(&fresh)?);
    built.insert(format, parts.clone());
    Ok(parts)
}

fn damaged(why: &str) -> StoreError {
    StoreError::damaged(why)
}
