//! N9: how soon others go on: another till with the watch when its holder is killed, all tills when the primary is.

use crate::Bench;
use crate::disk::Commits;
use crate::sample::Samples;
use crate::shared::cluster::Cluster;
use crate::shared::server::Shared;
use crate::shared::till::Process;
use crate::table::Row;
use crate::venue;
use anyhow::{Context, Result, ensure};
use holdfast_ledger::prelude::*;
use holdfast_ledger::{Duty, Lease};
use holdfast_ledger_postgres::{PostgresLedger, Server, schema};
use std::time::{Duration, Instant};
use tokio::time::{sleep, timeout};
use tokio_postgres::NoTls;

/// How often the desk's watch asks for its duty, and its feed for changes: what a till does here too.
const BEAT: Duration = Duration::from_secs(1);
const BETWEEN_LOOKS: Duration = Duration::from_millis(400);

/// Between two looks at what is waited for.
const LOOK: Duration = Duration::from_millis(20);

/// Nothing here takes as long.
const PATIENCE: Duration = Duration::from_secs(60);

/// N9: the watch.
///
/// # Errors
/// When something does not work.
pub(super) async fn watch(bench: &Bench, shared: &Shared) -> Result<Vec<Row>> {
    let dojo = venue::dojo().await?;
    let url = dojo.base_url();
    let mut watch = Samples::default();
    for turn in 0..u32::try_from(bench.times(6, 1))? {
        // The holder asks again every five seconds: it's killed at another moment of those each time.
        let after = Duration::from_millis(u64::from(turn) * 830);
        let taken = taken_over(bench, shared, &url, after);
        watch.add(timeout(PATIENCE * 2, taken).await??);
    }
    dojo.shutdown().await;
    let watch = watch.spread()?;
    let what = "from the kill of the till that has the watch until another has it";
    let row = Row::figures("N9", what, "ms", watch);
    Ok(vec![row.judge("most", watch.most, " ms", Some(20_000.0))])
}

/// N9: a new primary.
///
/// # Errors
/// When something does not work, or PostgreSQL's own programs aren't here.
pub(super) async fn primary(bench: &Bench) -> Result<Vec<Row>> {
    let mut primary = Samples::default();
    for _ in 0..bench.times(4, 1) {
        primary.add(goes_on(bench).await?);
    }
    let primary = primary.spread()?;
    let what = "from a new primary’s first answer until a till has committed on it";
    let row = Row::figures("N9", what, "ms", primary)
        .judge("most", primary.most, " ms", Some(5_000.0))
        .note("The standby confirmed each commit. The primary was killed while the till asked on.");
    Ok(vec![row])
}

/// The holder is a process of its own, with the desk's watch. The other till asks as a watch does.
async fn taken_over(bench: &Bench, shared: &Shared, url: &str, after: Duration) -> Result<Duration> {
    let (venue, folder) = (shared.venue().await?, bench.houses.scratch()?);
    let enrolled = shared.enrol(venue, "Bar").await?;
    let holder = Process::member(shared, &enrolled, folder.path(), url).await?;
    let rival = shared.till(venue, "Desk").await?;
    let owner = shared.client().await?;
    let sql = "SELECT 1 FROM holdfast.lease
                WHERE venue = $1 AND duty = 'watch' AND until > clock_timestamp() + interval '19 seconds'";
    while owner.query_opt(sql, &[&venue]).await?.is_none() {
        sleep(LOOK).await;
    }
    ensure!(
        rival.lease(Duty::Watch).await? == Lease::Elsewhere,
        "two tills have the watch"
    );
    sleep(after).await;
    drop(holder);
    let killed = Instant::now();
    while rival.lease(Duty::Watch).await? == Lease::Elsewhere {
        sleep(BEAT).await;
    }
    Ok(killed.elapsed())
}

/// When the server there takes writes.
async fn accepts(address: &str) -> Instant {
    loop {
        if let Ok((client, connection)) = tokio_postgres::connect(address, NoTls).await {
            // It ends with the client.
            tokio::spawn(connection);
            while let Ok(row) = client.query_one("SELECT pg_is_in_recovery()", &[]).await {
                if !row.get::<_, bool>(0) {
                    return Instant::now();
                }
                sleep(LOOK).await;
            }
        }
        sleep(LOOK).await;
    }
}

/// When both commits of an operation are in, by a till whose feed asks on as the desk's does.
async fn commits_again(till: &PostgresLedger, commits: &Commits<'_>) -> Instant {
    let mut known = None;
    loop {
        if let Ok(changes) = till.changes(known).await {
            known = Some(changes.cursor);
            if commits.both().await.is_ok() {
                return Instant::now();
            }
        }
        sleep(BETWEEN_LOOKS).await;
    }
}

/// A primary whose commits wait for a standby is killed, and the standby takes its place.
async fn goes_on(bench: &Bench) -> Result<Duration> {
    let mut cluster = Cluster::start()?;
    let [first, second, both] = cluster.addresses();
    let admin = Server::new(&first, &[])?;
    schema::create(&admin).await?;
    let venue = schema::add_venue(&admin, "An invented venue").await?;
    let enrolled = schema::enrol(&admin, venue, "Bar").await?;
    cluster.obey("follow")?;
    let (owner, connection) = tokio_postgres::connect(&first, NoTls).await?;
    // It ends with the client.
    tokio::spawn(connection);
    for sql in [
        "ALTER SYSTEM SET synchronous_standby_names = '*'",
        "SELECT pg_reload_conf()",
    ] {
        owner.batch_execute(sql).await?;
    }
    let sql = "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'";
    let is_synchronous = async {
        while owner.query_opt(sql, &[]).await?.is_none() {
            sleep(LOOK).await;
        }
        anyhow::Ok(())
    };
    timeout(PATIENCE, is_synchronous).await??;
    let folder = bench.houses.scratch()?;
    let server = Server::new(&both, &[])?.as_role(&enrolled.role, Some(&enrolled.password));
    let till = PostgresLedger::open_with_record(server, folder.path()).await?;
    let commits = Commits::on(&till).await?;
    for _ in 0..5 {
        commits.both().await?;
    }
    cluster.obey("crash")?;
    // Its answer comes up to a tenth of a second after the server's.
    let promoting = tokio::task::spawn_blocking(move || {
        let done = cluster.obey("promote");
        (cluster, done)
    });
    let again = async { tokio::join!(accepts(&second), commits_again(&till, &commits)) };
    let (accepted, committed) = timeout(PATIENCE, again).await.context("no till goes on")?;
    let (cluster, promoted) = promoting.await?;
    promoted?;
    till.verify_journal().await?;
    drop(cluster);
    Ok(committed.saturating_duration_since(accepted))
}
