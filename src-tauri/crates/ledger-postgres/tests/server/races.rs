//! Two tills at once on one ledger, and a server that is killed under them.

use crate::cluster::{Cluster, open};
use holdfast_domain::{IntentStatus, Operation, OperationKind, OperationState};
use holdfast_ledger::prelude::*;
use holdfast_ledger::{Learnt, LedgerError};
use holdfast_ledger_conformance::runs::run;
use holdfast_ledger_conformance::sample::{authorised, line, note, operation, progress, rests_on, seen, tab};
use holdfast_ledger_postgres::PostgresLedger;
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Two tills of one venue.
fn two_tills(cluster: &Cluster) -> [Arc<PostgresLedger>; 2] {
    let venue = cluster.venue();
    ["Bar", "Desk"].map(|name| Arc::new(open(&cluster.till(venue, name))))
}

fn take(hold: &holdfast_domain::Hold, amount: i64) -> Operation {
    operation(hold.id, OperationKind::Capture, amount)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_tills_that_take_at_once_one_is_refused_and_nothing_is_taken_beyond_the_hold() {
    let [bar, desk] = two_tills(Cluster::shared());
    for _ in 0..40 {
        let hold = authorised(&*bar).await;
        let version = bar.hold(hold.id).await.unwrap().version;
        let (one, other) = (take(&hold, 6_000), take(&hold, 6_000));
        let (first, second) = tokio::join!(
            bar.intend(&one, rests_on(version), note("take")),
            desk.intend(&other, rests_on(version), note("take"))
        );
        let refused = match (&first, &second) {
            (Ok(_), Err(error)) | (Err(error), Ok(_)) => error,
            both => panic!("{both:?}"),
        };
        assert!(
            matches!(refused, LedgerError::Busy | LedgerError::Changed),
            "{refused:?}"
        );
        let decided = bar.operations(hold.id).await.unwrap();
        assert_eq!(decided.len(), 2, "the one that made the hold, and one take");
    }
    bar.verify_journal().await.unwrap();
}

/// While one till records that its take was done, another decides on what it saw before: never more is open and
/// taken together than was held.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_till_that_decides_while_another_records_never_takes_beyond_the_hold() {
    let [bar, desk] = two_tills(Cluster::shared());
    for _ in 0..40 {
        let hold = authorised(&*bar).await;
        let version = bar.hold(hold.id).await.unwrap().version;
        let first = take(&hold, 6_000);
        bar.intend(&first, rests_on(version), note("take")).await.unwrap();
        let learnt = Learnt {
            seen: Some(seen(IntentStatus::Authorized, &[6_000])),
            ..Learnt::default()
        };
        let done = Some(progress(first.id, OperationState::Succeeded));
        let second = take(&hold, 6_000);
        let (recorded, decided) = tokio::join!(
            bar.record(hold.id, learnt, done, vec![note("done")]),
            desk.intend(&second, rests_on(version), note("take"))
        );
        recorded.unwrap();
        let refused = decided.unwrap_err();
        assert!(
            matches!(
                refused,
                LedgerError::Busy | LedgerError::Changed | LedgerError::TooMuch
            ),
            "{refused:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn readings_of_two_tills_are_both_kept_one_after_the_other() {
    let [bar, desk] = two_tills(Cluster::shared());
    let hold = authorised(&*bar).await;
    for n in 0..20 {
        let reading = |text: &str| Learnt {
            link: Some(format!("https://pay.dojo.tech/{text}{n}")),
            ..Learnt::default()
        };
        let (one, other) = tokio::join!(
            bar.record(hold.id, reading("bar"), None, vec![note("read")]),
            desk.record(hold.id, reading("desk"), None, vec![note("read")])
        );
        one.unwrap();
        other.unwrap();
    }
    let kept = desk.hold(hold.id).await.unwrap();
    assert_eq!(kept.version, 1 + 40, "none was lost");
    assert_eq!(desk.verify_journal().await.unwrap(), 3 + 40);
    let moved = desk.movements(1, i64::MAX).await.unwrap();
    assert_eq!(moved.len(), 2, "opened and held, once each");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn lines_of_two_tills_are_all_on_the_bill() {
    let [bar, desk] = two_tills(Cluster::shared());
    let tab = tab("Amira");
    bar.add_tab(&tab, note("opened")).await.unwrap();
    for _ in 0..20 {
        let (beer, soup) = (line(tab.id, 600), line(tab.id, 800));
        let (one, other) = tokio::join!(
            bar.add_line(&beer, None, note("beer")),
            desk.add_line(&soup, None, note("soup"))
        );
        one.unwrap();
        other.unwrap();
    }
    assert_eq!(bar.lines(tab.id).await.unwrap().len(), 40);
    assert_eq!(bar.verify_journal().await.unwrap(), 41);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_managers_who_close_the_night_at_once_one_is_refused() {
    let [bar, desk] = two_tills(Cluster::shared());
    let hold = authorised(&*bar).await;
    for _ in 0..10 {
        let (one, other) = (run(&[hold.tab]), run(&[hold.tab]));
        let (first, second) = tokio::join!(
            bar.begin_run(&one, note("begun")),
            desk.begin_run(&other, note("begun"))
        );
        let (begun, refused) = match (first, second) {
            (Ok(()), Err(error)) => (one.id, error),
            (Err(error), Ok(())) => (other.id, error),
            both => panic!("{both:?}"),
        };
        assert!(matches!(refused, LedgerError::Busy), "{refused:?}");
        let ended = holdfast_ledger::RunState::Ended(holdfast_ledger_conformance::sample::now());
        bar.set_run_state(begun, ended, note("ended")).await.unwrap();
    }
}

#[tokio::test]
async fn a_till_reads_nothing_of_another_venue() {
    let cluster = Cluster::shared();
    let [bar, _] = two_tills(cluster);
    let [stranger, _] = two_tills(cluster);
    let hold = authorised(&*bar).await;
    assert!(!stranger.has_tabs().await.unwrap());
    assert!(stranger.accounts(vec![hold.tab]).await.unwrap().is_empty());
    let refused = [
        stranger.hold(hold.id).await.map(drop),
        stranger.tab(hold.tab).await.map(drop),
        stranger
            .intend(&take(&hold, 1), rests_on(1), note("take"))
            .await
            .map(drop),
        stranger
            .record(hold.id, Learnt::default(), None, vec![note("read")])
            .await
            .map(drop),
        stranger.add_line(&line(hold.tab, 1), None, note("line")).await,
    ];
    for refused in refused {
        assert!(matches!(refused, Err(LedgerError::NotFound)), "{refused:?}");
    }
    assert_eq!(stranger.verify_journal().await.unwrap(), 0);
    assert_eq!(bar.verify_journal().await.unwrap(), 3);
}

#[tokio::test]
async fn a_till_that_was_opened_elsewhere_writes_nothing_more() {
    let cluster = Cluster::shared();
    let till = cluster.till(cluster.venue(), "Bar");
    let former = open(&till);
    former.add_tab(&tab("Amira"), note("opened")).await.unwrap();
    let copy = open(&till);
    let refused = former.add_tab(&tab("Brandt"), note("opened")).await;
    assert!(matches!(refused, Err(LedgerError::Fenced)), "{refused:?}");
    copy.add_tab(&tab("Brandt"), note("opened")).await.unwrap();
    assert_eq!(copy.verify_journal().await.unwrap(), 2);
}

/// Whatever writes the hold at that moment is waited for, and what it wrote is looked at then.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_decision_waits_until_its_hold_is_written_and_looks_then() {
    let cluster = Cluster::shared();
    let [bar, _] = two_tills(cluster);
    let hold = authorised(&*bar).await;
    let version = bar.hold(hold.id).await.unwrap().version;
    let mut owner = cluster.client("owner").await;
    let writing = owner.transaction().await.unwrap();
    let sql = "UPDATE holdfast.hold SET version = version + 1 WHERE encode(id, 'hex') = $1";
    let written = writing.execute(sql, &[&hold.id.0.simple().to_string()]).await;
    assert_eq!(written.unwrap(), 1);
    let take = take(&hold, 100);
    let ends = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        writing.commit().await.unwrap();
    };
    let (decided, ()) = tokio::join!(bar.intend(&take, rests_on(version), note("take")), ends);
    assert!(matches!(decided, Err(LedgerError::Changed)), "{decided:?}");
}

/// A caller that hears of no permit sends nothing, so a decision that couldn't be kept has none.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_may_be_sent_while_the_server_is_away() {
    let cluster = Cluster::start();
    let [bar, _] = two_tills(&cluster);
    let hold = authorised(&*bar).await;
    let version = bar.hold(hold.id).await.unwrap().version;
    cluster.crash();
    let away = bar
        .intend(&take(&hold, 100), rests_on(version), note("take"))
        .await;
    assert!(matches!(away, Err(LedgerError::Unreachable)), "{away:?}");
    cluster.start_again();
    let decided = bar.operations(hold.id).await.unwrap();
    assert_eq!(decided.len(), 1, "the one that made the hold");
}

/// The server is killed again and again while a till adds lines: each that was confirmed is there, and
/// nothing that nobody wrote.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_killed_server_loses_nothing_that_it_confirmed() {
    let cluster = Arc::new(Cluster::start());
    let [bar, desk] = two_tills(&cluster);
    let tab = tab("Amira");
    bar.add_tab(&tab, note("opened")).await.unwrap();
    let goes_on = Arc::new(AtomicBool::new(true));
    let writers = [bar.clone(), desk.clone()].map(|till| {
        let (goes_on, tab) = (goes_on.clone(), tab.id);
        tokio::spawn(async move {
            let (mut kept, mut refused) = (Vec::new(), Vec::new());
            while goes_on.load(Ordering::Relaxed) {
                let line = line(tab, 1);
                match till.add_line(&line, None, note("line")).await {
                    Ok(()) => kept.push(line.id),
                    Err(LedgerError::Unreachable) => refused.push(line.id),
                    Err(error) => panic!("{error:?}"),
                }
            }
            (kept, refused)
        })
    });
    for _ in 0..5 {
        tokio::time::sleep(Duration::from_millis(700)).await;
        let cluster = cluster.clone();
        let killed = tokio::task::spawn_blocking(move || {
            cluster.crash();
            cluster.start_again();
        });
        killed.await.unwrap();
    }
    tokio::time::sleep(Duration::from_millis(700)).await;
    goes_on.store(false, Ordering::Relaxed);
    let (mut kept, mut refused) = (HashSet::new(), HashSet::new());
    for writer in writers {
        let (of_till, not_of_till) = writer.await.unwrap();
        kept.extend(of_till);
        refused.extend(not_of_till);
    }
    let on_bill = bar.lines(tab.id).await.unwrap();
    let on_bill: HashSet<_> = on_bill.iter().map(|line| line.id).collect();
    assert!(kept.len() > 20, "{} lines", kept.len());
    let lost: Vec<_> = kept.difference(&on_bill).collect();
    assert!(lost.is_empty(), "{lost:?} of {}", kept.len());
    // A server that stays away leaves it open whether the last call was carried out; nothing else does.
    let unasked: Vec<_> = on_bill
        .difference(&kept)
        .filter(|line| !refused.contains(line))
        .collect();
    assert!(unasked.is_empty(), "{unasked:?}");
    assert!(
        on_bill.len() <= kept.len() + 2 * 5,
        "{} of {}",
        on_bill.len(),
        kept.len()
    );
    let entries = bar.verify_journal().await.unwrap();
    assert_eq!(entries, 1 + i64::try_from(on_bill.len()).unwrap());
}
