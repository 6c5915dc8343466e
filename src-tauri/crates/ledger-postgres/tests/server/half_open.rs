//! A connection that is open at the till and dead in the middle: nobody says so, and the till's own time limits find
//! it.

use crate::cluster::{Cluster, open};
use crate::wire::Wire;
use holdfast_domain::OperationKind;
use holdfast_ledger::LedgerError;
use holdfast_ledger::prelude::*;
use holdfast_ledger_conformance::sample::{authorised, line, note, operation, rests_on, tab};
use std::sync::Arc;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_decision_into_a_silent_wire_is_made_once_or_refused_and_the_till_works_again() {
    let cluster = Cluster::shared();
    let wire = Wire::to(&cluster.socket()).await;
    let venue = cluster.venue();
    let bar = Arc::new(open(&wire.till(&cluster.enrol(venue, "Bar"))));
    let desk = open(&cluster.till(venue, "Desk"));
    let held = authorised(&*bar).await;
    let version = bar.hold(held.id).await.unwrap().version;
    let cursor = bar.changes(None).await.unwrap().cursor;
    let before = wire.made();

    wire.go_silent();
    let take = operation(held.id, OperationKind::Capture, 4_000);
    let (till, sent) = (bar.clone(), take.clone());
    let deciding = tokio::spawn(async move { till.intend(&sent, rests_on(version), note("take")).await });
    let heard = bar.changes(Some(cursor)).await;
    assert!(matches!(heard, Err(LedgerError::Unreachable)), "{heard:?}");
    // Nobody waits for what is known to be away.
    let refused = bar.add_line(&line(held.tab, 700), None, note("line")).await;
    assert!(matches!(refused, Err(LedgerError::Unreachable)), "{refused:?}");
    assert!(!deciding.is_finished());
    // The others go on.
    let of_desk = line(held.tab, 800);
    desk.add_line(&of_desk, None, note("line")).await.unwrap();
    // The feed's second try and the look-up of the decision. What was sent into the silence arrives with it.
    wire.wait_until_made(before + 2).await;
    wire.speak();

    let decided = match deciding.await.unwrap() {
        Ok(_) => true,
        Err(LedgerError::Unreachable) => false,
        other => panic!("{other:?}"),
    };
    let heard = bar.changes(Some(cursor)).await.unwrap();
    assert!(heard.since.is_some_and(|since| !since.is_empty()));
    let after = line(held.tab, 900);
    bar.add_line(&after, None, note("line")).await.unwrap();
    let lines = bar.lines(held.tab).await.unwrap();
    let lines: Vec<_> = lines.iter().map(|line| line.id).collect();
    assert_eq!(lines, [of_desk.id, after.id]);
    let known = bar.operation(take.id).await.unwrap();
    assert_eq!(known.is_some(), decided, "as it was told");
    assert_eq!(bar.verify_journal().await.unwrap(), 3 + 2 + i64::from(decided));
}

/// As a firewall leaves them that forgets what was idle: nothing comes back on them, and new ones work.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn connections_that_died_unnoticed_keep_no_call_from_a_server_that_is_there() {
    let cluster = Cluster::shared();
    let wire = Wire::to(&cluster.socket()).await;
    let bar = open(&wire.till(&cluster.enrol(cluster.venue(), "Bar")));
    let tab = tab("Amira");
    bar.add_tab(&tab, note("opened")).await.unwrap();
    // As many as a till has.
    let asked = || bar.tab(tab.id);
    let (one, two, three, four) = tokio::join!(asked(), asked(), asked(), asked());
    for found in [one, two, three, four] {
        found.unwrap();
    }
    let before = wire.made();
    wire.forget_connections();
    assert_eq!(bar.tab(tab.id).await.unwrap().name, "Amira");
    // What it found of one it knows of all.
    bar.add_line(&line(tab.id, 600), None, note("line"))
        .await
        .unwrap();
    assert_eq!(wire.made(), before + 1);
    assert_eq!(bar.verify_journal().await.unwrap(), 2);
}
