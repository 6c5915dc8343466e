//! A file in a backup's place: it is refused, or it says what was saved.

use chrono::{DateTime, Utc};
use holdfast_domain::{Actor, Currency, Event, Kind, Personal, Tab, TabId};
use holdfast_ledger::prelude::*;
use holdfast_ledger::{LedgerError, Note};
use holdfast_ledger_sqlite::SqliteLedger;
use std::path::Path;
use std::sync::OnceLock;

/// The name is by its time, as the ledger writes it.
const NAME: &str = "ledger-2026-01-02T03-04-05.db";

/// A sound backup of a ledger with one tab in it.
struct Sound {
    bytes: Vec<u8>,
    tab: Tab,
}

fn at() -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_323_045, 0).unwrap_or_default()
}

fn tab() -> Tab {
    Tab {
        id: TabId(uuid::Uuid::from_u128(7)),
        kind: Kind::Tab,
        name: "Guest".to_owned(),
        place: None,
        note: None,
        email: None,
        currency: Currency::Gbp,
        reference: "HF-234567".to_owned(),
        arrives_on: None,
        departs_on: None,
        opened_at: at(),
        opened_by: Actor::staff("Sam"),
        guests: None,
        version: 0,
        closed_at: None,
        is_forgotten: false,
    }
}

fn wait<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(work)
}

/// Memory where there is some: fuzzing writes many files.
fn shelf() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    };
    made.expect("a folder")
}

fn sound() -> &'static Sound {
    static SOUND: OnceLock<Sound> = OnceLock::new();
    SOUND.get_or_init(|| {
        let folder = shelf();
        let (ledger, tab) = (SqliteLedger::open(folder.path()).expect("a ledger"), tab());
        let note = Note {
            at: at(),
            by: Actor::staff("Sam"),
            tab: Some(tab.id),
            event: Event::TabOpened,
            personal: Personal::name("Guest"),
            reference: None,
            raises: None,
        };
        let name = wait(async {
            ledger.add_tab(&tab, note).await.expect("a tab");
            ledger.back_up(at(), None).await.expect("a backup").backup.name
        });
        let bytes = std::fs::read(folder.path().join("backups").join(name)).expect("its bytes");
        Sound { bytes, tab }
    })
}

/// The input is a list of changes of a sound backup: place (3 bytes), what to do (1), with what (1). What
/// is no such list, because it begins as a database does, stands for the file itself.
fn file(input: &[u8]) -> Vec<u8> {
    if input.starts_with(b"SQLite") {
        return input.to_vec();
    }
    let mut bytes = sound().bytes.clone();
    for change in input.chunks_exact(5) {
        if bytes.is_empty() {
            break;
        }
        let place = usize::from(change[0]) << 16 | usize::from(change[1]) << 8 | usize::from(change[2]);
        let place = place % bytes.len();
        match change[3] % 4 {
            0 => bytes[place] = change[4],
            1 => bytes[place] ^= 1 << (change[4] % 8),
            2 => bytes.truncate(place),
            _ => {
                let page = place / 4_096 * 4_096;
                let end = bytes.len().min(page + 4_096);
                bytes[page..end].fill(change[4]);
            }
        }
    }
    bytes
}

pub(super) fn backups(input: &[u8]) {
    let (folder, bytes) = (shelf(), file(input));
    let kept = folder.path().join("backups");
    std::fs::create_dir(&kept).expect("a folder");
    std::fs::write(kept.join(NAME), &bytes).expect("a file");
    match SqliteLedger::restore(folder.path(), NAME, at()) {
        Ok(restored) => {
            assert_eq!(restored.backup.as_deref(), Some(NAME));
            let ledger = SqliteLedger::open(folder.path()).expect("what was put back opens");
            wait(async {
                ledger.verify_journal().await.expect("its journal holds");
                let known = ledger.tab(sound().tab.id).await.ok();
                let is_same = known.as_ref() == Some(&sound().tab);
                assert!(is_same || bytes != sound().bytes, "a sound backup lacks its tab");
                assert!(is_same || known.is_none(), "it says something else: {known:?}");
            });
        }
        Err(LedgerError::Damaged(_) | LedgerError::Newer { .. } | LedgerError::Storage(_)) => {
            assert!(bytes != sound().bytes, "a sound backup is refused");
            assert!(
                !folder.path().join("ledger.db").exists(),
                "refused, and yet in place"
            );
        }
        Err(other) => panic!("{other:?}"),
    }
}
