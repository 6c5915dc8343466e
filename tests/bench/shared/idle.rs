//! N4: many venues whose tills only ask what is new, while some decide; what the server computes for that.

use crate::Bench;
use crate::disk::Commits;
use crate::sample::{Samples, timed};
use crate::shared::server::{BareServer, Processes, Shared};
use crate::shared::{BETWEEN_LOOKS, busy_tills};
use crate::table::Row;
use anyhow::Result;
use holdfast_ledger::prelude::*;
use holdfast_ledger_postgres::PostgresLedger;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

/// Tills of each venue.
const TILLS: u32 = 5;

/// Venues of the goal, and how many fit here: each till has two connections, and the tills of the benchmark compute on
/// the server's own processors.
const VENUES: u32 = 300;
const VENUES_HERE: u32 = 60;

/// Tills that make ten commits a second each.
const BUSY: usize = 20;

/// Between two commits of the bare server meanwhile.
const BETWEEN_BARE: Duration = Duration::from_millis(50);

/// What one till's questions took.
async fn asks(till: Arc<PostgresLedger>, after: Duration, span: Duration) -> Result<Vec<Duration>> {
    let (begun, mut known, mut took) = (Instant::now(), None, Vec::new());
    tokio::time::sleep(after).await;
    let mut next = tokio::time::interval(BETWEEN_LOOKS);
    next.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while begun.elapsed() < span {
        next.tick().await;
        let (asked, changes) = timed(async { Ok(till.changes(known).await?) }).await?;
        known = Some(changes.cursor);
        took.push(asked);
    }
    Ok(took)
}

/// All tills ask for so long, spread over the pause between two questions.
fn all_ask(tills: &[Arc<PostgresLedger>], span: Duration) -> JoinSet<Result<Vec<Duration>>> {
    let mut asking = JoinSet::new();
    let count = u32::try_from(tills.len()).unwrap_or(u32::MAX).max(1);
    for (number, till) in (0_u32..).zip(tills) {
        asking.spawn(asks(till.clone(), BETWEEN_LOOKS * number / count, span));
    }
    asking
}

async fn all(mut asking: JoinSet<Result<Vec<Duration>>>) -> Result<Samples> {
    let mut samples = Samples::default();
    while let Some(done) = asking.join_next().await {
        done??.into_iter().for_each(|took| samples.add(took));
    }
    Ok(samples)
}

async fn bare(mut server: BareServer, span: Duration) -> Result<Samples> {
    let (begun, mut samples) = (Instant::now(), Samples::default());
    let mut next = tokio::time::interval(BETWEEN_BARE);
    next.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while begun.elapsed() < span {
        next.tick().await;
        samples.add(server.commit().await?);
    }
    Ok(samples)
}

/// Tills of so many venues, those of different venues first.
async fn opened(shared: &Shared, venues: u32) -> Result<(Vec<Arc<PostgresLedger>>, Vec<i32>)> {
    let mut all = Vec::new();
    for _ in 0..venues {
        all.push(shared.venue().await?);
    }
    let (mut tills, mut of) = (Vec::new(), Vec::new());
    for number in 1..=TILLS {
        for venue in &all {
            tills.push(Arc::new(shared.till(*venue, &format!("Bar {number}")).await?));
            of.push(*venue);
        }
    }
    Ok((tills, of))
}

/// N4.
///
/// # Errors
/// When something does not work.
pub(super) async fn rows(bench: &Bench, shared: &Shared) -> Result<Vec<Row>> {
    let venues = if bench.is_quick { 4 } else { VENUES_HERE };
    let (tills, of) = opened(shared, venues).await?;
    let mut commits = Vec::new();
    for (till, venue) in tills.iter().zip(of).take(BUSY) {
        commits.push(Commits::numbered(till.as_ref(), shared.next_number(venue).await?).await?);
    }
    let server = Processes::of(shared).await?;
    let seconds = |whole: u64, quick: u64| Duration::from_secs(if bench.is_quick { quick } else { whole });
    let (alone, span) = (seconds(30, 3), seconds(120, 6));
    // What a first question brings up is no question's cost.
    all(all_ask(&tills, BETWEEN_LOOKS * 2)).await?;
    let (begun, before) = (Instant::now(), server.computed()?);
    all(all_ask(&tills, alone)).await?;
    let idle = (server.computed()? - before) / begun.elapsed().as_secs_f64();
    let (begun, before) = (Instant::now(), server.computed()?);
    let (took, asked, bare) = tokio::try_join!(
        busy_tills(&commits, span),
        all(all_ask(&tills, span)),
        bare(BareServer::of(shared).await?, span),
    )?;
    let cores = (server.computed()? - before) / begun.elapsed().as_secs_f64();
    let mut samples = Samples::default();
    took.iter().flatten().for_each(|took| samples.add(*took));
    let rate = samples.0.len() as f64 / span.as_secs_f64();
    let whole = idle * f64::from(VENUES) / f64::from(venues) + (cores - idle);
    let what = format!(
        "a commit while {} tills of {venues} venues ask twice a second and {} of them make ten a second",
        tills.len(),
        commits.len()
    );
    let asked = asked.spread()?;
    let row = Row::figures("N4", &what, "ms", samples.spread()?)
        .against("INSERT of one row meanwhile", bare.spread()?)
        .ratio(None)
        .p99(10.0)
        .at_least("commits a second", rate, "", 190.0)
        .judge("a question, p99", asked.p99, " ms", None)
        .judge("the server’s cores, questions alone", idle, "", None)
        .judge("the server’s cores, with the commits", cores, "", None)
        .judge("the same, reckoned for 300 venues", whole, "", Some(2.0))
        .note(&format!(
            "{venues} venues are what is measured; their questions’ share of the cores times {VENUES} / {venues} is \
             what is reckoned. The tills compute on the same processors."
        ));
    Ok(vec![row])
}
