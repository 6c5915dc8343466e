//! The till that has the watch deletes what is kept for two days only.

use crate::cluster::{Cluster, open};
use holdfast_ledger::prelude::*;
use holdfast_ledger::{Duty, Lease};
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
