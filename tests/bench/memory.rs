//! B7: what the program has in memory, against an empty window.

use crate::Bench;
use crate::programs::{Data, Programs};
use crate::sample::Spread;
use crate::screen::{Screen, Window};
use crate::table::Row;
use anyhow::{Context, Result};
use serde_json::json;
use std::time::{Duration, Instant};

/// Open all the time.
const OPEN: u32 = 50;

/// Operations that say something about how memory grows.
const ENOUGH_OPERATIONS: u64 = 1_000;

/// Looks at tabs, searches, and writes a line on a bill: how many times.
const USE: &str = "
  const ask = (command, given) => window.__TAURI_INTERNALS__.invoke(command, given);
  const rows = [...document.querySelectorAll('[data-testid=row]')];
  let lines = 0;
  for (const row of rows.slice(0, 10)) {
    row.click();
    await ask('add_line', { tabId: row.dataset.id, what: 'Round', quantity: 1, amount: '0.01' });
    lines += 1;
    await ask('search', { query: 'guest ' + lines });
    await new Promise((go) => setTimeout(go, 30));
  }
  return lines";

async fn used(window: &Window, long: Duration) -> Result<u64> {
    let (begun, mut operations) = (Instant::now(), 0);
    while begun.elapsed() < long {
        operations += window
            .script(USE, json!([]))
            .await?
            .as_u64()
            .context("no count")?;
    }
    Ok(operations)
}

/// All processes and the program's own, in MB, when the start's work is over.
async fn settled(window: &Window, bench: &Bench, closed: u32) -> Result<(f64, f64)> {
    window.painted().await?;
    tokio::time::sleep(bench.settling(closed)).await;
    window.memory()
}

/// B7.
///
/// # Errors
/// When something does not work.
pub(crate) async fn rows(bench: &Bench, programs: &Programs) -> Result<Vec<Row>> {
    let screen = Screen::start()?;
    let long = Duration::from_secs(bench.times(600, 6) as u64);
    let empty = screen.open(&programs.empty, &[]).await?;
    let base = settled(&empty, bench, 0).await?.0;
    drop(empty);
    let (mut rows, mut small) = (Vec::new(), None);
    for closed in std::iter::once(1).chain(bench.sizes()) {
        let data = Data::of(bench, closed, OPEN).await?;
        let arguments = data.arguments();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let window = screen.open(&programs.app, &arguments).await?;
        let (_, own) = settled(&window, bench, closed).await?;
        let core = *small.get_or_insert(own);
        let goal = (closed == bench.tabs()).then_some(10.0);
        let what = format!("memory of the core with {closed} tabs closed");
        if closed > 1 {
            rows.push(
                Row::figures("B7", &what, "MB", Spread::once(own))
                    .at(closed)
                    .against("the same with one", Spread::once(core))
                    .on_top(goal),
            );
        }
        if closed == bench.tabs() {
            rows.push(after_use(&window, long, base).await?);
        }
        drop(window);
    }
    Ok(rows)
}

async fn after_use(window: &Window, long: Duration, base: f64) -> Result<Row> {
    // What a first use brings in is no growth.
    used(window, long / 6).await?;
    let before = window.memory()?;
    let operations = used(window, long - long / 6).await?;
    let after = window.memory()?;
    let slope = (after.0 - before.0) / operations as f64 * 10_000.0;
    let what = format!("memory of all processes after {} s of use", long.as_secs());
    // By fewer than that nothing is said about ten thousand.
    let goal = (operations >= ENOUGH_OPERATIONS).then_some(1.0);
    let growth = format!("growth by 10,000 operations, from {operations}");
    Ok(Row::figures("B7", &what, "MB", Spread::once(after.0))
        .against("an empty Tauri window", Spread::once(base))
        .ratio(Some(1.25))
        .judge(&growth, slope, " MB", goal))
}
