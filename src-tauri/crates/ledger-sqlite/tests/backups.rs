//! Backups on real files: when they count, and which are kept.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod common;

use chrono::TimeDelta;
use common::with_tabs;
use holdfast_ledger::prelude::*;
use holdfast_ledger::{LedgerError, NoSecondCopy, SecondFolder};
use holdfast_ledger_conformance::sample::{at, note, now, tab};
use holdfast_ledger_sqlite::{LedgerHome, NotBroughtBack, SqliteLedger};
use holdfast_sealed_copy::{NotOpened, Phrase};
use std::sync::Arc;

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
async fn what_was_saved_before_an_upgrade_outlives_the_days_later_backups() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = with_tabs(folder.path(), &["one"]).await;
    let taken = |hours: i64| ledger.back_up(now() + TimeDelta::hours(hours), None);
    // The version before this one backed up twice that day; its file says so in its header.
    let earlier = [taken(0).await.unwrap(), taken(1).await.unwrap()].map(|done| done.backup.name);
    for name in &earlier {
        let file = rusqlite::Connection::open(folder.path().join("backups").join(name)).unwrap();
        file.pragma_update(None, "user_version", 7).unwrap();
    }
    let mut kept = Vec::new();
    for hours in 2..5 {
        taken(hours).await.unwrap();
        let all = ledger.backups().await.unwrap();
        kept = all.into_iter().map(|backup| backup.name).collect();
    }
    assert_eq!(kept.len(), 2, "{kept:?}");
    assert_eq!(kept[1], earlier[1], "the way back is gone");
}

#[tokio::test]
async fn an_old_backup_that_cannot_be_deleted_spoils_neither_the_new_one_nor_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = with_tabs(folder.path(), &["one"]).await;
    ledger.back_up(now(), None).await.unwrap();
    // Called as one of long ago, and no file: it can't be deleted as one.
    let stuck = folder.path().join("backups/ledger-2026-01-01T10-00-00.db");
    std::fs::create_dir_all(stuck.join("inside")).unwrap();
    let deleted = folder.path().join("backups/ledger-2026-01-01T09-00-00.db");
    std::fs::write(&deleted, "").unwrap();
    for hours in [100 * 24, 101 * 24] {
        let done = ledger.back_up(now() + TimeDelta::hours(hours), None).await;
        assert!(done.is_ok(), "{done:?}");
    }
    assert!(stuck.exists());
    assert!(!deleted.exists(), "it waited for one that stays");
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
    other.execute("UPDATE tab SET opened_by = 'two'", []).unwrap();
    let refused = ledger.back_up(now() + TimeDelta::hours(4), None).await;
    assert!(matches!(refused, Err(LedgerError::Damaged(_))), "{refused:?}");
    assert_eq!(ledger.backups().await.unwrap(), [good]);
}

fn to(folder: &std::path::Path) -> SecondFolder {
    SecondFolder {
        sealed_for: None,
        path: folder.to_owned(),
        till: None,
        within: std::time::Duration::from_secs(60),
    }
}

#[tokio::test]
async fn a_second_folder_gets_a_copy_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let second = tempfile::tempdir().unwrap();
    let data = folder.path().join("live");
    let ledger = with_tabs(&data, &["one"]).await;
    let done = ledger.back_up(now(), Some(to(second.path()))).await.unwrap();
    assert_eq!(done.second, None);
    let copy = second.path().join("live").join(&done.backup.name);
    let first = data.join("backups").join(&done.backup.name);
    assert_eq!(std::fs::read(copy).unwrap(), std::fs::read(first).unwrap());

    let nowhere = second.path().join("live").join(&done.backup.name).join("x");
    let done = ledger
        .back_up(now() + TimeDelta::hours(4), Some(to(&nowhere)))
        .await
        .unwrap();
    assert!(
        matches!(done.second, Some(NoSecondCopy::Failed(_))),
        "a first copy counts without the second"
    );
}

#[tokio::test]
async fn an_encrypted_copy_shows_nothing_and_comes_back_with_its_phrase() {
    let folder = tempfile::tempdir().unwrap();
    let second = tempfile::tempdir().unwrap();
    let data = folder.path().join("live");
    let ledger = with_tabs(&data, &["Ottoline Quayle"]).await;
    let phrase = Phrase::draw().unwrap();
    let words = phrase.words().collect::<Vec<_>>().join(" ");
    let sealed = SecondFolder {
        sealed_for: Some(phrase.recipient()),
        ..to(second.path())
    };
    let done = ledger.back_up(now(), Some(sealed.clone())).await.unwrap();
    assert_eq!(done.second, None);
    let copies = second.path().join("live");
    let names: Vec<_> = std::fs::read_dir(&copies)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(names, [format!("{}.age", done.backup.name)]);
    let copy = copies.join(&names[0]);
    let bytes = std::fs::read(&copy).unwrap();
    assert!(!bytes.windows(8).any(|part| part == b"SQLite f"));

    // A key that can't be read makes no copy, least of all a plain one.
    let unreadable = SecondFolder {
        sealed_for: Some("age1nonsense".to_owned()),
        ..to(second.path())
    };
    let later = now() + TimeDelta::hours(4);
    let refused = ledger.back_up(later, Some(unreadable)).await.unwrap().second;
    assert!(matches!(refused, Some(NoSecondCopy::Failed(_))), "{refused:?}");
    assert_eq!(
        std::fs::read_dir(&copies)
            .unwrap()
            .filter(|entry| {
                let name = entry.as_ref().unwrap().file_name().into_string().unwrap();
                std::path::Path::new(&name)
                    .extension()
                    .is_some_and(|ending| ending == "db")
            })
            .count(),
        0
    );

    // On a new PC, under a name that somebody gave it.
    let renamed = second.path().join("from the stick.age");
    std::fs::copy(&copy, &renamed).unwrap();
    let new_pc = tempfile::tempdir().unwrap();
    let home = LedgerHome::at(new_pc.path());
    let wrong = home.bring_back(renamed.clone(), Phrase::draw().unwrap()).await;
    assert!(
        matches!(wrong, Err(NotBroughtBack::NotOpened(NotOpened::WrongPhrase))),
        "{wrong:?}"
    );
    assert_eq!(home.backups().await.unwrap(), []);
    for from in [copy, renamed] {
        home.bring_back(from, Phrase::read(&words).unwrap())
            .await
            .unwrap();
    }
    let brought = home.backups().await.unwrap();
    assert_eq!(brought.len(), 2);
    assert!(brought.iter().any(|backup| backup.name == done.backup.name));
    drop(SqliteLedger::open_or_restore(new_pc.path(), now()).unwrap());
    home.restore(&done.backup.name, now()).await.unwrap();
    let restored = SqliteLedger::open(new_pc.path()).unwrap();
    assert_eq!(restored.tabs(true, 10).await.unwrap()[0].name, "Ottoline Quayle");
}

#[tokio::test]
async fn copies_from_before_the_phrase_grow_old_with_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let second = tempfile::tempdir().unwrap();
    let data = folder.path().join("live");
    let ledger = with_tabs(&data, &["one"]).await;
    ledger.back_up(now(), Some(to(second.path()))).await.unwrap();
    let sealed = SecondFolder {
        sealed_for: Some(Phrase::draw().unwrap().recipient()),
        ..to(second.path())
    };
    for day in 1..70 {
        let later = now() + TimeDelta::days(day);
        ledger.back_up(later, Some(sealed.clone())).await.unwrap();
    }
    let kept: Vec<_> = std::fs::read_dir(second.path().join("live"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(kept.iter().all(|name| name.ends_with(".age")), "{kept:?}");
    assert!(kept.len() < 16, "{kept:?}");
}

#[tokio::test]
async fn what_a_cut_left_in_the_clear_is_deleted_when_the_ledger_is_opened() {
    for is_staged in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        drop(with_tabs(folder.path(), &["one"]).await);
        let backups = folder.path().join("backups");
        std::fs::create_dir_all(&backups).unwrap();
        let left = ["opened.part", "opened.part-journal", "backup.part"].map(|name| backups.join(name));
        for path in &left {
            std::fs::write(path, "SQLite format 3 and a guest").unwrap();
        }
        if is_staged {
            drop(SqliteLedger::open_staged(folder.path(), now()).unwrap());
        } else {
            drop(SqliteLedger::open(folder.path()).unwrap());
        }
        for path in left {
            assert!(!path.exists(), "{} {is_staged}", path.display());
        }
    }
}

fn names(folder: &std::path::Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn encrypted_copies_are_kept_by_day_and_week_as_plain_ones_are() {
    let folder = tempfile::tempdir().unwrap();
    let second = tempfile::tempdir().unwrap();
    let data = folder.path().join("live");
    let ledger = with_tabs(&data, &["one"]).await;
    let sealed = SecondFolder {
        sealed_for: Some(Phrase::draw().unwrap().recipient()),
        ..to(second.path())
    };
    for half_day in 0..140 {
        let now = now() + TimeDelta::hours(12 * half_day);
        ledger.back_up(now, Some(sealed.clone())).await.unwrap();
    }
    let plain = names(&data.join("backups"));
    let expected: Vec<String> = plain.iter().map(|name| format!("{name}.age")).collect();
    assert_eq!(names(&second.path().join("live")), expected);
}

#[tokio::test]
async fn two_tills_in_one_second_folder_push_out_none_of_each_others_copies() {
    let folder = tempfile::tempdir().unwrap();
    let second = tempfile::tempdir().unwrap();
    let of_till = |till: &str| SecondFolder {
        till: Some(till.to_owned()),
        ..to(second.path())
    };
    let mut made = Vec::new();
    for (till, hour) in [("till-a", 0), ("till-b", 1)] {
        let ledger = with_tabs(&folder.path().join(till).join("live"), &[till]).await;
        let done = ledger
            .back_up(now() + TimeDelta::hours(hour), Some(of_till(till)))
            .await
            .unwrap();
        assert_eq!(done.second, None);
        made.push((till, done.backup.name));
    }
    for (till, name) in made {
        assert_eq!(names(&second.path().join(till).join("live")), [name]);
    }
}

#[tokio::test]
async fn copies_in_the_former_place_stay_until_they_are_too_old() {
    let folder = tempfile::tempdir().unwrap();
    let second = tempfile::tempdir().unwrap();
    let ledger = with_tabs(&folder.path().join("live"), &["one"]).await;
    let phrase = Phrase::draw().unwrap();
    let words = phrase.words().collect::<Vec<_>>().join(" ");
    let former = SecondFolder {
        sealed_for: Some(phrase.recipient()),
        ..to(second.path())
    };
    ledger.back_up(now(), Some(former.clone())).await.unwrap();
    let theirs = second.path().join("live/somebody's.txt");
    std::fs::write(&theirs, "theirs").unwrap();
    let today = SecondFolder {
        till: Some("till-a".to_owned()),
        ..former
    };
    for day in 1..57 {
        let later = now() + TimeDelta::days(day);
        ledger.back_up(later, Some(today.clone())).await.unwrap();
        assert_eq!(names(&second.path().join("live")).len(), 2, "on day {day}");
    }
    // What lies there is found as any copy is, by its place.
    let new_pc = tempfile::tempdir().unwrap();
    let copy = second
        .path()
        .join("live")
        .join(&names(&second.path().join("live"))[0]);
    let home = LedgerHome::at(new_pc.path());
    home.bring_back(copy, Phrase::read(&words).unwrap())
        .await
        .unwrap();
    for day in 57..60 {
        let later = now() + TimeDelta::days(day);
        ledger.back_up(later, Some(today.clone())).await.unwrap();
    }
    assert_eq!(names(&second.path().join("live")), ["somebody's.txt"]);
}
