//! A ledger that is worked with while its check still runs: what is read and written is verified first, and harm that
//! is found later stops everything.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod common;

use common::with_tabs;
use holdfast_domain::*;
use holdfast_ledger::prelude::*;
use holdfast_ledger::{ClosedFilter, Expect, Learnt, LedgerError, Note, Run, RunRow, RunState, SettingSeen};
use holdfast_ledger_conformance::sample::*;
use holdfast_ledger_sqlite::{Opened, SqliteLedger};
use std::path::Path;
use uuid::Uuid;

/// Changes the file past the guards, which are put back: the schema is a ledger's as before.
fn spoil(folder: &Path, sql: &str) {
    let c = rusqlite::Connection::open(folder.join("ledger.db")).unwrap();
    let guards = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'";
    let guards: Vec<(String, String)> = c
        .prepare(guards)
        .unwrap()
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    for (name, _) in &guards {
        c.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
    }
    assert_eq!(c.execute(sql, []).unwrap(), 1, "{sql}");
    for (_, sql) in &guards {
        c.execute_batch(sql).unwrap();
    }
}

/// The version of the closed tab's hold: it was read, and then taken from.
const READ_AND_TAKEN: Expect = rests_on(2);

/// One tab that is open, and one closed of which something was taken; with a backup.
async fn filled(folder: &Path) -> (Tab, Hold) {
    let ledger = with_tabs(folder, &["open"]).await;
    let (tab, hold) = opened(&ledger, "closed").await;
    read(&ledger, hold.id, seen(IntentStatus::Authorized, &[])).await;
    let take = operation(hold.id, OperationKind::Capture, 10_000);
    intend(&ledger, &take, note("take")).await.unwrap();
    done(&ledger, &take, seen(IntentStatus::Captured, &[10_000])).await;
    let on_tab = Note {
        tab: Some(tab.id),
        ..note("line")
    };
    ledger.add_line(&line(tab.id, 4_000), None, on_tab).await.unwrap();
    let known = raising("declined", FindingKey::Clock, None);
    ledger
        .set_setting("known", "yes", SettingSeen::Anything, known)
        .await
        .unwrap();
    let ended = ledger.finding(&FindingKey::Clock).await.unwrap().unwrap();
    let ended = Finding {
        ended_at: Some(now()),
        ..ended
    };
    ledger
        .put_findings(vec![ended], vec![note("over")])
        .await
        .unwrap();
    close_tab(&ledger, tab.id, now()).await;
    ledger.back_up(now(), None).await.unwrap();
    (tab, hold)
}

fn staged(folder: &Path) -> Opened {
    let opened = SqliteLedger::open_staged(folder, now()).unwrap();
    assert_eq!(opened.restored, None);
    assert!(opened.check_gate.is_some(), "the check is still to come");
    opened
}

fn is_refused<T: std::fmt::Debug>(done: Result<T, LedgerError>) -> bool {
    let is_refused = matches!(done, Err(LedgerError::NotSound));
    assert!(is_refused || done.is_ok(), "{done:?}");
    is_refused
}

#[tokio::test]
async fn a_sound_ledger_is_written_before_its_check_has_begun() {
    let folder = tempfile::tempdir().unwrap();
    let (closed, hold) = filled(folder.path()).await;
    let opened = staged(folder.path());
    let ledger = opened.ledger;
    assert_eq!(ledger.open_accounts(10).await.unwrap().len(), 1);
    ledger.add_tab(&tab("third"), note("third")).await.unwrap();
    let refund = operation(hold.id, OperationKind::Refund, 1_000);
    intend(&ledger, &refund, note("refund")).await.unwrap();
    set_closed(&ledger, closed.id, None).await;
    let page = ledger.closed_accounts(ClosedFilter::default(), None, 10).await;
    assert_eq!(page.unwrap().len(), 0);
    ledger.refuse_if_harmed().await.unwrap();
    assert!(
        ledger.checking_for().is_some(),
        "nothing of it waited for the check"
    );
    drop(opened.check_gate);
    ledger.checked().await.unwrap();
    assert!(ledger.checking_for().is_none());
    done(&ledger, &refund, seen(IntentStatus::Captured, &[10_000])).await;
    ledger.back_up(now(), None).await.unwrap();
    drop(ledger);
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    assert_eq!(ledger.tabs(true, 10).await.unwrap().len(), 3);
}

#[tokio::test]
async fn writing_goes_on_while_the_check_reads() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path()).await;
    let opened = staged(folder.path());
    drop(opened.check_gate);
    for number in 0..200 {
        let name = format!("tab {number}");
        opened.ledger.add_tab(&tab(&name), note(&name)).await.unwrap();
    }
    opened.ledger.checked().await.unwrap();
    drop(opened.ledger);
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    assert_eq!(ledger.tabs(true, 1_000).await.unwrap().len(), 201);
}

/// What is changed in the file, and which row that is.
const HARM: [(&str, &str); 7] = [
    (
        "tab",
        "UPDATE tab SET opened_at = opened_at + 1 WHERE closed_at IS NOT NULL",
    ),
    ("line", "UPDATE line SET seal = zeroblob(32)"),
    ("hold", "UPDATE hold SET captured = captured - 1"),
    (
        "operation",
        "UPDATE operation SET amount = amount - 1 WHERE kind = 1",
    ),
    (
        "movement",
        "UPDATE movement SET amount = amount - 1 WHERE kind = 2",
    ),
    (
        "journal",
        "UPDATE journal SET personal = NULL WHERE tab IS NOT NULL",
    ),
    ("finding", "UPDATE finding SET ended_at = ended_at + 1"),
];

#[tokio::test]
async fn money_never_moves_on_rows_that_were_changed() {
    for (row, harm) in HARM {
        let folder = tempfile::tempdir().unwrap();
        let (_, hold) = filled(folder.path()).await;
        spoil(folder.path(), harm);
        let path = folder.path().join("ledger.db");
        let before = std::fs::read(&path).unwrap();
        let opened = staged(folder.path());
        let ledger = opened.ledger;
        // Nothing was looked at before this.
        let refund = operation(hold.id, OperationKind::Refund, 1_000);
        let raises = raising("refund", FindingKey::Clock, None);
        assert!(
            is_refused(ledger.intend(&refund, READ_AND_TAKEN, raises).await.map(drop)),
            "{row}"
        );
        // And from here on nothing else is done either.
        assert!(
            is_refused(ledger.add_tab(&tab("third"), note("third")).await),
            "{row}"
        );
        assert!(is_refused(ledger.open_accounts(10).await), "{row}");
        assert!(is_refused(ledger.refuse_if_harmed().await), "{row}");
        let found = ledger.checked().await;
        assert!(matches!(found, Err(LedgerError::Damaged(_))), "{row}: {found:?}");
        drop((ledger, opened.check_gate));
        assert_eq!(
            std::fs::read(&path).unwrap(),
            before,
            "it is left as it was found"
        );
        let again = SqliteLedger::open_or_restore(folder.path(), now()).unwrap();
        assert!(again.restored.unwrap().backup.is_some(), "{row}");
    }
}

#[tokio::test]
async fn nothing_is_sealed_to_a_journal_whose_end_was_changed() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path()).await;
    let opened = staged(folder.path());
    spoil(
        folder.path(),
        "UPDATE journal SET personal = NULL WHERE seq = (SELECT max(seq) FROM journal)",
    );
    let ledger = opened.ledger;
    assert!(is_refused(ledger.add_tab(&tab("third"), note("third")).await));
}

#[tokio::test]
async fn every_write_on_a_hold_or_its_tab_is_refused_where_one_of_its_rows_was_changed() {
    let folder = tempfile::tempdir().unwrap();
    let (tab, hold) = filled(folder.path()).await;
    let take = {
        let ledger = SqliteLedger::open(folder.path()).unwrap();
        ledger.operations(hold.id).await.unwrap().pop().unwrap()
    };
    spoil(
        folder.path(),
        "UPDATE movement SET amount = amount - 1 WHERE kind = 2",
    );
    for write in 0..11 {
        let opened = staged(folder.path());
        let ledger = &opened.ledger;
        let new = holdfast_ledger_conformance::sample::hold(tab.id);
        let create = created(&new);
        let ended = RenewalEnded {
            at: now(),
            how: RenewalEnd::Done,
        };
        let note = note("written");
        let done = match write {
            0 => ledger.set_tab(&tab, note).await,
            1 => ledger.set_closed(tab.id, 0, None, None, note).await,
            2 => ledger.add_line(&line(tab.id, 1), None, note).await,
            3 => ledger.add_hold(&new, &create, None, note).await.map(drop),
            4 => {
                let recorded = ledger.record(hold.id, Learnt::default(), None, vec![note]);
                recorded.await.map(drop)
            }
            5 => ledger.mark_seen(take.id, note).await,
            6 => {
                let ended = ledger.end_ask(tab.id, take.id, None, None, vec![note]);
                ended.await.map(drop)
            }
            7 => ledger.say_refund(hold.id, None, said(1, 0, 0), note).await,
            8 => {
                let begun = renewal(&hold, &new);
                let begun = ledger.begin_renewal(&begun, &new, &create, READ_AND_TAKEN, vec![note]);
                begun.await.map(drop)
            }
            9 => ledger.end_renewal(hold.id, ended, vec![note]).await,
            _ => {
                let refund = operation(hold.id, OperationKind::Refund, 1_000);
                ledger.intend(&refund, READ_AND_TAKEN, note).await.map(drop)
            }
        };
        assert!(is_refused(done), "write {write}");
    }
}

#[tokio::test]
async fn what_is_read_of_changed_rows_is_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    let (tab, hold) = filled(folder.path()).await;
    spoil(folder.path(), "UPDATE hold SET captured = captured - 1");
    for read in 0..8 {
        let opened = staged(folder.path());
        let ledger = &opened.ledger;
        let is_refused = match read {
            0 => is_refused(ledger.tab(tab.id).await),
            1 => is_refused(ledger.lines(tab.id).await),
            2 => is_refused(ledger.hold(hold.id).await),
            3 => is_refused(ledger.holds(tab.id).await),
            4 => is_refused(ledger.operations(hold.id).await),
            5 => is_refused(ledger.accounts(vec![tab.id]).await),
            6 => is_refused(ledger.tabs(false, 10).await),
            _ => is_refused(ledger.closed_accounts(ClosedFilter::default(), None, 10).await),
        };
        assert!(is_refused, "read {read}");
    }
}

#[tokio::test]
async fn a_run_that_was_changed_is_not_continued() {
    for table in ["run", "run_row"] {
        let folder = tempfile::tempdir().unwrap();
        let (tab, _) = filled(folder.path()).await;
        let ledger = SqliteLedger::open(folder.path()).unwrap();
        let run = Run {
            id: RunId(Uuid::now_v7()),
            started_at: now(),
            by: Actor::staff("Sam"),
            stopped_at: None,
            ended_at: None,
            rows: vec![RunRow {
                tab: tab.id,
                name: tab.name,
                plan: "{}".to_owned(),
                ended: None,
            }],
        };
        ledger.begin_run(&run, note("begun")).await.unwrap();
        ledger.back_up(now(), None).await.unwrap();
        drop(ledger);
        let opened = staged(folder.path());
        opened
            .ledger
            .set_run_state(run.id, RunState::GoesOn, note("on"))
            .await
            .unwrap();
        drop(opened);
        spoil(folder.path(), &format!("UPDATE {table} SET seal = zeroblob(32)"));
        let opened = SqliteLedger::open_staged(folder.path(), now()).unwrap();
        assert!(
            opened.restored.is_some(),
            "{table}: it was open, so it was verified at once"
        );
    }
}

#[tokio::test]
async fn harm_that_only_the_check_finds_stops_everything_and_what_was_written_is_set_aside() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path()).await;
    spoil(folder.path(), "UPDATE line SET seal = zeroblob(32)");
    let path = folder.path().join("ledger.db");
    let before = std::fs::read(&path).unwrap();
    let opened = staged(folder.path());
    let ledger = opened.ledger;
    ledger.add_tab(&tab("third"), note("third")).await.unwrap();
    drop(opened.check_gate);
    let found = ledger.checked().await;
    assert!(matches!(found, Err(LedgerError::Damaged(_))), "{found:?}");
    assert!(is_refused(ledger.add_tab(&tab("fourth"), note("fourth")).await));
    assert!(is_refused(ledger.open_accounts(10).await));
    assert!(is_refused(ledger.search("third", 10).await));
    assert!(is_refused(ledger.back_up(now(), None).await.map(drop)));
    drop(ledger);
    let log = std::fs::read(folder.path().join("ledger.db-wal")).unwrap();
    assert_eq!(
        std::fs::read(&path).unwrap(),
        before,
        "what was written is in the log"
    );

    let again = SqliteLedger::open_or_restore(folder.path(), now()).unwrap();
    let restored = again.restored.unwrap();
    let aside = restored.set_aside.unwrap();
    assert_eq!(
        std::fs::read(Path::new(&aside).join("ledger.db-wal")).unwrap(),
        log
    );
    let names: Vec<String> = again
        .ledger
        .tabs(true, 10)
        .await
        .unwrap()
        .into_iter()
        .map(|tab| tab.name)
        .collect();
    assert_eq!(names, ["open"], "the backup knows nothing of the third");
}

#[tokio::test]
async fn what_reads_everything_waits_for_the_check() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path()).await;
    let opened = staged(folder.path());
    let ledger = &opened.ledger;
    let soon = std::time::Duration::from_millis(100);
    assert!(
        tokio::time::timeout(soon, ledger.search("closed", 10))
            .await
            .is_err()
    );
    assert!(tokio::time::timeout(soon, ledger.unreported()).await.is_err());
    assert!(
        tokio::time::timeout(soon, ledger.back_up(now(), None))
            .await
            .is_err()
    );
    drop(opened.check_gate);
    assert_eq!(ledger.search("closed", 10).await.unwrap().closed.len(), 1);
    assert_eq!(ledger.unreported().await.unwrap().last, None);
    ledger.back_up(now(), None).await.unwrap();
}

#[tokio::test]
async fn damage_in_what_is_open_is_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path()).await;
    spoil(
        folder.path(),
        "UPDATE tab SET opened_at = opened_at + 1 WHERE closed_at IS NULL",
    );
    let opened = SqliteLedger::open_staged(folder.path(), now()).unwrap();
    assert!(
        opened.restored.unwrap().backup.is_some(),
        "the backup is there at once"
    );
    let accounts = opened.ledger.open_accounts(10).await.unwrap();
    assert_eq!(accounts[0].tab.opened_at, now());
}

#[tokio::test]
async fn a_ledger_that_is_closed_while_it_is_checked_or_before_is_not_called_damaged() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path()).await;
    for number in 0..50 {
        let opened = staged(folder.path());
        let checked = opened.ledger.checked();
        let still_held_back = opened.check_gate.filter(|_| number % 2 == 0);
        drop(opened.ledger);
        checked.await.unwrap();
        drop(still_held_back);
    }
}
