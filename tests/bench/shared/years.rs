//! N8: what a venue's years cost: ledgers of ever more entries, each held against an empty one on the same server.

use crate::Bench;
use crate::disk::{Commits, OPERATIONS_ON_A_HOLD};
use crate::sample::{Pair, milliseconds, timed};
use crate::search::NOWHERE;
use crate::shared::filling::ENTRIES_A_TAB;
use crate::shared::server::{Kept, Shared};
use crate::table::Row;
use crate::venue;
use anyhow::{Context, Result, ensure};
use chrono::TimeDelta;
use holdfast_desk::{Clock, Desk, SystemClock};
use holdfast_domain::Currency;
use holdfast_ledger::prelude::*;
use holdfast_ledger_postgres::{PostgresLedger, Server};
use holdfast_tests::house::House;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// Days that a screen adds up.
const DAYS: i64 = 30;

/// Tabs of a floor, and holds of the last days that a start looks at.
const FLOOR: i64 = 200;
const LIVE_FOR: TimeDelta = TimeDelta::days(1);

/// How many tabs the filled ledgers have.
pub(super) fn sizes(bench: &Bench) -> Vec<u32> {
    let all: &[u32] = if bench.is_quick {
        &[1_000, 10_000]
    } else {
        &[10_000, 100_000, 1_000_000]
    };
    all.iter()
        .copied()
        .filter(|tabs| *tabs <= bench.largest)
        .collect()
}

/// One ledger, with a night behind it of which no report was made.
struct Side {
    ledger: Arc<PostgresLedger>,
    desk: Desk,
    /// A till that is opened again and again, and its folder.
    starting: Server,
    folder: TempDir,
    number: u32,
}

/// Tabs of that night.
fn tonight(bench: &Bench) -> u32 {
    if bench.is_quick { 20 } else { 100 }
}

impl Side {
    async fn of(bench: &Bench, shared: &Shared, venue: i32) -> Result<Self> {
        let after = shared.next_number(venue).await?;
        let ledger = Arc::new(shared.till(venue, "Bar").await?);
        let house = House {
            open: 0,
            closed: tonight(bench),
            after,
        };
        house.fill(ledger.as_ref(), SystemClock.now()).await?;
        let (client, session) = (venue::client(NOWHERE)?, ledger.session());
        let desk = Desk::of_till(ledger.clone(), client, Arc::new(SystemClock), session);
        let starting = shared.enrol(venue, "Desk").await?;
        Ok(Self {
            ledger,
            desk,
            starting: shared.server_of(&starting),
            folder: bench.houses.scratch()?,
            number: after + tonight(bench),
        })
    }

    /// Opens it, and reads what a start reads before a floor is there.
    async fn start(&self) -> Result<Duration> {
        let since = SystemClock
            .now()
            .checked_sub_signed(LIVE_FOR)
            .context("no time")?;
        let starting = async {
            let ledger = PostgresLedger::open_with_record(self.starting.clone(), self.folder.path()).await?;
            ledger.restored().await?;
            ledger.open_accounts(FLOOR).await?;
            ledger.live_holds(since).await?;
            ledger.changes(None).await?;
            Ok(())
        };
        Ok(timed(starting).await?.0)
    }

    /// What the night's report is made of.
    async fn unreported(&self) -> Result<Duration> {
        let (took, read) = timed(async { Ok(self.ledger.unreported().await?) }).await?;
        ensure!(!read.movements.is_empty(), "nothing moved");
        Ok(took)
    }

    async fn day_sums(&self) -> Result<Duration> {
        let now = SystemClock.now();
        let edges = (0..=DAYS).filter_map(|day| now.checked_sub_signed(TimeDelta::days(DAYS - day)));
        let edges: Vec<_> = edges.collect();
        let (took, days) = timed(async { Ok(self.ledger.day_sums(Currency::Gbp, edges).await?) }).await?;
        ensure!(days.len() == usize::try_from(DAYS)?, "{} days", days.len());
        Ok(took)
    }

    async fn report(&self) -> Result<Duration> {
        Ok(timed(async { Ok(self.desk.make_report().await?) }).await?.0)
    }
}

/// What was found at the smallest size: its entries, and the medians of the rows.
pub(super) type First = Option<(u32, [f64; 4])>;

/// The rows of one size.
///
/// # Errors
/// When something does not work.
pub(super) async fn rows(bench: &Bench, fresh: &Shared, kept: &Kept, first: &mut First) -> Result<Vec<Row>> {
    let entries = kept.tabs * ENTRIES_A_TAB;
    let full = Side::of(bench, &kept.shared, kept.venue).await?;
    let empty = Side::of(bench, fresh, fresh.venue().await?).await?;
    let (mut started, mut read, mut sums) = (Pair::default(), Pair::default(), Pair::default());
    for _ in 0..bench.times(20, 5) {
        started.ours.add(full.start().await?);
        started.baseline.add(empty.start().await?);
        read.ours.add(full.unreported().await?);
        read.baseline.add(empty.unreported().await?);
        sums.ours.add(full.day_sums().await?);
        sums.baseline.add(empty.day_sums().await?);
    }
    let mut commits = Pair::default();
    let mut ours = Commits::numbered(full.ledger.as_ref(), full.number).await?;
    let mut theirs = Commits::numbered(empty.ledger.as_ref(), empty.number).await?;
    for round in 0..bench.times(300, 40) {
        if round % OPERATIONS_ON_A_HOLD == 0 {
            (ours, theirs) = (ours.on_next_hold().await?, theirs.on_next_hold().await?);
        }
        for (ours, theirs) in ours.both().await?.into_iter().zip(theirs.both().await?) {
            commits.ours.add(ours);
            commits.baseline.add(theirs);
        }
    }
    let made = milliseconds(full.report().await?);
    let pairs = [&commits, &read, &sums, &started];
    let mut medians = [0.0; 4];
    for (median, pair) in medians.iter_mut().zip(pairs) {
        *median = pair.ours.spread()?.median;
    }
    let row = |what: &str, pair: &Pair, place: usize| -> Result<Row> {
        let what = format!("{what}, {entries} entries in the journal");
        let row = Row::of("N8", &what, "the same of an empty ledger", pair)?;
        Ok(match *first {
            Some((least, then)) => {
                let by = format!("by that of {least} entries");
                row.judge(&by, medians[place] / then[place], "", None)
            }
            None => row,
        })
    };
    let rows = vec![
        row("a commit of an intent or of its answer", &commits, 0)?
            .ratio(Some(1.25))
            .p99(10.0)
            .at(entries),
        row("what a night report is made of, read", &read, 1)?
            .p99(1_000.0)
            .ratio(None)
            .judge("made and kept, once", made, " ms", Some(1_000.0)),
        row("the sums of 30 days", &sums, 2)?.p99(100.0).ratio(None),
        row("opened, and what a start reads", &started, 3)?.ratio(Some(1.1)),
    ];
    first.get_or_insert((entries, medians));
    Ok(rows)
}
