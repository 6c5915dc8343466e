//! N1 to N10: the ledger that tills share, against the bare server and the file of a till on its own.

mod capture;
mod cluster;
mod filling;
mod finding;
mod idle;
mod memory;
mod server;
mod takeover;
pub(crate) mod till;
mod years;

use crate::Bench;
use crate::disk::{Commits, OPERATIONS_ON_A_HOLD};
use crate::sample::{Pair, Samples, milliseconds, timed};
use crate::table::Row;
use anyhow::{Context, Result, ensure};
use futures_util::future::try_join_all;
use holdfast_desk::{Clock, SystemClock};
use holdfast_ledger::Ledger;
use holdfast_ledger::prelude::*;
use holdfast_ledger_sqlite::SqliteLedger;
use holdfast_tests::house::House;
use server::{BareServer, Shared};
use std::time::{Duration, Instant};
use tokio::time::MissedTickBehavior;

/// How many tills a large venue has,
const TILLS: u32 = 20;

/// and how often one of them decides and records on its busiest evening: ten commits a second each.
const BETWEEN_OPERATIONS: Duration = Duration::from_millis(200);

/// How often a till asks what was changed elsewhere.
const BETWEEN_LOOKS: Duration = Duration::from_millis(500);

/// Open tabs on a floor.
const FLOOR: u32 = 200;

/// N1: the commit of an intent and of its answer, one round trip each.
async fn commits(bench: &Bench, shared: &Shared) -> Result<Vec<Row>> {
    let ledger = shared.till(shared.venue().await?, "Bar").await?;
    let mut commits = Commits::on(&ledger).await?;
    let mut bare = BareServer::of(shared).await?;
    let mut pair = Pair::default();
    for round in 0..bench.times(500, 100) {
        if round % OPERATIONS_ON_A_HOLD == 0 {
            commits = commits.on_next_hold().await?;
        }
        for commit in commits.both().await? {
            pair.ours.add(commit);
            pair.baseline.add(bare.commit().await?);
        }
    }
    let what = "a commit of the shared ledger: an intent, an answer";
    let row = Row::of("N1", what, "INSERT of one row", &pair)?;
    Ok(vec![row.ratio(Some(1.7)).p99(10.0)])
}

/// Tills that are as busy as it gets, each a while after the one before. What their commits took, in their order.
async fn busy_tills(tills: &[Commits<'_>], span: Duration) -> Result<Vec<Vec<Duration>>> {
    let count = u32::try_from(tills.len())?.max(1);
    let busy = (0_u32..).zip(tills).map(|(number, till)| async move {
        tokio::time::sleep(BETWEEN_OPERATIONS * number / count).await;
        busy_till(till, span).await
    });
    try_join_all(busy).await
}

async fn busy_till(first: &Commits<'_>, span: Duration) -> Result<Vec<Duration>> {
    let (mut took, begun) = (Vec::new(), Instant::now());
    let mut next = tokio::time::interval(BETWEEN_OPERATIONS);
    next.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut commits = first.on_next_hold().await?;
    while begun.elapsed() < span {
        next.tick().await;
        took.extend(commits.both().await?);
        if took.len() % (2 * OPERATIONS_ON_A_HOLD) == 0 {
            commits = commits.on_next_hold().await?;
        }
    }
    Ok(took)
}

/// N3: a venue of twenty tills, each as busy as it gets.
async fn busy_venue(bench: &Bench, shared: &Shared) -> Result<Vec<Row>> {
    let venue = shared.venue().await?;
    let names: Vec<String> = (1..=TILLS).map(|number| format!("Bar {number}")).collect();
    let tills = try_join_all(names.iter().map(|name| shared.till(venue, name))).await?;
    let mut commits = Vec::new();
    for till in &tills {
        commits.push(Commits::numbered(till, shared.next_number(venue).await?).await?);
    }
    let span = Duration::from_secs(if bench.is_quick { 10 } else { 120 });
    let took = busy_tills(&commits, span).await?;
    let first = tills.first().context("no till")?;
    let entries = first.verify_journal().await?;
    let done = took.iter().map(Vec::len).sum::<usize>();
    ensure!(
        entries >= i64::try_from(done)?,
        "{done} commits were confirmed, and the journal has {entries} entries"
    );
    let quarter = |from: usize| -> Result<f64> {
        let mut part = Samples::default();
        for till in &took {
            let each = till.len() / 4;
            till.iter()
                .skip(from * each)
                .take(each)
                .for_each(|span| part.add(*span));
        }
        Ok(part.spread()?.median)
    };
    let growth = quarter(3)? / quarter(0)?;
    let mut all = Samples::default();
    took.iter().flatten().for_each(|span| all.add(*span));
    let rate = f64::from(u32::try_from(done)?) / span.as_secs_f64();
    let what = format!("a commit while {TILLS} tills of one venue make ten a second each");
    let row = Row::figures("N3", &what, "ms", all.spread()?)
        .p99(50.0)
        .at_least("commits a second", rate, "", 190.0)
        .judge("the last quarter's median by the first's", growth, "", Some(1.25))
        .note("Each confirmed commit is in the journal, whose chain was gone through afterwards.");
    Ok(vec![row])
}

/// N5, as far as the ledger has a part in it: written at one till, and known at another that asks twice a second.
async fn seen_elsewhere(bench: &Bench, shared: &Shared) -> Result<Vec<Row>> {
    let venue = shared.venue().await?;
    let (bar, desk) = (
        shared.till(venue, "Bar").await?,
        shared.till(venue, "Desk").await?,
    );
    let commits = Commits::on(&bar).await?;
    let (tab, _) = commits.place();
    let mut known = desk.changes(None).await?.cursor;
    let mut seen = Samples::default();
    for number in 0..bench.times(120, 20) {
        // At another moment of the pause each time.
        let apart = Duration::from_millis(37 * u64::try_from(number)? % 500);
        let looking = async {
            let mut next = tokio::time::interval(BETWEEN_LOOKS);
            loop {
                next.tick().await;
                let found = desk.changes(Some(known)).await?;
                known = found.cursor;
                if found.since.is_none_or(|since| !since.is_empty()) {
                    let read = desk.accounts(vec![tab]).await?;
                    ensure!(!read.is_empty(), "the tab isn't there");
                    return Ok(Instant::now());
                }
            }
        };
        let pressing = async {
            tokio::time::sleep(apart).await;
            let pressed = Instant::now();
            commits.both().await?;
            anyhow::Ok(pressed)
        };
        let (seen_at, pressed) = tokio::try_join!(looking, pressing)?;
        seen.add(seen_at.saturating_duration_since(pressed));
        // The second of the two commits may have come after that look.
        known = desk.changes(None).await?.cursor;
    }
    let what = "pressed at one till, read at another that asks twice a second";
    let spread = seen.spread()?;
    let row = Row::figures("N5", what, "ms", spread)
        .judge("p50", spread.median, " ms", Some(400.0))
        .p99(1_000.0)
        .note("Without the painting, which B6 measures.");
    Ok(vec![row])
}

/// N6: what a floor is read from.
async fn floor(bench: &Bench, shared: &Shared) -> Result<Vec<Row>> {
    let ours = shared.till(shared.venue().await?, "Bar").await?;
    let folder = bench.houses.scratch()?;
    let alone = SqliteLedger::open(folder.path())?;
    let house = House {
        open: FLOOR,
        closed: 0,
        after: 0,
    };
    let now = SystemClock.now();
    house.fill(&ours, now).await?;
    house.fill(&alone, now).await?;
    let mut pair = Pair::default();
    for _ in 0..bench.times(100, 20) {
        for (ledger, samples) in [
            (&ours as &dyn Ledger, &mut pair.ours),
            (&alone as &dyn Ledger, &mut pair.baseline),
        ] {
            let (took, floor) = timed(async { Ok(ledger.open_accounts(i64::from(FLOOR)).await?) }).await?;
            ensure!(floor.len() == usize::try_from(FLOOR)?, "{} tabs", floor.len());
            samples.add(took);
        }
    }
    let what = format!("the {FLOOR} open tabs of a floor, read");
    let row = Row::of("N6", &what, "the same from the file of one till", &pair)?;
    Ok(vec![row.ratio(Some(1.1))])
}

/// What was measured, and what is to be said of rows that could not be.
#[derive(Default)]
pub(crate) struct Measured {
    pub(crate) rows: Vec<Row>,
    pub(crate) not_run: String,
}

impl Measured {
    /// A row that can't be measured keeps no other from it: a whole run takes an hour.
    fn add(&mut self, id: &str, rows: Result<Vec<Row>>) {
        match rows {
            Ok(rows) => self.rows.extend(rows),
            Err(why) => {
                let said = format!("Row {id} could not be measured: {why:#}. ");
                println!("{said}");
                self.not_run.push_str(&said);
            }
        }
    }
}

/// The rows of a shared ledger, on the server where an administrator connects to by that address.
///
/// # Errors
/// When there can be no ledger on the server.
pub(crate) async fn rows(
    bench: &Bench,
    server: Option<&str>,
    wanted: impl Fn(&str) -> bool,
) -> Result<Measured> {
    let mut all = Measured::default();
    if !(1..=10).any(|number| wanted(&format!("N{number}"))) {
        return Ok(all);
    }
    let Some(server) = server else {
        all.not_run = "Rows N1 to N10 were not run: there was no PostgreSQL server for them.".to_owned();
        return Ok(all);
    };
    let (took, shared) = timed(Shared::make(server)).await?;
    println!("The shared ledger was made in {} ms.", milliseconds(took).round());
    if wanted("N1") {
        all.add("N1", commits(bench, &shared).await);
    }
    if wanted("N2") {
        all.add("N2", capture::rows(bench, &shared).await);
    }
    if wanted("N3") {
        all.add("N3", busy_venue(bench, &shared).await);
    }
    if wanted("N4") {
        all.add("N4", idle::rows(bench, &shared).await);
    }
    if wanted("N5") {
        all.add("N5", seen_elsewhere(bench, &shared).await);
    }
    if wanted("N6") {
        all.add("N6", floor(bench, &shared).await);
    }
    if wanted("N9") {
        all.add("N9", takeover::watch(bench, &shared).await);
        all.add("N9", takeover::primary(bench).await);
    }
    of_filled(bench, server, &shared, wanted, &mut all).await;
    Ok(all)
}

/// Those that use ledgers which an earlier run filled.
async fn of_filled(
    bench: &Bench,
    server: &str,
    shared: &Shared,
    wanted: impl Fn(&str) -> bool,
    all: &mut Measured,
) {
    let (sizes, mut first) = (years::sizes(bench), None);
    for tabs in sizes.iter().copied() {
        let is_searched = wanted("N7") && sizes.last() == Some(&tabs);
        if !wanted("N8") && !is_searched {
            continue;
        }
        let kept = match Shared::kept(server, shared, tabs).await {
            Ok(kept) => kept,
            Err(why) => {
                all.add("N7 or N8", Err(why));
                continue;
            }
        };
        if wanted("N8") {
            all.add("N8", years::rows(bench, shared, &kept, &mut first).await);
        }
        if is_searched {
            all.add("N7", finding::rows(bench, &kept).await);
        }
    }
    if wanted("N10") {
        all.add("N10", memory::rows(bench, server, shared).await);
    }
}
