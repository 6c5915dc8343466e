//! B3: the end of the night, whole and killed half-way, against the bare requests.

use crate::Bench;
use crate::sample::{Pair, Samples, Spread, timed};
use crate::table::Row;
use crate::venue::{self, Bare};
use anyhow::{Context, Result, ensure};
use holdfast_desk::RowProgress;
use holdfast_desk::{Desk, RunRowView, Settings};
use holdfast_simulator::Running;
use std::collections::HashSet;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How far away Dojo is.
const DOJO_LATENCY: Duration = Duration::from_millis(250);

/// The shell tells the window of changes no more often.
const TOGETHER: Duration = Duration::from_millis(40);

/// Waits for the end as the window does: told of changes that come together, it asks again for what it shows.
async fn ended(desk: &Desk) -> Result<()> {
    let mut changes = desk.changes();
    loop {
        changes.changed().await?;
        desk.floor().await?;
        desk.attention().await?;
        let run = desk.night(&[]).await?.run.context("no run")?;
        if !run.is_running() {
            // One that was cut off before its request left stays for a person, as it has to.
            let is_odd = |row: &&RunRowView| {
                row.state.code != RowProgress::Done && !row.state.words.starts_with("Unclear")
            };
            ensure!(!run.rows.iter().any(|row| is_odd(&row)), "{:#?}", run.rows);
            return Ok(());
        }
        tokio::time::sleep(TOGETHER).await;
    }
}

/// Closes the night from the first row to the last, or goes on with one that was begun.
async fn close(desk: &Arc<Desk>) -> Result<()> {
    let night = desk.night(&[]).await?;
    if night.run.as_ref().is_some_and(|run| run.is_interrupted()) {
        desk.continue_night().await?;
    } else {
        desk.close_night(&[], &night.seen()).await?;
    }
    ended(desk).await
}

/// The till that is killed; it says when it has opened its ledger.
///
/// # Errors
/// When something does not work.
pub(crate) async fn till(folder: &Path, url: &str) -> Result<()> {
    let (desk, _) = venue::desk(folder, url)?;
    close(&desk).await
}

async fn bare(bare: &Bare, intents: &[String]) -> Result<Samples> {
    let mut samples = Samples::default();
    for intent in intents {
        samples.add(bare.get_capture_get(intent).await?.captured);
    }
    Ok(samples)
}

/// Kills a till that closes the night when half is done, and lets another go on.
async fn killed(folder: &Path, dojo: &Running, half: usize, before: usize) -> Result<Duration> {
    let mut till = Command::new(std::env::current_exe()?);
    till.arg("night").arg(folder).arg(dojo.base_url());
    let (begun, mut first) = (Instant::now(), till.spawn()?);
    while venue::captures(dojo)?.len() - before < half {
        ensure!(first.try_wait()?.is_none(), "it ended before it could be killed");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    first.kill()?;
    first.wait()?;
    let second = tokio::task::spawn_blocking(move || till.status()).await??;
    ensure!(second.success(), "the night was not continued");
    Ok(begun.elapsed())
}

/// B3.
///
/// # Errors
/// When something does not work, and when a tab was taken twice.
pub(crate) async fn rows(bench: &Bench) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (at_once, tabs) in [
        (1_u8, bench.times(200, 6)),
        (4, bench.times(200, 16)),
        (8, bench.times(200, 24)),
    ] {
        for is_killed in [false, true] {
            rows.push(night(bench, at_once, tabs, is_killed).await?);
        }
    }
    Ok(rows)
}

async fn night(bench: &Bench, at_once: u8, tabs: usize, is_killed: bool) -> Result<Row> {
    let (folder, dojo) = (bench.houses.scratch()?, venue::dojo().await?);
    let data = folder.path().join("till");
    let (desk, ledger) = venue::desk(&data, &dojo.base_url())?;
    let settings = Settings {
        night_at_once: at_once,
        ..desk.settings().await?
    };
    desk.save_settings(settings).await?;
    venue::ready(&desk, &ledger, &dojo, tabs).await?;
    // The bare requests before the night, and as many after it.
    let bare_ones = bench.times(8, 2);
    let apart = bench.houses.scratch()?;
    let (other, others) = venue::desk(apart.path(), &dojo.base_url())?;
    let theirs = venue::ready(&other, &others, &dojo, 2 * bare_ones).await?;
    let intents: Vec<String> = theirs.into_iter().map(|ready| ready.intent).collect();
    let (first, last) = intents.split_at(bare_ones);
    dojo.delay(DOJO_LATENCY);
    let wire = Bare::new(&dojo.base_url())?;
    let mut baseline = bare(&wire, first).await?;
    let before = venue::captures(&dojo)?.len();
    let took = if is_killed {
        drop((desk, ledger));
        killed(&data, &dojo, tabs / 2, before).await?
    } else {
        timed(close(&desk)).await?.0
    };
    let all = venue::captures(&dojo)?;
    let sent: HashSet<&String> = all.iter().skip(before).collect();
    ensure!(sent.len() == all.len() - before, "a tab was taken twice");
    // Killed between its row in the ledger and its request, a decision was not sent, and is not sent again.
    let cut_off = tabs - sent.len();
    ensure!(
        cut_off <= if is_killed { usize::from(at_once) } else { 0 },
        "{cut_off} were not taken"
    );
    baseline.0.extend(bare(&wire, last).await?.0);
    dojo.shutdown().await;
    let scale = tabs as f64 / f64::from(at_once);
    let bare = Samples(baseline.0.iter().map(|sample| sample * scale).collect());
    let mut pair = Pair::default();
    pair.ours.add(took);
    pair.baseline = bare;
    let (words, goal) = if is_killed {
        ("killed half-way and gone on with, none twice", 1.15)
    } else {
        ("from the press to the last row", 1.10)
    };
    let what = format!("end of night, {tabs} tabs, {at_once} at a time, {words}");
    let base = Spread::once(pair.baseline.spread()?.median);
    Ok(Row::figures("B3", &what, "ms", pair.ours.spread()?)
        .against("N × (GET + POST) / K", base)
        .ratio(Some(goal))
        .judge(
            "left for a person, cut off before they were sent",
            cut_off as f64,
            "",
            None,
        ))
}
