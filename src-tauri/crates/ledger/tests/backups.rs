//! Backups on real files: when they count, which are kept, and what is put back when the ledger is damaged.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use chrono::{DateTime, TimeDelta, Utc};
use holdfast_domain::*;
use holdfast_ledger::{Ledger, LedgerError, Note, sqlite::SqliteLedger};
use std::path::Path;
use std::sync::Arc;
use uuid::Uuid;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn now() -> DateTime<Utc> {
    at("2026-03-02T10:00:00Z")
}

fn note(words: &str) -> Note {
    Note {
        at: now(),
        by: "Sam".into(),
        tab: None,
        words: words.into(),
        amount: None,
        reference: None,
    }
}

fn tab(name: &str) -> Tab {
    Tab {
        id: TabId(Uuid::now_v7()),
        kind: Kind::Tab,
        name: name.into(),
        place: None,
        note: None,
        email: None,
        currency: Currency::Gbp,
        reference: "HF-TEST".into(),
        departs_on: None,
        opened_at: now(),
        opened_by: "Sam".into(),
        closed_at: None,
    }
}

async fn with_tabs(folder: &Path, names: &[&str]) -> SqliteLedger {
    let ledger = SqliteLedger::open(folder).unwrap();
    for name in names {
        ledger.add_tab(&tab(name), note(name)).await.unwrap();
    }
    ledger
}

async fn names(ledger: &SqliteLedger) -> Vec<String> {
    let mut names: Vec<_> = ledger.tabs(true, 100_000).await.unwrap();
    names.sort_by_key(|tab| tab.id);
    names.into_iter().map(|tab| tab.name).collect()
}

fn set_aside(folder: &Path, prefix: &str) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    entries
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with(prefix))
        .collect()
}

#[tokio::test]
async fn the_newest_of_seven_days_and_eight_weeks_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = with_tabs(folder.path(), &["one"]).await;
    // Twice a day for a hundred days from Monday 2 March to Tuesday 9 June.
    for half_day in 0..200 {
        let now = now() + TimeDelta::hours(12 * half_day);
        ledger.back_up(now, None).await.unwrap();
    }
    let kept: Vec<String> = ledger
        .backups()
        .await
        .unwrap()
        .into_iter()
        .map(|backup| backup.name)
        .collect();
    let expected = [
        // The newest of each of seven days,
        "2026-06-09",
        "2026-06-08",
        "2026-06-07",
        "2026-06-06",
        "2026-06-05",
        "2026-06-04",
        "2026-06-03",
        // and of each of eight weeks; the first two of them are among the days.
        "2026-05-31",
        "2026-05-24",
        "2026-05-17",
        "2026-05-10",
        "2026-05-03",
        "2026-04-26",
    ];
    assert_eq!(kept, expected.map(|day| format!("ledger-{day}T22-00-00.db")));
}

#[tokio::test]
async fn a_clock_that_was_wrong_once_does_not_push_out_what_was_just_taken() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = with_tabs(folder.path(), &["one"]).await;
    for day in 0..60 {
        let later = at("2031-01-01T00:00:00Z") + TimeDelta::days(day);
        ledger.back_up(later, None).await.unwrap();
    }
    let done = ledger.back_up(now(), None).await.unwrap();
    assert!(ledger.backups().await.unwrap().contains(&done.backup));
}

#[tokio::test(flavor = "multi_thread")]
async fn commits_go_on_during_a_backup_and_it_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Arc::new(with_tabs(folder.path(), &[]).await);
    // Large enough that it takes many steps.
    let long = "x".repeat(20_000);
    for _ in 0..300 {
        ledger.add_tab(&tab(&long), note(&long)).await.unwrap();
    }
    let busy = tokio::spawn({
        let ledger = Arc::clone(&ledger);
        async move {
            for _ in 0..100 {
                ledger.add_tab(&tab("during"), note("during")).await.unwrap();
            }
        }
    });
    let mut entries = Vec::new();
    for second in 0..5 {
        let done = ledger
            .back_up(now() + TimeDelta::seconds(second), None)
            .await
            .unwrap();
        entries.push(done.entries);
    }
    busy.await.unwrap();
    assert!(entries.is_sorted(), "{entries:?}");
    let done = ledger.back_up(now() + TimeDelta::days(1), None).await.unwrap();
    assert_eq!(done.entries, 400, "nothing committed is missing from a backup");
}

#[tokio::test]
async fn a_copy_that_is_not_sound_does_not_count() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = with_tabs(folder.path(), &["one"]).await;
    let good = ledger.back_up(now(), None).await.unwrap().backup;
    // A byte turns in the file while it is open; only the copy's check can find it.
    let other = rusqlite::Connection::open(folder.path().join("ledger.db")).unwrap();
    other
        .execute("UPDATE tab SET body = json_set(body, '$.name', 'two')", [])
        .unwrap();
    let refused = ledger.back_up(now() + TimeDelta::hours(4), None).await;
    assert!(matches!(refused, Err(LedgerError::Damaged(_))), "{refused:?}");
    assert_eq!(ledger.backups().await.unwrap(), [good]);
}

#[tokio::test]
async fn a_second_folder_gets_a_copy_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let second = tempfile::tempdir().unwrap();
    let data = folder.path().join("live");
    let ledger = with_tabs(&data, &["one"]).await;
    let done = ledger
        .back_up(now(), Some(second.path().to_owned()))
        .await
        .unwrap();
    assert_eq!(done.second, None);
    let copy = second.path().join("live").join(&done.backup.name);
    let first = data.join("backups").join(&done.backup.name);
    assert_eq!(std::fs::read(copy).unwrap(), std::fs::read(first).unwrap());

    let nowhere = second.path().join("live").join(&done.backup.name).join("x");
    let done = ledger
        .back_up(now() + TimeDelta::hours(4), Some(nowhere))
        .await
        .unwrap();
    assert!(done.second.is_some(), "a first copy counts without the second");
}

#[tokio::test]
async fn a_damaged_ledger_is_set_aside_whole_and_the_backup_that_knows_most_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = with_tabs(folder.path(), &["one"]).await;
    // The clock was a year ahead when this one was taken.
    ledger.back_up(now() + TimeDelta::days(365), None).await.unwrap();
    ledger.add_tab(&tab("two"), note("two")).await.unwrap();
    let best = ledger.back_up(now(), None).await.unwrap().backup;
    ledger.add_tab(&tab("three"), note("three")).await.unwrap();
    drop(ledger);
    let path = folder.path().join("ledger.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let half = bytes.len() / 2;
    bytes.truncate(half);
    std::fs::write(&path, &bytes).unwrap();

    assert!(matches!(
        SqliteLedger::open(folder.path()),
        Err(LedgerError::Damaged(_))
    ));
    assert_eq!(std::fs::read(&path).unwrap(), bytes, "refused untouched");

    let opened = SqliteLedger::open_or_restore(folder.path(), now()).unwrap();
    let restored = opened.restored.unwrap();
    assert_eq!(restored.backup.as_deref(), Some(best.name.as_str()));
    assert_eq!(names(&opened.ledger).await, ["one", "two"]);
    let aside = set_aside(folder.path(), "damaged-");
    assert_eq!(std::fs::read(aside[0].join("ledger.db")).unwrap(), bytes);
    drop(opened.ledger);

    let again = SqliteLedger::open_or_restore(folder.path(), now()).unwrap();
    assert_eq!(again.restored, None, "it happened once");
    assert_eq!(
        again.ledger.restored().await.unwrap(),
        Some(restored),
        "and stays known"
    );
}

#[tokio::test]
async fn without_a_good_backup_nothing_is_begun_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    drop(with_tabs(folder.path(), &["one"]).await);
    let path = folder.path().join("ledger.db");
    for bytes in [Vec::new(), b"garbage".repeat(2_000)] {
        std::fs::write(&path, &bytes).unwrap();
        let refused = SqliteLedger::open_or_restore(folder.path(), now());
        assert!(matches!(refused, Err(LedgerError::Damaged(_))));
        assert_eq!(std::fs::read(&path).unwrap(), bytes);
    }
    std::fs::remove_file(&path).unwrap();
    let refused = SqliteLedger::open_or_restore(folder.path(), now());
    assert!(
        matches!(refused, Err(LedgerError::Damaged(_))),
        "a lost file is no beginning"
    );
    assert!(set_aside(folder.path(), "damaged-").is_empty());
}

#[tokio::test]
async fn an_older_file_in_the_ledgers_place_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    drop(with_tabs(folder.path(), &["one"]).await);
    let older = std::fs::read(&path).unwrap();
    drop(with_tabs(folder.path(), &["two"]).await);
    std::fs::write(&path, &older).unwrap();
    let opened = SqliteLedger::open_or_restore(folder.path(), now()).unwrap();
    let restored = opened.restored.unwrap();
    assert_eq!((restored.backup, restored.set_aside), (None, None));
    assert_eq!(names(&opened.ledger).await, ["one"]);
    drop(opened.ledger);

    // With a backup that knows more, that one takes its place.
    let ledger = with_tabs(folder.path(), &["three"]).await;
    ledger.back_up(now(), None).await.unwrap();
    drop(ledger);
    std::fs::write(&path, &older).unwrap();
    let opened = SqliteLedger::open_or_restore(folder.path(), now()).unwrap();
    assert!(opened.restored.unwrap().backup.is_some());
    assert_eq!(names(&opened.ledger).await, ["one", "three"]);
}

#[tokio::test]
async fn a_person_may_put_an_older_backup_back() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = with_tabs(folder.path(), &["one"]).await;
    let old = ledger.back_up(now(), None).await.unwrap().backup;
    ledger.add_tab(&tab("two"), note("two")).await.unwrap();
    ledger.back_up(now() + TimeDelta::days(1), None).await.unwrap();
    assert_eq!(
        ledger.newer_than("ledger-x.db").await.unwrap_err().to_string(),
        LedgerError::NotFound.to_string()
    );
    let newer = ledger.newer_than(&old.name).await.unwrap();
    assert_eq!((newer.tabs, newer.operations, newer.lines), (1, 0, 0));
    assert!(matches!(
        SqliteLedger::restore(folder.path(), &old.name, now()),
        Err(LedgerError::InUse)
    ));
    drop(ledger);
    // The backup taken first must not push out the one that is put back, of the same day.
    SqliteLedger::restore(folder.path(), &old.name, now() + TimeDelta::minutes(1)).unwrap();
    let opened = SqliteLedger::open_or_restore(folder.path(), now()).unwrap();
    assert_eq!(opened.restored, None, "the older file is what was wanted");
    assert_eq!(names(&opened.ledger).await, ["one"]);
    assert!(opened.ledger.restored().await.unwrap().is_some());
    assert_eq!(set_aside(folder.path(), "replaced-").len(), 1);
    assert_eq!(opened.ledger.backups().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_ledger_of_the_first_format_is_sealed_when_it_opens() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let c = rusqlite::Connection::open(&path).unwrap();
    c.execute_batch(include_str!("../src/sqlite/schema.sql")).unwrap();
    let one = tab("one");
    c.execute(
        "INSERT INTO tab (id, body, opened_at) VALUES (?1, ?2, ?3)",
        [
            one.id.to_string(),
            serde_json::to_string(&one).unwrap(),
            one.opened_at.to_rfc3339(),
        ],
    )
    .unwrap();
    c.execute_batch(
        "PRAGMA application_id = 0x486F6C64; PRAGMA user_version = 1; PRAGMA journal_mode = WAL;",
    )
    .unwrap();
    drop(c);
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    assert_eq!(names(&ledger).await, ["one"]);
    drop(ledger);
    drop(SqliteLedger::open(folder.path()).unwrap());
}
