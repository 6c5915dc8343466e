//! Checking a large file in parts, by several readers at once: each takes the next part as it ends one.

use crate::error::StoreError;
use crate::format;
use crate::former::{self, seals::SealedTable};
use crate::integrity::row_seals::{self, VerifyTable};
use crate::integrity::{check, journal_chain};
use rusqlite::Connection;
use std::num::NonZero;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Connections at most: more are no faster, since they share one disk.
const MOST_READERS: usize = 4;

/// A file of fewer bytes is verified before a second reader would have begun.
const PARALLEL_FROM_BYTES: u64 = 32 * 1024 * 1024;

/// Entries of the journal in a part.
const ENTRIES_A_PART: i64 = 50_000;

/// What one reader verifies by itself.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Part {
    /// Pages, rows and indexes, by SQLite's own check.
    Structure,
    /// The journal's entries beyond the first number, up to and with the second.
    Entries(i64, i64),
    /// A table's seals.
    Seals(VerifyTable),
    /// The same in a file of a former format.
    FormerSeals(SealedTable),
}

impl Part {
    /// The journal up to and with the entry `last`.
    pub(crate) fn journal(last: i64) -> impl Iterator<Item = Self> {
        // An empty one is looked at too: it may only seem so.
        let count = (last / ENTRIES_A_PART).max(0) + 1;
        (0..count).map(move |part| {
            let to = if part + 1 == count {
                last
            } else {
                (part + 1) * ENTRIES_A_PART
            };
            Self::Entries(part * ENTRIES_A_PART, to)
        })
    }

    /// All tables' seals in a file of `format`.
    pub(crate) fn seals(format: i64) -> Vec<Self> {
        match format {
            format::TODAYS => row_seals::TABLES.map(Self::Seals).to_vec(),
            format::COMPACT => row_seals::TABLES_OF_TEN.map(Self::Seals).to_vec(),
            _ => SealedTable::in_format(format).map(Self::FormerSeals).collect(),
        }
    }

    fn verify(self, c: &Connection) -> Result<(), StoreError> {
        // The file may be written meanwhile: all of a part is read as it was at one moment.
        let _snapshot = c.unchecked_transaction()?;
        match self {
            Self::Structure => check::structure(c),
            Self::Entries(after, to) => journal_chain::verify_entries(c, after, to),
            Self::Seals(verify) => verify(c),
            Self::FormerSeals(table) => former::seals::verify_table(c, table),
        }
    }
}

/// Further connections to the file at `path`, as many as speed up a check: none for a small file, or on a machine with
/// one processor.
pub(crate) fn more_readers(path: &Path) -> Result<Vec<Connection>, StoreError> {
    if std::fs::metadata(path).is_ok_and(|file| file.len() < PARALLEL_FROM_BYTES) {
        return Ok(Vec::new());
    }
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    (1..processors.min(MOST_READERS))
        .map(|_| check::read_only(path))
        .collect()
}

/// Verifies every part by `c` and `readers`, which share them out. Of several errors the earliest part's is answered.
pub(crate) fn verify_parts(
    c: &Connection,
    readers: &mut [Connection],
    parts: &[Part],
) -> Result<(), StoreError> {
    let next = AtomicUsize::new(0);
    let first_error: Mutex<Option<(usize, StoreError)>> = Mutex::default();
    let work = |c: &Connection| {
        loop {
            let at = next.fetch_add(1, Ordering::SeqCst);
            let Some(part) = parts.get(at) else { return };
            if let Err(error) = part.verify(c) {
                // One is enough: nobody begins another part.
                next.store(parts.len(), Ordering::SeqCst);
                let mut first = first_error.lock().unwrap_or_else(PoisonError::into_inner);
                if first.as_ref().is_none_or(|(before, _)| at < *before) {
                    *first = Some((at, error));
                }
            }
        }
    };
    let work = &work;
    thread::scope(|all| {
        for reader in readers {
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
    let first_error = first_error.into_inner().unwrap_or_else(PoisonError::into_inner);
    first_error.map_or(Ok(()), |(_, error)| Err(error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recovery::open;
    use crate::store::journal;
    use chrono::DateTime;
    use holdfast_domain::{Actor, Event, Personal};
    use holdfast_ledger::{LedgerError, Note};
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
                by: Actor::staff("Sam Sample"),
                tab: None,
                event: Event::TabOpened,
                personal: Personal::name(format!("The {number}th thing happened")),
                reference: None,
                raises: None,
            };
            journal::append(&transaction, &note).unwrap();
        }
        transaction.commit().unwrap();
        c
    }

    /// What two readers say after somebody wrote past the guards.
    fn after(harm: &str) -> Result<(), StoreError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        let c = journal_of_seven(&path);
        c.execute_batch("DROP TRIGGER journal_no_update; DROP TRIGGER journal_no_delete;")
            .unwrap();
        c.execute_batch(harm).unwrap();
        verify_parts(&c, &mut [check::read_only(&path).unwrap()], &PARTS)
    }

    #[test]
    fn a_journal_that_nobody_touched_is_sound_in_parts_too() {
        after("").unwrap();
    }

    #[test]
    fn whatever_is_done_to_an_entry_in_any_part_is_found() {
        let changed = "= CAST(replace(CAST(personal AS TEXT), 'happened', 'did not.') AS BLOB)";
        for (harm, at) in [
            (format!("UPDATE journal SET personal {changed} WHERE seq = 1"), 1),
            (format!("UPDATE journal SET personal {changed} WHERE seq = 4"), 4),
            (format!("UPDATE journal SET personal {changed} WHERE seq = 7"), 7),
            ("UPDATE journal SET personal = NULL WHERE seq = 2".to_owned(), 2),
            (
                "PRAGMA foreign_keys = OFF; UPDATE journal SET tab = 1 WHERE seq = 6".to_owned(),
                6,
            ),
            (
                "UPDATE journal SET body = CAST(body || 'x' AS BLOB) WHERE seq = 2".to_owned(),
                2,
            ),
            // The last of a part: the next part begins with its seal.
            ("DELETE FROM journal WHERE seq = 3".to_owned(), 3),
            ("DELETE FROM journal WHERE seq = 4".to_owned(), 4),
            ("DELETE FROM journal WHERE seq = 7".to_owned(), 7),
            ("UPDATE journal SET seq = 0 WHERE seq = 7".to_owned(), 1),
            ("UPDATE journal SET seq = -5 WHERE seq = 7".to_owned(), 1),
            (
                "UPDATE journal SET seal = zeroblob(32) WHERE seq = 5".to_owned(),
                5,
            ),
        ] {
            let found = after(&harm);
            let says = |why: &str| why.contains(&format!("entry {at} "));
            assert!(
                matches!(&found, Err(StoreError(LedgerError::Damaged(why))) if says(why)),
                "{harm}: {found:?}"
            );
        }
    }

    #[test]
    fn the_parts_of_a_journal_have_every_entry_once() {
        for last in [
            0,
            1,
            ENTRIES_A_PART - 1,
            ENTRIES_A_PART,
            ENTRIES_A_PART + 1,
            3 * ENTRIES_A_PART,
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
