//! Forgetting guests on real files: nothing of them is left, whatever is restored.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]
#![expect(
    clippy::too_many_lines,
    reason = "a test is as long as the story that it tells"
)]

#[path = "former/files.rs"]
mod files;

use chrono::TimeDelta;
use holdfast_domain::*;
use holdfast_ledger::prelude::*;
use holdfast_ledger::{HouseTopic, Note};
use holdfast_ledger_conformance::sample::{close_tab, line, note, now, report, tab};
use holdfast_ledger_sqlite::SqliteLedger;
use rusqlite::Connection;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

fn about(tab: &Tab) -> Note {
    Note {
        tab: Some(tab.id),
        ..note(&tab.name)
    }
}

fn forgotten(tabs: u32) -> Note {
    Note {
        event: Event::GuestsForgotten {
            tabs,
            why: ForgetReason::Asked,
        },
        personal: Personal::default(),
        ..note("")
    }
}

/// A closed tab with a line, and its guest's name wherever one can stand.
async fn closed(ledger: &SqliteLedger, name: &str) -> Tab {
    let tab = Tab {
        place: Some(format!("{name} Suite")),
        note: Some(format!("{name} likes the window")),
        email: Some(format!("{name}@example.com")),
        ..tab(name)
    };
    ledger.add_tab(&tab, about(&tab)).await.unwrap();
    let line = Line {
        what: Some(format!("Cake for {name}")),
        ..line(tab.id, 1_000)
    };
    ledger.add_line(&line, None, about(&tab)).await.unwrap();
    close_tab(ledger, tab.id, now()).await;
    tab
}

/// All files under a folder.
fn files_under(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                files_under(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

/// The files under a folder in which these bytes stand.
fn with_bytes(folder: &Path, bytes: &[u8]) -> Vec<PathBuf> {
    let mut files = files_under(folder);
    files.retain(|path| {
        let found = std::fs::read(path).unwrap();
        found.windows(bytes.len()).any(|part| part == bytes)
    });
    files
}

/// The keys in a ledger's file, by a connection of its own.
fn keys(folder: &Path) -> Vec<Vec<u8>> {
    let c = Connection::open(folder.join("ledger.db")).unwrap();
    let mut query = c.prepare("SELECT key FROM guest_key ORDER BY tab").unwrap();
    query
        .query_map([], |r| r.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect()
}

const ZEROS: [u8; 32] = [0; 32];

async fn why_forgotten(ledger: &SqliteLedger) -> Vec<(u32, ForgetReason)> {
    let entries = ledger
        .house_journal(HouseTopic::Anything, i64::MAX)
        .await
        .unwrap();
    entries
        .into_iter()
        .filter_map(|entry| {
            let Event::GuestsForgotten { tabs, why } = entry.event else {
                return None;
            };
            Some((tabs, why))
        })
        .collect()
}

#[tokio::test]
async fn nothing_of_a_forgotten_guest_is_left_in_any_file() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    let mut tabs = Vec::new();
    // More keys than a page has room for.
    for number in 0..200 {
        tabs.push(closed(&ledger, &format!("Guestova{number:03}")).await);
    }
    ledger.search("guestova007", 1).await.unwrap();
    let key = keys(folder.path()).remove(7);
    assert!(!with_bytes(folder.path(), &key).is_empty());
    // What is about a guest is nowhere as it was typed, whether they are forgotten or not.
    for name in ["Guestova007", "guestova007", "Guestova008"] {
        assert_eq!(with_bytes(folder.path(), name.as_bytes()), Vec::<PathBuf>::new());
    }
    ledger.forget(vec![tabs[7].id], forgotten(1)).await.unwrap();
    // While it is open, log and all.
    assert_eq!(with_bytes(folder.path(), &key), Vec::<PathBuf>::new());
    let done = ledger.back_up(now(), None).await.unwrap();
    assert_eq!(with_bytes(folder.path(), &key), Vec::<PathBuf>::new(), "{done:?}");
    assert!(ledger.tab(tabs[7].id).await.unwrap().is_forgotten);
    assert_eq!(ledger.tab(tabs[8].id).await.unwrap().name, "Guestova008");
    drop(ledger);
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    assert_eq!(ledger.verify_journal().await.unwrap(), 601);
    assert!(ledger.tab(tabs[7].id).await.unwrap().is_forgotten);
    assert_eq!(why_forgotten(&ledger).await, [(1, ForgetReason::Asked)]);
}

#[tokio::test]
async fn a_backup_that_is_restored_forgets_again() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    let (amira, brandt) = (closed(&ledger, "Amira").await, closed(&ledger, "Brandt").await);
    let name = ledger.back_up(now(), None).await.unwrap().backup.name;
    ledger.forget(vec![amira.id], forgotten(1)).await.unwrap();
    drop(ledger);
    SqliteLedger::restore(folder.path(), &name, now()).unwrap();
    assert_eq!(keys(folder.path())[0], ZEROS, "the file was made without it");
    let ledger = SqliteLedger::open_staged(folder.path(), now()).unwrap().ledger;
    assert!(ledger.tab(amira.id).await.unwrap().is_forgotten);
    assert!(!ledger.tab(brandt.id).await.unwrap().is_forgotten);
    assert_eq!(why_forgotten(&ledger).await, [(1, ForgetReason::Again)]);
    drop(ledger);
    // Put there by hand.
    for beside in ["ledger.db", "ledger.db-wal", "ledger.db-shm", "ledger.mark"] {
        let _ = std::fs::remove_file(folder.path().join(beside));
    }
    let backup = folder.path().join("backups").join(&name);
    std::fs::copy(backup, folder.path().join("ledger.db")).unwrap();
    let opened = SqliteLedger::open_or_restore(folder.path(), now()).unwrap();
    assert!(opened.ledger.tab(amira.id).await.unwrap().is_forgotten);
    drop(opened);
    assert_eq!(keys(folder.path())[0], ZEROS);
    // Nothing is left to do.
    let opened = SqliteLedger::open_staged(folder.path(), now()).unwrap();
    assert!(opened.check_gate.is_some(), "it is opened at once");
}

/// A backup from before the tab was opened, whose guest Dojo's metadata still name.
#[tokio::test]
async fn a_tab_that_a_restored_backup_lacks_comes_back_without_its_guest() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    closed(&ledger, "Brandt").await;
    let name = ledger.back_up(now(), None).await.unwrap().backup.name;
    let amira = closed(&ledger, "Amira").await;
    ledger.forget(vec![amira.id], forgotten(1)).await.unwrap();
    drop(ledger);
    SqliteLedger::restore(folder.path(), &name, now()).unwrap();
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    ledger.add_tab(&amira, about(&amira)).await.unwrap();
    let tab = ledger.tab(amira.id).await.unwrap();
    assert_eq!((tab.name.as_str(), tab.is_forgotten), ("", true));
    assert_eq!(
        ledger.journal(amira.id).await.unwrap()[0].personal,
        Personal::default()
    );
}

#[tokio::test]
async fn a_forgetting_that_was_cut_short_goes_on_at_the_next_opening() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    let amira = closed(&ledger, "Amira").await;
    drop(ledger);
    // Killed between the list and the keys.
    let list = folder.path().join("forgotten");
    std::fs::write(&list, format!("{}\n", amira.id)).unwrap();
    let ledger = SqliteLedger::open_staged(folder.path(), now()).unwrap().ledger;
    assert!(ledger.tab(amira.id).await.unwrap().is_forgotten);
    assert_eq!(why_forgotten(&ledger).await, [(1, ForgetReason::Again)]);
    drop(ledger);
    // A list that went is written again from what the ledger forgot.
    std::fs::remove_file(&list).unwrap();
    drop(SqliteLedger::open_staged(folder.path(), now()).unwrap());
    assert_eq!(std::fs::read_to_string(&list).unwrap(), format!("{}\n", amira.id));
}

#[tokio::test]
async fn killed_before_the_log_was_emptied_no_key_is_left_after_the_next_start() {
    for is_staged in [true, false] {
        let (folder, killed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let ledger = SqliteLedger::open(folder.path()).unwrap();
        let amira = closed(&ledger, "Amira").await;
        drop(ledger);
        let key = keys(folder.path()).remove(0);
        let ledger = SqliteLedger::open(folder.path()).unwrap();
        // Another program reads meanwhile, so that the log stays as it would if the till were killed here.
        let reader = Connection::open(folder.path().join("ledger.db")).unwrap();
        reader.execute_batch("BEGIN").unwrap();
        let count: i64 = reader
            .query_row("SELECT count(*) FROM tab", [], |r| r.get(0))
            .unwrap();
        assert_eq!(count, 1);
        ledger.forget(vec![amira.id], forgotten(1)).await.unwrap();
        for name in ["ledger.db", "ledger.db-wal", "ledger.mark", "forgotten"] {
            std::fs::copy(folder.path().join(name), killed.path().join(name)).unwrap();
        }
        drop((reader, ledger));
        assert!(!with_bytes(killed.path(), &key).is_empty(), "nothing to try");

        let opened = if is_staged {
            let mut opened = SqliteLedger::open_staged(killed.path(), now()).unwrap();
            drop(opened.check_gate.take());
            opened
        } else {
            SqliteLedger::open_or_restore(killed.path(), now()).unwrap()
        };
        opened.ledger.checked().await.unwrap();
        assert_eq!(with_bytes(killed.path(), &key), Vec::<PathBuf>::new());
        assert!(opened.ledger.tab(amira.id).await.unwrap().is_forgotten);
    }
}

#[tokio::test]
async fn what_was_set_aside_and_old_backups_go_after_eight_weeks() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    closed(&ledger, "Amira").await;
    let aside = folder.path().join("replaced-2026-03-02T10-00-00");
    std::fs::create_dir(&aside).unwrap();
    std::fs::write(aside.join("ledger.db"), "Amira").unwrap();
    ledger.back_up(now(), None).await.unwrap();
    // The till was off for nine weeks. One day isn't believed, for a clock may be wrong.
    let later = now() + TimeDelta::weeks(9);
    ledger.back_up(later, None).await.unwrap();
    assert_eq!((ledger.backups().await.unwrap().len(), aside.exists()), (2, true));
    ledger.back_up(later + TimeDelta::days(1), None).await.unwrap();
    assert_eq!(
        (ledger.backups().await.unwrap().len(), aside.exists()),
        (2, false)
    );
}

/// The mark of a file that nobody has opened with today's program.
fn mark(c: &Connection) -> String {
    let seal = |seq: i64| -> String {
        c.query_row(
            "SELECT lower(hex(seal)) FROM journal WHERE seq = ?1",
            [seq],
            |r| r.get(0),
        )
        .unwrap()
    };
    let last: i64 = c
        .query_row("SELECT max(seq) FROM journal", [], |r| r.get(0))
        .unwrap();
    let body = format!("{last:020} {} {}", seal(last), seal(1));
    let hash = Sha256::new().chain_update(&body).chain_update("\n").finalize();
    format!("{body} {}\n", hex::encode(hash))
}

#[tokio::test]
async fn a_ledger_of_format_10_is_encrypted_as_it_is_stepped_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    files::make(&path, 10, false);
    let c = Connection::open(&path).unwrap();
    // What was deleted before stands in a free page.
    c.execute_batch(
        "CREATE TABLE gone (text TEXT); INSERT INTO gone VALUES ('Cleopatra was here'); DROP TABLE gone;",
    )
    .unwrap();
    let mark = mark(&c);
    let reported: Vec<u8> = c
        .query_row("SELECT body FROM report WHERE number = 3", [], |r| r.get(0))
        .unwrap();
    drop(c);
    let names = [
        "Cleopatra",
        "cleopatra",
        "Daranova",
        "Strangerova",
        "Amira",
        "Brandt",
    ];
    for name in names {
        assert!(!with_bytes(folder.path(), name.as_bytes()).is_empty(), "{name}");
    }
    std::fs::write(folder.path().join("ledger.mark"), &mark).unwrap();
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    // But in the backup of what was, which goes as all backups go.
    let backup = ledger.backups().await.unwrap().remove(0).name;
    let backup = folder.path().join("backups").join(backup);
    for name in names {
        assert_eq!(
            with_bytes(folder.path(), name.as_bytes()),
            std::slice::from_ref(&backup),
            "{name}"
        );
    }
    assert_eq!(ledger.verify_journal().await.unwrap(), 46);
    let found = ledger.search("cleopatra", 5).await.unwrap().open;
    let account = ledger.accounts(found).await.unwrap().remove(0);
    assert_eq!(account.tab.email.as_deref(), Some("cleopatra@example.com"));
    assert_eq!(account.lines[0].what.as_deref(), Some("Soup for Cleopatra"));
    assert_eq!(
        account.lines[1].moved.as_ref().unwrap().title.as_deref(),
        Some("Daranova")
    );
    let journal = ledger.journal(account.tab.id).await.unwrap();
    let said: Vec<Option<&str>> = journal
        .iter()
        .map(|entry| entry.personal.name.as_deref())
        .collect();
    assert_eq!(
        said,
        [
            Some("Cleopatra"),
            Some("Soup for Cleopatra"),
            Some("Daranova"),
            None
        ]
    );
    assert_eq!(journal[3].personal.reason.as_deref(), Some("Cleopatra went"));
    let report = ledger.report(3).await.unwrap();
    let names: Vec<&str> = report.leftovers.iter().map(|left| left.name.as_str()).collect();
    assert_eq!(names, ["Cleopatra", "Daranova"]);
    assert_eq!(
        ledger.newest_run().await.unwrap().unwrap().rows[0].name,
        "Daranova"
    );
    let stranger = ledger
        .finding(&FindingKey::Stranger("pi_1".into()))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        stranger.personal,
        Personal::default(),
        "whose it is, nobody knows"
    );
    drop(ledger);
    // Killed before the mark was written: it names an entry's former seal, and so does a report's foot.
    std::fs::write(folder.path().join("ledger.mark"), &mark).unwrap();
    drop(SqliteLedger::open_staged(folder.path(), now()).unwrap());
    let c = Connection::open(&path).unwrap();
    let kept: Vec<u8> = c
        .query_row("SELECT body FROM report WHERE number = 3", [], |r| r.get(0))
        .unwrap();
    assert_eq!(kept, reported);
    let former: String = c
        .query_row(
            "SELECT lower(hex(former)) FROM journal WHERE seq = ?1",
            [report.journal.seq],
            |r| r.get(0),
        )
        .unwrap();
    assert_eq!(former, report.journal.seal);
    // The entry about a report names the seal that it has now.
    let is: String = c
        .query_row("SELECT lower(hex(seal)) FROM report WHERE number = 3", [], |r| {
            r.get(0)
        })
        .unwrap();
    let body: Vec<u8> = c
        .query_row("SELECT body FROM journal WHERE seq = 46", [], |r| r.get(0))
        .unwrap();
    assert!(body.windows(64).any(|part| part == is.as_bytes()));
}

/// Numbers that look like chance, the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

#[tokio::test]
async fn whoever_is_forgotten_goes_whole_and_all_others_stay() {
    for seed in 0..12 {
        let chance = &mut Chance(seed);
        let folder = tempfile::tempdir().unwrap();
        let ledger = SqliteLedger::open(folder.path()).unwrap();
        let mut tabs = Vec::new();
        for number in 0..=chance.below(12) {
            tabs.push(closed(&ledger, &format!("Seedova{seed:02}x{number:02}")).await);
        }
        if chance.below(2) == 0 {
            let mut made = report(1, 1, 0);
            made.leftovers = tabs.iter().map(leftover).collect();
            ledger.add_report(&made, note("made")).await.unwrap();
        }
        let keys = keys(folder.path());
        let mut gone = Vec::new();
        for (tab, key) in tabs.iter().zip(keys) {
            if chance.below(2) == 0 {
                ledger.forget(vec![tab.id], forgotten(1)).await.unwrap();
                gone.push((tab.clone(), key));
            }
        }
        for (tab, key) in &gone {
            assert_eq!(
                with_bytes(folder.path(), key),
                Vec::<PathBuf>::new(),
                "seed {seed}"
            );
            assert_eq!(
                with_bytes(folder.path(), tab.name.as_bytes()),
                Vec::<PathBuf>::new()
            );
        }
        drop(ledger);
        let ledger = SqliteLedger::open(folder.path()).unwrap();
        ledger.verify_journal().await.unwrap();
        for tab in &tabs {
            let is = ledger.tab(tab.id).await.unwrap();
            let is_gone = gone.iter().any(|(one, _)| one.id == tab.id);
            assert_eq!(is.is_forgotten, is_gone, "seed {seed}");
            let name = if is_gone { "" } else { tab.name.as_str() };
            assert_eq!(is.name, name);
            let lines = ledger.lines(tab.id).await.unwrap();
            assert_eq!((lines[0].each, lines[0].what.is_some()), (1_000, !is_gone));
            if let Ok(report) = ledger.report(1).await {
                let left = report.leftovers.iter().find(|left| left.tab == tab.id).unwrap();
                assert_eq!(left.name, name);
            }
        }
    }
}

fn leftover(tab: &Tab) -> Leftover {
    Leftover {
        tab: tab.id,
        name: tab.name.clone(),
        place: tab.place.clone(),
        reference: tab.reference.clone(),
        state: TabState::Held,
        left: Money::new(1, tab.currency),
        bill: Money::new(2, tab.currency),
        opened_at: now(),
        opened_by: Actor::staff("Sam"),
        times: 1,
    }
}

#[tokio::test]
async fn what_dojo_said_of_a_guest_goes_with_their_key() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    let tab = tab("Table 4");
    ledger.add_tab(&tab, about(&tab)).await.unwrap();
    let said = || Detail::Dojo("Vxqname Secretsurname bad".to_owned());
    let deed = Deed {
        kind: OperationKind::Refund,
        amount: 500,
        tip: 0,
        of: None,
        cause: Cause::Person,
    };
    let moved = Event::Moved {
        deed,
        state: OperationState::Rejected,
        detail: Some(said()),
        is_late: false,
    };
    let events = [
        moved.clone(),
        Event::Seen(Box::new(moved)),
        Event::NotShown { why: said() },
    ];
    for event in events.clone() {
        let line = line(tab.id, 100);
        let note = Note { event, ..about(&tab) };
        ledger.add_line(&line, None, note).await.unwrap();
    }
    let kept = |entries: Vec<holdfast_ledger::Entry>| -> Vec<Event> {
        entries
            .into_iter()
            .map(|entry| entry.event)
            .filter(|event| events.contains(event))
            .collect()
    };
    assert_eq!(kept(ledger.journal(tab.id).await.unwrap()).len(), 3);
    close_tab(&ledger, tab.id, now()).await;
    ledger.back_up(now(), None).await.unwrap();
    assert_eq!(with_bytes(folder.path(), b"Secretsurname"), Vec::<PathBuf>::new());
    ledger.forget(vec![tab.id], forgotten(1)).await.unwrap();
    let after = ledger.journal(tab.id).await.unwrap();
    assert!(!format!("{after:?}").contains("Secretsurname"), "{after:?}");
    let wordless = Event::NotShown {
        why: Detail::Dojo(String::new()),
    };
    let refused = |entry: &holdfast_ledger::Entry| entry.event == wordless;
    assert!(
        after.iter().any(refused),
        "that Dojo refused something stays: {after:?}"
    );
    ledger.verify_journal().await.unwrap();
}
