//! B13: from a cold start, with nothing of the ledger in memory, to the first decision that is durable, and to the
//! end of the check behind it.

use crate::Bench;
use crate::disk::Commits;
use crate::sample::{Pair, timed};
use crate::table::Row;
use anyhow::{Context, Result, ensure};
use holdfast_desk::{Clock, SystemClock};
use holdfast_ledger_sqlite::SqliteLedger;
use std::path::Path;
use std::process::Command;

/// What staff wait at most, in milliseconds.
const GOAL_MS: f64 = 2_000.0;

/// Takes a file out of the system's cache. Of what was written just now nothing is dropped before it is on the disk.
fn forget(file: &Path) -> Result<()> {
    std::fs::File::open(file)?.sync_all()?;
    let dropped = Command::new("dd")
        .args(["iflag=nocache", "count=0", "status=none"])
        .arg(format!("if={}", file.display()))
        .status()
        .context("dd can’t be run")?;
    ensure!(dropped.success(), "{} stays in memory", file.display());
    Ok(())
}

/// B13: the first decision, and the check of the whole behind it.
///
/// # Errors
/// When something does not work.
pub(crate) async fn rows(bench: &Bench, tabs: u32) -> Result<[Row; 2]> {
    let folder = bench.houses.copy_of(tabs).await?;
    let file = folder.path().join("ledger.db");
    let ledger = SqliteLedger::open(folder.path())?;
    let place = Commits::on(&ledger).await?.place();
    drop(ledger);
    let (mut first, mut whole) = (Pair::default(), Pair::default());
    for _ in 0..bench.times(9, 3) {
        forget(&file)?;
        let decision = async {
            let opened = SqliteLedger::open_staged(folder.path(), SystemClock.now())?;
            // As in the window: the check of the whole begins, and money doesn't wait for it.
            drop(opened.check_gate);
            Commits::at(&opened.ledger, place).both().await?;
            Ok(opened.ledger)
        };
        let (took, ledger) = timed(decision).await?;
        first.ours.add(took);
        drop(ledger);
        forget(&file)?;
        let checked = async {
            let opened = SqliteLedger::open_staged(folder.path(), SystemClock.now())?;
            drop(opened.check_gate);
            opened.ledger.checked().await?;
            Ok(())
        };
        whole.ours.add(timed(checked).await?.0);
        for pair in [&mut first, &mut whole] {
            forget(&file)?;
            let read = async { Ok(std::fs::read(&file)?) };
            pair.baseline.add(timed(read).await?.0);
        }
    }
    let row = |what: &str, pair: &Pair, goal| {
        let what = format!("{what}, {tabs} tabs closed");
        let median = pair.ours.spread()?.median;
        let row = Row::of("B13", &what, "reading the file once", pair)?;
        anyhow::Ok(row.at(tabs).judge("median", median, " ms", goal))
    };
    Ok([
        row("a cold start to the first decision", &first, Some(GOAL_MS))?,
        row("a cold start to the end of its whole check", &whole, None)?,
    ])
}
