//! The till that has the watch deletes what is kept for two days only.

use crate::cluster::{Cluster, open};
use holdfast_ledger::prelude::*;
use holdfast_ledger::{Change, Duty, Lease};
use holdfast_ledger_conformance::sample::{note, tab};

/// How many calls and changes a venue keeps.
async fn kept(owner: &tokio_postgres::Client, venue: i32) -> [i64; 2] {
    let sql = "SELECT (SELECT count(*) FROM holdfast.call WHERE venue = $1),
                      (SELECT count(*) FROM holdfast.change WHERE venue = $1)";
    let row = owner.query_one(sql, &[&venue]).await.unwrap();
    [row.get(0), row.get(1)]
}

/// Makes whatever is kept older by that many hours.
async fn age(owner: &tokio_postgres::Client, venue: i32, hours: i32) {
    for table in ["call", "change"] {
        let sql =
            format!("UPDATE holdfast.{table} SET at = at - interval '{hours} hours' WHERE venue = {venue}");
        owner.batch_execute(&sql).await.unwrap();
    }
}

#[tokio::test]
async fn who_takes_the_watch_deletes_what_is_older_than_two_days_once_a_day() {
    let cluster = Cluster::shared();
    let [venue, other] = [cluster.venue(), cluster.venue()];
    let [bar, desk] = ["Bar", "Desk"].map(|name| open(&cluster.till(venue, name)));
    let elsewhere = open(&cluster.till(other, "Bar"));
    elsewhere.add_tab(&tab("Chen"), note("opened")).await.unwrap();
    bar.add_tab(&tab("Amira"), note("opened")).await.unwrap();
    let owner = cluster.client("owner").await;
    age(&owner, venue, 49).await;
    age(&owner, other, 49).await;
    bar.add_tab(&tab("Brandt"), note("opened")).await.unwrap();
    assert_eq!(kept(&owner, venue).await, [2, 2]);

    assert!(matches!(desk.lease(Duty::Night).await, Ok(Lease::For(_))));
    assert_eq!(kept(&owner, venue).await, [2, 2], "that is the watch’s");
    assert!(matches!(desk.lease(Duty::Watch).await, Ok(Lease::For(_))));
    assert_eq!(kept(&owner, venue).await, [1, 1]);
    assert_eq!(kept(&owner, other).await, [1, 1], "another venue’s stay");

    age(&owner, venue, 49).await;
    assert!(matches!(bar.lease(Duty::Watch).await, Ok(Lease::Elsewhere)));
    assert!(matches!(desk.lease(Duty::Watch).await, Ok(Lease::For(_))));
    assert_eq!(kept(&owner, venue).await, [1, 1], "once a day is often enough");
    // The numbers go on all the same.
    bar.add_tab(&tab("Dee"), note("opened")).await.unwrap();
    assert_eq!(bar.verify_journal().await.unwrap(), 3);
}

/// A till that slept over the week-end, or was off: what changed isn't kept that long.
#[tokio::test]
async fn a_till_that_knows_the_feed_no_longer_reads_everything_again() {
    let cluster = Cluster::shared();
    let venue = cluster.venue();
    let [bar, desk] = ["Bar", "Desk"].map(|name| open(&cluster.till(venue, name)));
    let first = tab("Amira");
    bar.add_tab(&first, note("opened")).await.unwrap();
    let asleep = desk.changes(None).await.unwrap().cursor;
    assert_eq!(desk.search("amira", 10).await.unwrap().open, [first.id]);
    assert_eq!(desk.open_accounts(10).await.unwrap().len(), 1);

    let second = tab("Brandt");
    bar.add_tab(&second, note("opened")).await.unwrap();
    let between = desk.changes(Some(asleep)).await.unwrap();
    assert_eq!(
        between.since,
        Some(vec![Change::Tab(second.id)]),
        "as long as it's kept"
    );
    let owner = cluster.client("owner").await;
    age(&owner, venue, 49).await;
    assert!(matches!(bar.lease(Duty::Watch).await, Ok(Lease::For(_))));
    assert_eq!(kept(&owner, venue).await, [0, 0]);

    // Nothing is left of the feed, and then only what came after the gap.
    for name in ["Chen", "Dee"] {
        let heard = desk.changes(Some(asleep)).await.unwrap();
        assert_eq!(heard.since, None, "it may have missed something");
        assert_eq!(heard.cursor.of, asleep.of, "it's the same ledger");
        // Who knew all that was deleted missed nothing.
        let known = desk.changes(Some(heard.cursor)).await.unwrap();
        assert_eq!(known.since, Some(Vec::new()));
        bar.add_tab(&tab(name), note("opened")).await.unwrap();
        let known = desk.changes(Some(heard.cursor)).await.unwrap();
        assert_eq!(known.since.map(|since| since.len()), Some(1));
    }
    // What it has in memory is all there again.
    assert_eq!(desk.open_accounts(10).await.unwrap().len(), 4);
    assert_eq!(desk.search("brandt", 10).await.unwrap().open, [second.id]);
    assert_eq!(desk.search("amira", 10).await.unwrap().open, [first.id]);
}

/// What is deleted goes by the server's clock, so one that was ahead for a while leaves changes behind that are newer
/// than others which are gone.
#[tokio::test]
async fn a_till_that_slept_while_the_servers_clock_was_set_back_reads_everything_again() {
    let cluster = Cluster::shared();
    let venue = cluster.venue();
    let [bar, desk] = ["Bar", "Desk"].map(|name| open(&cluster.till(venue, name)));
    let owner = cluster.client("owner").await;
    bar.add_tab(&tab("Amira"), note("opened")).await.unwrap();
    let asleep = desk.changes(None).await.unwrap().cursor;
    assert_eq!(desk.open_accounts(10).await.unwrap().len(), 1);
    desk.search("amira", 10).await.unwrap();
    bar.add_tab(&tab("Brandt"), note("opened")).await.unwrap();
    // That was written by a clock some days ahead, and the next with one that's right again.
    age(&owner, venue, -96).await;
    let missed = tab("Chen");
    bar.add_tab(&missed, note("opened")).await.unwrap();
    age(&owner, venue, 49).await;
    assert!(matches!(bar.lease(Duty::Watch).await, Ok(Lease::For(_))));
    assert_eq!(
        kept(&owner, venue).await,
        [2, 2],
        "the newest is gone, the older ones aren't"
    );

    let heard = desk.changes(Some(asleep)).await.unwrap();
    assert_eq!(heard.since, None, "it has missed something");
    assert_eq!(desk.open_accounts(10).await.unwrap().len(), 3);
    assert_eq!(desk.search("chen", 10).await.unwrap().open, [missed.id]);
}

/// A lease goes by the server's clock too. Who has it may be gone, and nobody would warn of a deadline for an hour.
#[tokio::test]
async fn a_duty_is_free_though_the_servers_clock_was_set_back_under_who_had_it() {
    let cluster = Cluster::shared();
    let venue = cluster.venue();
    let [bar, desk] = ["Bar", "Desk"].map(|name| open(&cluster.till(venue, name)));
    assert!(matches!(bar.lease(Duty::Watch).await, Ok(Lease::For(_))));
    assert!(matches!(desk.lease(Duty::Watch).await, Ok(Lease::Elsewhere)));
    let owner = cluster.client("owner").await;
    let set_back =
        format!("UPDATE holdfast.lease SET until = until + interval '1 hour' WHERE venue = {venue}");
    owner.batch_execute(&set_back).await.unwrap();
    assert!(matches!(desk.lease(Duty::Watch).await, Ok(Lease::For(_))));
    assert!(matches!(bar.lease(Duty::Watch).await, Ok(Lease::Elsewhere)));
}
