//! The open tabs that a till keeps in memory are those of the ledger, whoever wrote them.

use crate::cluster::{Cluster, open};
use holdfast_domain::{Tab, TabId};
use holdfast_ledger::prelude::*;
use holdfast_ledger::{Account, ClosedFilter, Cursor};
use holdfast_ledger_conformance::sample::{authorised, close_tab, line, note, now, opened, set_closed, tab};
use holdfast_ledger_postgres::PostgresLedger;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

/// As many as a venue has at most in these stories.
const ALL: i64 = 1_000;

/// What the ledger has, read without anything that a till keeps.
async fn truth(ledger: &PostgresLedger, known: &[TabId]) -> Vec<Account> {
    let mut all = ledger.accounts(known.to_vec()).await.unwrap();
    all.retain(|account| account.tab.closed_at.is_none());
    all.sort_by_key(|account| std::cmp::Reverse((account.tab.opened_at, account.tab.id.0)));
    all
}

/// One deed of a person at a till: something is opened, held, written on a bill, renamed, closed or opened again.
async fn act(till: &PostgresLedger, random: &mut StdRng, known: &mut Vec<TabId>) {
    let one = known.get(random.random_range(0..known.len().max(1))).copied();
    match (random.random_range(0..6), one) {
        (0, _) | (_, None) => {
            let new = tab(&format!("Guest {}", known.len()));
            known.push(new.id);
            till.add_tab(&new, note("opened")).await.unwrap();
        }
        (1, _) => known.push(authorised(till).await.tab),
        (2, _) => known.push(opened(till, "Brandt").await.0.id),
        (3, Some(tab)) => {
            // A closed tab refuses it, and so nothing changes.
            let _ = till.add_line(&line(tab, 450), None, note("added")).await;
        }
        (4, Some(id)) => {
            let was: Tab = till.tab(id).await.unwrap();
            let renamed = Tab {
                name: format!("{}, at the window", was.name),
                ..was
            };
            let _ = till.set_tab(&renamed, note("renamed")).await;
        }
        (_, Some(tab)) if till.tab(tab).await.unwrap().closed_at.is_some() => {
            set_closed(till, tab, None).await;
        }
        (_, Some(tab)) => close_tab(till, tab, now()).await,
    }
}

#[tokio::test]
async fn what_a_till_keeps_of_the_floor_is_what_the_ledger_has() {
    let cluster = Cluster::shared();
    let seed = 0x5eed;
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let venue = cluster.venue();
    let tills = ["Bar", "Desk"].map(|name| open(&cluster.till(venue, name)));
    let owner = cluster.client("owner").await;
    let (mut known, mut cursors) = (Vec::new(), [None::<Cursor>; 2]);
    for step in 0..200 {
        let writer = random.random_range(0..2);
        act(&tills[writer], &mut random, &mut known).await;
        if step % 40 == 39 {
            // A till that was asleep for a week: what it missed isn't kept any more.
            let sql = format!("DELETE FROM holdfast.change WHERE venue = {venue}");
            owner.batch_execute(&sql).await.unwrap();
        }
        // Who wrote knows it at once.
        let all = truth(&tills[writer], &known).await;
        assert_eq!(
            tills[writer].open_accounts(ALL).await.unwrap(),
            all,
            "step {step}"
        );
        // The other one, as soon as it has heard of it.
        let other = 1 - writer;
        cursors[other] = Some(tills[other].changes(cursors[other]).await.unwrap().cursor);
        assert_eq!(tills[other].open_accounts(ALL).await.unwrap(), all, "step {step}");
        let few = tills[other].open_accounts(3).await.unwrap();
        assert_eq!(few, all.into_iter().take(3).collect::<Vec<_>>());
    }
    let closed = tills[0]
        .closed_accounts(ClosedFilter::default(), None, ALL)
        .await
        .unwrap();
    assert!(!closed.is_empty(), "some were closed");
}

/// A till's connections by when each of them last asked something, the latest first.
async fn questions(owner: &tokio_postgres::Client, venue: i32) -> Vec<(i32, String)> {
    let sql = "SELECT a.pid, a.query_start::text FROM pg_stat_activity a
                 JOIN holdfast.till t ON t.role_name = a.usename
                WHERE t.venue = $1 ORDER BY a.query_start DESC";
    let rows = owner.query(sql, &[&venue]).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

#[tokio::test]
async fn a_floor_that_nobody_changed_costs_no_question() {
    let cluster = Cluster::shared();
    let venue = cluster.venue();
    let till = open(&cluster.till(venue, "Bar"));
    authorised(&till).await;
    let first = till.open_accounts(ALL).await.unwrap();
    let owner = cluster.client("owner").await;
    // What the feed said counts for a second. A computer that's busy may take longer, so there are several tries.
    for _ in 0..50 {
        till.changes(None).await.unwrap();
        let before = questions(&owner, venue).await;
        assert_eq!(till.open_accounts(ALL).await.unwrap(), first);
        assert!(
            before.len() > 1,
            "the feed has a connection of its own: {before:?}"
        );
        if questions(&owner, venue).await == before {
            return;
        }
    }
    panic!("the server was asked each time");
}
