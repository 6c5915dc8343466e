//! B8: a command's way from the window to the ledger and back.

use crate::Bench;
use crate::programs::{Data, Programs};
use crate::sample::Pair;
use crate::screen::{Screen, Window};
use crate::table::Row;
use anyhow::{Context, Result};
use serde_json::json;

/// Calls one after another in each program, in turn.
const CALLS_PER_ROUND: usize = 10;

/// A page's clock ticks in whole milliseconds, so each sample is the mean of some calls.
const CALLS: usize = 4;

async fn round(window: &Window, command: &str, arguments: serde_json::Value) -> Result<Vec<f64>> {
    let script = "const took = [];
        for (let n = 0; n < given[2]; n += 1) {
          const begun = performance.now();
          for (let call = 0; call < given[3]; call += 1) await window.__TAURI_INTERNALS__.invoke(given[0], given[1]);
          took.push((performance.now() - begun) / given[3]);
        }
        return took";
    let took = window
        .script(script, json!([command, arguments, CALLS_PER_ROUND, CALLS]))
        .await?;
    let took = took.as_array().context("no list")?;
    took.iter().map(|ms| ms.as_f64().context("no number")).collect()
}

/// B8.
///
/// # Errors
/// When something does not work.
pub(crate) async fn row(bench: &Bench, programs: &Programs) -> Result<Row> {
    let (ours, theirs) = (Screen::start()?, Screen::start()?);
    let data = Data::of(bench, bench.tabs(), 0).await?;
    let arguments = data.arguments();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let app = ours.open(&programs.app, &arguments).await?;
    let empty = theirs.open(&programs.empty, &[]).await?;
    app.painted().await?;
    empty.painted().await?;
    // The index is read and the start's backup taken, as at any other time of the day.
    tokio::time::sleep(bench.settling(bench.tabs())).await;
    let page = json!({ "asked": {}, "after": null });
    let mut pair = Pair::default();
    for turn in 0..=bench.times(40, 10) {
        let here = round(&app, "closed", page.clone()).await?;
        let there = round(&empty, "nothing", json!({})).await?;
        if turn > 0 {
            pair.ours.0.extend(here);
            pair.baseline.0.extend(there);
        }
    }
    drop(app);
    drop(empty);
    Ok(Row::of(
        "B8",
        "a page of 100 rows, from the window to the ledger and back",
        "an empty command",
        &pair,
    )?
    .p99_on_top(Some(4.0))
    .note("A page’s clock ticks in whole milliseconds: each sample is the mean of four calls."))
}
