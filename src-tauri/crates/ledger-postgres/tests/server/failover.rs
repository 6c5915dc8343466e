//! A primary that dies, and a standby that takes its place: what an asynchronous one lost is found and said, and a
//! synchronous one loses nothing.

use crate::cluster::{Pair, wait_for};
use holdfast_domain::{Actor, Event, Finding, ForgetReason, Operation, OperationKind, OperationState, TabId};
use holdfast_ledger::prelude::*;
use holdfast_ledger::{Change, HouseTopic, LedgerError};
use holdfast_ledger_conformance::sample::{
    authorised, close_tab, created, done, hold, intend, line, note, now, operation, progress, rests_on, seen,
    tab,
};
use holdfast_ledger_postgres::PostgresLedger;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn open(till: &holdfast_ledger_postgres::Server, folder: &Path) -> PostgresLedger {
    wait_for(PostgresLedger::open_with_record(till.clone(), folder)).unwrap()
}

async fn state(ledger: &PostgresLedger, operation: &Operation) -> Option<OperationState> {
    let known = ledger.operation(operation.id).await.unwrap();
    known.map(|known| known.state)
}

/// How many of the house's entries say that the ledger is older than it was.
async fn said(ledger: &PostgresLedger) -> usize {
    let entries = ledger.house_journal(HouseTopic::Restores, 100).await.unwrap();
    entries
        .iter()
        .filter(|entry| entry.event == Event::FoundOlder)
        .count()
}

/// What waits for a person because of it: the till that found it, and how many of its decisions were missing.
async fn found(ledger: &PostgresLedger) -> Vec<(String, u32)> {
    let open = ledger.findings().await.unwrap();
    let mut found: Vec<(String, u32)> = open
        .into_iter()
        .filter_map(|finding| {
            if let Event::CommitsLost { till, decisions } = finding.event {
                Some((till, decisions))
            } else {
                None
            }
        })
        .collect();
    found.sort();
    found
}

/// A take, and a tab that is opened with its hold, which the standby doesn't get.
struct Lost {
    take: Operation,
    tab: TabId,
    create: Operation,
}

async fn decide_what_gets_lost(bar: &PostgresLedger, held: &holdfast_domain::Hold) -> Lost {
    let take = operation(held.id, OperationKind::Capture, 4_000);
    intend(bar, &take, note("take")).await.unwrap();
    let tab = tab("Brandt");
    let hold = hold(tab.id);
    let create = Operation {
        state: OperationState::Intended,
        ..created(&hold)
    };
    bar.open_tab(&tab, &hold, &create, vec![note("opened")])
        .await
        .unwrap();
    Lost {
        take,
        tab: tab.id,
        create,
    }
}

/// What any till finds after that.
async fn assert_put_back(ledger: &PostgresLedger, lost: &Lost) {
    let unknown = Some(OperationState::Unknown);
    assert_eq!(state(ledger, &lost.take).await, unknown);
    assert_eq!(state(ledger, &lost.create).await, unknown);
    assert_eq!(
        ledger.tab(lost.tab).await.unwrap().name,
        "Brandt",
        "with its guest’s key"
    );
    let restored = ledger.restored().await.unwrap().unwrap();
    assert_eq!(restored.read_again_at, None, "every hold has to be read again");
    assert!(restored.knows_until.is_some() && restored.backup.is_none());
    assert_eq!(said(ledger).await, 1, "once for all tills");
    assert_eq!(found(ledger).await, [("Bar".to_owned(), 2)]);
    ledger.verify_journal().await.unwrap();
    let account = ledger.accounts(vec![lost.tab]).await.unwrap().remove(0);
    assert_eq!(account.holds.len(), 1);
    let moved = ledger.movements(1, i64::MAX).await.unwrap();
    let numbers: Vec<i64> = moved.iter().map(|movement| movement.seq).collect();
    let expected: Vec<i64> = (1..).take(moved.len()).collect();
    assert_eq!(numbers, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn commits_that_an_asynchronous_standby_lacks_are_found_and_said_at_work() {
    let pair = Pair::start();
    let venue = pair.venue();
    let [of_bar, of_desk] = [folder(), folder()];
    let (bar, desk) = (
        open(&pair.till(venue, "Bar"), of_bar.path()),
        open(&pair.till(venue, "Desk"), of_desk.path()),
    );
    let held = authorised(&bar).await;
    let before = desk.changes(None).await.unwrap().cursor;
    pair.wait_until_followed();
    pair.cut_off();
    let lost = decide_what_gets_lost(&bar, &held).await;
    let answered = operation(held.id, OperationKind::Capture, 1);
    assert!(matches!(
        intend(&bar, &answered, note("take")).await,
        Err(LedgerError::Busy)
    ));
    // The one till has seen what the other wrote; it decided nothing.
    desk.changes(Some(before)).await.unwrap();
    pair.fail_over();

    // It was made on what was seen before, and a person has to look again.
    let refused = bar.add_line(&line(held.tab, 1), None, note("line")).await;
    assert!(matches!(refused, Err(LedgerError::Changed)), "{refused:?}");
    assert_put_back(&bar, &lost).await;
    assert_put_back(&desk, &lost).await;
    let changes = desk.changes(Some(before)).await.unwrap();
    assert_ne!(
        changes.cursor.of, before.of,
        "sheets of before are of another ledger"
    );
    assert_eq!(changes.since, None, "all is read again");
    // A till that is opened again finds nothing more.
    drop(bar);
    let bar = open(&pair.till_again("Bar"), of_bar.path());
    assert_put_back(&bar, &lost).await;
    assert_eq!(bar.changes(None).await.unwrap().cursor.of, changes.cursor.of);
    bar.add_line(&line(held.tab, 1), None, note("line"))
        .await
        .unwrap();
    let told = desk.changes(Some(changes.cursor)).await.unwrap().since.unwrap();
    assert!(told.contains(&Change::Tab(held.tab)), "{told:?}");
    assert_eq!(bar.search("brandt", 10).await.unwrap().open, [lost.tab]);
    // What it's found by was put back with it.
    close_tab(&bar, lost.tab, now()).await;
    assert_eq!(desk.search("brandt", 10).await.unwrap().closed, [lost.tab]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn commits_that_were_lost_while_the_till_was_off_are_found_when_it_is_opened() {
    let pair = Pair::start();
    let venue = pair.venue();
    let of_bar = folder();
    let bar = open(&pair.till(venue, "Bar"), of_bar.path());
    let held = authorised(&bar).await;
    pair.wait_until_followed();
    pair.cut_off();
    let lost = decide_what_gets_lost(&bar, &held).await;
    drop(bar);
    pair.fail_over();
    let bar = open(&pair.till_again("Bar"), of_bar.path());
    assert_put_back(&bar, &lost).await;
}

/// What Dojo answered is true, whatever was lost meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_answer_of_dojos_is_recorded_though_its_decision_was_lost() {
    let pair = Pair::start();
    let of_bar = folder();
    let bar = open(&pair.till(pair.venue(), "Bar"), of_bar.path());
    let held = authorised(&bar).await;
    pair.wait_until_followed();
    pair.cut_off();
    let lost = decide_what_gets_lost(&bar, &held).await;
    pair.fail_over();
    done(
        &bar,
        &lost.take,
        seen(holdfast_domain::IntentStatus::Captured, &[4_000]),
    )
    .await;
    assert_eq!(state(&bar, &lost.take).await, Some(OperationState::Succeeded));
    assert_eq!(state(&bar, &lost.create).await, Some(OperationState::Unknown));
    assert_eq!(bar.hold(held.id).await.unwrap().captured(), 4_000);
    assert_eq!(said(&bar).await, 1);
    assert_eq!(found(&bar).await, [("Bar".to_owned(), 2)]);
    bar.verify_journal().await.unwrap();
}

/// What became of a request whose answer was recorded is asked of Dojo again: the record is gone, the decision isn't.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_decision_whose_outcome_was_lost_is_unclear_and_one_beside_another_is_for_a_person() {
    let pair = Pair::start();
    let venue = pair.venue();
    let [of_bar, of_desk] = [folder(), folder()];
    let (bar, desk) = (
        open(&pair.till(venue, "Bar"), of_bar.path()),
        open(&pair.till(venue, "Desk"), of_desk.path()),
    );
    let [first, second] = [authorised(&bar).await, authorised(&bar).await];
    let take = operation(first.id, OperationKind::Capture, 4_000);
    intend(&bar, &take, note("take")).await.unwrap();
    pair.wait_until_followed();
    pair.cut_off();
    done(
        &bar,
        &take,
        seen(holdfast_domain::IntentStatus::Captured, &[4_000]),
    )
    .await;
    let other = operation(second.id, OperationKind::Capture, 5_000);
    intend(&bar, &other, note("take")).await.unwrap();
    pair.fail_over();
    // The desk saw nothing of that, and decides on the same hold first.
    let of_desk = operation(second.id, OperationKind::Capture, 6_000);
    desk.intend(&of_desk, rests_on(1), note("take")).await.unwrap();
    assert_eq!(said(&desk).await, 0, "nobody knows yet");
    bar.hold(first.id).await.unwrap();
    assert_eq!(state(&bar, &take).await, Some(OperationState::Unknown));
    assert_eq!(state(&bar, &other).await, Some(OperationState::Conflict));
    assert_eq!(state(&bar, &of_desk).await, Some(OperationState::Intended));
    assert_eq!(said(&desk).await, 1);
    desk.verify_journal().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn each_till_says_what_it_lost_once_and_a_person_who_has_seen_it_hears_no_more() {
    let pair = Pair::start();
    let venue = pair.venue();
    let [of_bar, of_desk] = [folder(), folder()];
    let (bar, desk) = (
        open(&pair.till(venue, "Bar"), of_bar.path()),
        open(&pair.till(venue, "Desk"), of_desk.path()),
    );
    let held = [authorised(&bar).await, authorised(&bar).await];
    pair.wait_until_followed();
    pair.cut_off();
    for (till, hold) in [&bar, &desk].into_iter().zip(&held) {
        let take = operation(hold.id, OperationKind::Capture, 4_000);
        intend(till, &take, note("take")).await.unwrap();
    }
    pair.fail_over();
    bar.hold(held[0].id).await.unwrap();
    desk.hold(held[1].id).await.unwrap();
    let both = [("Bar".to_owned(), 1), ("Desk".to_owned(), 1)];
    assert_eq!(found(&bar).await, both);
    assert_eq!(said(&bar).await, 1, "once for all tills");
    for finding in bar.findings().await.unwrap() {
        let seen = Finding {
            ended_at: Some(finding.at),
            seen_by: Some(Actor::staff("Sam")),
            ..finding
        };
        bar.put_findings(vec![seen], Vec::new()).await.unwrap();
    }
    drop((bar, desk));
    let bar = open(&pair.till_again("Bar"), of_bar.path());
    assert_eq!(found(&bar).await, []);
    bar.verify_journal().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_synchronous_pair_loses_nothing() {
    let pair = Pair::start();
    pair.make_synchronous();
    let venue = pair.venue();
    let of_bar = folder();
    let bar = open(&pair.till(venue, "Bar"), of_bar.path());
    let held = authorised(&bar).await;
    let cursor = bar.changes(None).await.unwrap().cursor;
    let lost = decide_what_gets_lost(&bar, &held).await;
    pair.fail_over();
    assert_eq!(state(&bar, &lost.take).await, Some(OperationState::Intended));
    assert_eq!(state(&bar, &lost.create).await, Some(OperationState::Intended));
    assert_eq!(bar.restored().await.unwrap(), None);
    assert_eq!(bar.changes(Some(cursor)).await.unwrap().cursor.of, cursor.of);
    bar.add_line(&line(held.tab, 1), None, note("line"))
        .await
        .unwrap();
    bar.verify_journal().await.unwrap();
}

/// The primary is killed in each commit of a take: at once, and a moment later.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_primary_that_is_killed_in_any_commit_of_a_take_loses_nothing_with_a_synchronous_standby() {
    for step in 0..3 {
        for delay in [0, 3] {
            let pair = Arc::new(Pair::start());
            pair.make_synchronous();
            let of_bar = folder();
            let bar = Arc::new(open(&pair.till(pair.venue(), "Bar"), of_bar.path()));
            let held = authorised(&*bar).await;
            let take = operation(held.id, OperationKind::Capture, 4_000);
            if step > 0 {
                intend(&*bar, &take, note("take")).await.unwrap();
            }
            if step > 1 {
                let accepted = progress(take.id, OperationState::Accepted);
                let learnt = holdfast_ledger::Learnt::default();
                bar.record(held.id, learnt, Some(accepted), vec![note("sent")])
                    .await
                    .unwrap();
            }
            let killed = {
                let pair = pair.clone();
                tokio::task::spawn_blocking(move || {
                    std::thread::sleep(Duration::from_millis(delay));
                    pair.fail_over();
                })
            };
            let after = [
                OperationState::Intended,
                OperationState::Accepted,
                OperationState::Succeeded,
            ][step];
            let done = if step == 0 {
                bar.intend(&take, rests_on(1), note("take")).await.map(drop)
            } else {
                let moved = progress(take.id, after);
                let learnt = holdfast_ledger::Learnt::default();
                bar.record(held.id, learnt, Some(moved), vec![note("said")])
                    .await
                    .map(drop)
            };
            killed.await.unwrap();
            let found = state(&bar, &take).await;
            match done {
                Ok(()) => assert_eq!(found, Some(after), "{step}, {delay} ms"),
                // Nothing that its author could rely on: then it's there or it isn't.
                Err(LedgerError::Unreachable) => {}
                Err(error) => panic!("{step}, {delay} ms: {error:?}"),
            }
            assert_eq!(bar.restored().await.unwrap(), None, "{step}, {delay} ms");
            assert_eq!(said(&bar).await, 0, "{step}, {delay} ms");
            bar.verify_journal().await.unwrap();
        }
    }
}

/// A server that is put back to an earlier time has the keys of guests who asked to be forgotten since.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_was_forgotten_is_forgotten_again_on_a_server_that_still_knows_them() {
    let pair = Pair::start();
    let venue = pair.venue();
    let [of_bar, of_desk] = [folder(), folder()];
    let (bar, desk) = (
        open(&pair.till(venue, "Bar"), of_bar.path()),
        open(&pair.till(venue, "Desk"), of_desk.path()),
    );
    let cursor = desk.changes(None).await.unwrap().cursor;
    let (amira, brandt, chen) = (tab("Amira"), tab("Brandt"), tab("Chen"));
    for tab in [&amira, &brandt, &chen] {
        bar.add_tab(tab, note("opened")).await.unwrap();
    }
    close_tab(&bar, amira.id, now()).await;
    close_tab(&bar, chen.id, now()).await;
    pair.wait_until_followed();
    pair.cut_off();
    // One that is open at the time to which the server goes back.
    close_tab(&bar, brandt.id, now()).await;
    let forgotten = holdfast_ledger::Note {
        event: Event::GuestsForgotten {
            tabs: 2,
            why: ForgetReason::Asked,
        },
        personal: holdfast_domain::Personal::default(),
        ..note("")
    };
    bar.forget(vec![amira.id, brandt.id], forgotten).await.unwrap();
    // The other till hears of it. The one where it was done never comes back.
    desk.changes(Some(cursor)).await.unwrap();
    drop(bar);
    pair.fail_over();

    assert_eq!(desk.tab(chen.id).await.unwrap().name, "Chen");
    assert!(desk.tab(amira.id).await.unwrap().is_forgotten);
    assert_eq!(desk.search("amira", 10).await.unwrap().closed, []);
    assert_eq!(desk.tab(brandt.id).await.unwrap().name, "Brandt", "it is open");
    let entries = desk.house_journal(HouseTopic::Anything, 100).await.unwrap();
    let again = Event::GuestsForgotten {
        tabs: 1,
        why: ForgetReason::Again,
    };
    assert_eq!(entries.iter().filter(|entry| entry.event == again).count(), 1);
    desk.verify_journal().await.unwrap();
    // As soon as it may be. The till looks twice a minute, and when it is opened.
    close_tab(&desk, brandt.id, now()).await;
    drop(desk);
    let desk = open(&pair.till_again("Desk"), of_desk.path());
    assert!(desk.tab(brandt.id).await.unwrap().is_forgotten);
    let second = pair.second().await;
    let known = "SELECT count(*) FROM holdfast.guest_key WHERE key <> decode(repeat('00', 32), 'hex')";
    assert_eq!(second.query_one(known, &[]).await.unwrap().get::<_, i64>(0), 1);
    // It's done, and not said again.
    drop(desk);
    let desk = open(&pair.till_again("Desk"), of_desk.path());
    let entries = desk.house_journal(HouseTopic::Anything, 100).await.unwrap();
    assert_eq!(entries.iter().filter(|entry| entry.event == again).count(), 2);
}
