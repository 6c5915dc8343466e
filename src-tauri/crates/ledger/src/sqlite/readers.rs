//! Looking at all of a large file: it is handed out in parts to several readers, each with a processor to itself.

use super::seal::{self, Sealed};
use super::{check, journal};
use crate::LedgerError;
use rusqlite::Connection;
use std::num::NonZero;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// More readers are no faster: they share one disk.
const MOST_READERS: usize = 4;

/// A smaller file is read before a second reader has begun.
const SMALL_FILE_BYTES: u64 = 32 * 1024 * 1024;

/// Entries of the journal in a part.
const ENTRIES_PER_PART: i64 = 50_000;

/// What one reader looks at by itself.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part {
    /// Pages, rows and indexes, by SQLite's own check.
    Structure,
    /// The journal's entries beyond the first number, up to and with the second.
    Entries(i64, i64),
    /// A table's seals.
    Seals(Sealed),
}

impl Part {
    /// The journal up to and with the entry `last`.
    pub(super) fn journal(last: i64) -> impl Iterator<Item = Self> {
        // An empty one is looked at too: it may only seem so.
        let count = (last / ENTRIES_PER_PART).max(0) + 1;
        (0..count).map(move |part| {
            let to = if part + 1 == count {
                last
            } else {
                (part + 1) * ENTRIES_PER_PART
            };
            Self::Entries(part * ENTRIES_PER_PART, to)
        })
    }

    fn look(self, c: &Connection) -> Result<(), LedgerError> {
        match self {
            Self::Structure => check::structure(c),
            Self::Entries(after, to) => journal::verify_entries(c, after, to),
            Self::Seals(table) => seal::verify_table(c, table),
        }
    }
}

/// Connections that are worth having beside the first one to the file at `path`: none for a small file, or on a
/// machine with one processor.
pub(super) fn beside(path: &Path) -> Result<Vec<Connection>, LedgerError> {
    if std::fs::metadata(path).is_ok_and(|file| file.len() < SMALL_FILE_BYTES) {
        return Ok(Vec::new());
    }
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    (1..processors.min(MOST_READERS))
        .map(|_| check::read_only(path))
        .collect()
}

/// Looks at every part by `c`, and with the help of those beside it. Of several that are amiss the error is the
/// earliest part's that was looked at.
pub(super) fn look_at_all(
    c: &Connection,
    beside: &mut [Connection],
    parts: &[Part],
) -> Result<(), LedgerError> {
    let next = AtomicUsize::new(0);
    let amiss: Mutex<Option<(usize, LedgerError)>> = Mutex::default();
    let work = |c: &Connection| {
        loop {
            let at = next.fetch_add(1, Ordering::SeqCst);
            let Some(part) = parts.get(at) else { return };
            if let Err(error) = part.look(c) {
                // One is enough: nobody begins another part.
                next.store(parts.len(), Ordering::SeqCst);
                let mut first = amiss.lock().unwrap_or_else(PoisonError::into_inner);
                if first.as_ref().is_none_or(|(before, _)| at < *before) {
                    *first = Some((at, error));
                }
            }
        }
    };
    let work = &work;
    thread::scope(|all| {
        for reader in beside {
            // Without another thread it takes longer, and no more.
            let begun = thread::Builder::new()
                .name("ledger check".to_owned())
                .spawn_scoped(all, move || work(reader));
            if let Err(error) = begun {
                tracing::warn!(%error, "the ledger is checked by fewer readers");
            }
        }
        work(c);
    });
    let amiss = amiss.into_inner().unwrap_or_else(PoisonError::into_inner);
    amiss.map_or(Ok(()), |(_, error)| Err(error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Note;
    use crate::sqlite::open;
    use chrono::DateTime;
    use rusqlite::{Transaction, TransactionBehavior};

    /// In three parts, as no journal of seven entries is looked at outside of a test.
    const PARTS: [Part; 4] = [
        Part::Structure,
        Part::Entries(0, 3),
        Part::Entries(3, 5),
        Part::Entries(5, 7),
    ];

    fn journal_of_seven(path: &Path) -> Connection {
        let c = Connection::open(path).unwrap();
        open::for_work(&c).unwrap();
        let transaction = Transaction::new_unchecked(&c, TransactionBehavior::Immediate).unwrap();
        for number in 1..=7 {
            let note = Note {
                at: DateTime::UNIX_EPOCH,
                by: "Sam Sample".to_owned(),
                tab: None,
                words: format!("The {number}th thing happened"),
                amount: None,
                reference: None,
                raises: None,
            };
            journal::append(&transaction, &note).unwrap();
        }
        transaction.commit().unwrap();
        c
    }

    /// What two readers say after somebody wrote past the guards.
    fn after(harm: &str) -> Result<(), LedgerError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        let c = journal_of_seven(&path);
        c.execute_batch("DROP TRIGGER journal_no_update; DROP TRIGGER journal_no_delete;")
            .unwrap();
        c.execute_batch(harm).unwrap();
        look_at_all(&c, &mut [check::read_only(&path).unwrap()], &PARTS)
    }

    #[test]
    fn a_journal_that_nobody_touched_is_sound_in_parts_too() {
        after("").unwrap();
    }

    #[test]
    fn whatever_is_done_to_an_entry_in_any_part_is_found() {
        let body = "body = replace(body, 'happened', 'did not')";
        for (harm, at) in [
            (format!("UPDATE journal SET {body} WHERE seq = 1"), 1),
            (format!("UPDATE journal SET {body} WHERE seq = 4"), 4),
            (format!("UPDATE journal SET {body} WHERE seq = 7"), 7),
            // The last of a part: the next part begins with its seal.
            ("DELETE FROM journal WHERE seq = 3".to_owned(), 3),
            ("DELETE FROM journal WHERE seq = 4".to_owned(), 4),
            ("DELETE FROM journal WHERE seq = 7".to_owned(), 7),
            ("UPDATE journal SET seq = 0 WHERE seq = 7".to_owned(), 1),
            ("UPDATE journal SET seq = -5 WHERE seq = 7".to_owned(), 1),
            ("UPDATE journal SET seal = 'none' WHERE seq = 5".to_owned(), 5),
        ] {
            let found = after(&harm);
            let says = |why: &str| why.contains(&format!("entry {at} "));
            assert!(
                matches!(&found, Err(LedgerError::Damaged(why)) if says(why)),
                "{harm}: {found:?}"
            );
        }
    }

    #[test]
    fn the_parts_of_a_journal_have_every_entry_once() {
        for last in [
            0,
            1,
            ENTRIES_PER_PART - 1,
            ENTRIES_PER_PART,
            ENTRIES_PER_PART + 1,
            3 * ENTRIES_PER_PART,
            1_234_567,
        ] {
            let mut end = 0;
            for part in Part::journal(last) {
                let Part::Entries(after, to) = part else {
                    panic!("not of the journal: {part:?}")
                };
                assert_eq!(after, end);
                end = to;
            }
            assert_eq!(end, last);
        }
    }
}
