//! A busy evening that goes on and on: with 200 open holds nothing grows, and Dojo is asked within its limit.
//! `cargo xtask soak` runs it, for an hour unless told otherwise.

use crate::browser::Window;
use crate::desktop::Desktop;
use crate::id;
use crate::sandbox::{dojo, keep_key};
use anyhow::{Context, Result, ensure};
use chrono::{DateTime, Utc};
use holdfast_desk::{Desk, SystemClock};
use holdfast_dojo::{ApiKey, Client, HttpTransport};
use holdfast_domain::Kind;
use holdfast_ledger::prelude::*;
use holdfast_ledger_sqlite::SqliteLedger;
use holdfast_simulator::Running;
use holdfast_tests::{GOOD, KEY, typed};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Open all the time.
const HOLDS: usize = 200;

/// In any one second.
const MOST_REQUESTS: usize = 5;

/// Of all the app's processes together, in kB, from the first quarter behind the warm-up to the last.
const MOST_GROWTH: i64 = 5_000;

/// No log file is larger, in bytes.
const MOST_LOG: u64 = 1_000_000;

/// Somebody looks at this and that, every quarter of a minute. The window does it to itself: what a driver touches
/// it keeps, some hundred kilobytes a press, and that would be measured instead.
const LOOKS: &str = "
    let round = 0
    const press = (selector) => document.querySelector(selector)?.click()
    setInterval(() => {
        round += 1
        press(`[data-name='Guest ${(round * 7) % arguments[0] + 1}']`)
        setTimeout(press, 100, round % 2 ? '#part-history' : '#part-holds')
    }, 15000)
";

/// Another PC of the venue opens them; the window brings them in.
async fn opened_elsewhere(dojo: &Running) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let ledger = Arc::new(SqliteLedger::open(folder.path())?);
    let wire = HttpTransport::new(&dojo.base_url(), Duration::from_secs(30)).map_err(anyhow::Error::msg)?;
    let client = Client::new(Arc::new(wire), ApiKey::parse(KEY)?);
    let desk = Desk::new(ledger.clone(), client, Arc::new(SystemClock));
    for number in 1..=HOLDS {
        let tab = desk
            .open_tab(typed(Kind::Tab, &format!("Guest {number}"), "100"))
            .await?;
        let hold = ledger.holds(tab).await?.pop().context("no hold")?;
        dojo.pay(hold.intent_id.as_deref().context("no intent")?, GOOD)?;
    }
    Ok(())
}

/// The process whose command line has `data`, and all that it started.
fn processes(data: &Path) -> Result<HashSet<u32>> {
    let mut parents: BTreeMap<u32, u32> = BTreeMap::new();
    let mut ours = HashSet::new();
    for entry in std::fs::read_dir("/proc")?.filter_map(Result::ok) {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        // It may end while it is looked at.
        let Ok(status) = std::fs::read_to_string(entry.path().join("status")) else {
            continue;
        };
        let parent = status.lines().find_map(|line| line.strip_prefix("PPid:"));
        parents.insert(id, parent.and_then(|p| p.trim().parse().ok()).unwrap_or(0));
        let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        if String::from_utf8_lossy(&line)
            .split('\0')
            .any(|word| Path::new(word) == data)
        {
            ours.insert(id);
        }
    }
    ensure!(!ours.is_empty(), "the app does not run");
    loop {
        let before = ours.len();
        for (id, parent) in &parents {
            if ours.contains(parent) {
                ours.insert(*id);
            }
        }
        if ours.len() == before {
            return Ok(ours);
        }
    }
}

/// What each of them has made for itself in memory, by name, in kB. Its programs' own pages are left out: they are
/// shared with everybody else who runs them, and would fall when somebody starts to.
fn memory(data: &Path) -> Result<BTreeMap<String, i64>> {
    let mut sizes = BTreeMap::new();
    for id in processes(data)? {
        let text = std::fs::read_to_string(format!("/proc/{id}/smaps_rollup")).unwrap_or_default();
        let is_own = |line: &&str| line.starts_with("Pss_Anon:") || line.starts_with("Pss_Shmem:");
        let own = text.lines().filter(is_own);
        let own = own.filter_map(|line| line.split_whitespace().nth(1)?.parse::<i64>().ok());
        let name = std::fs::read_to_string(format!("/proc/{id}/comm")).unwrap_or_default();
        *sizes.entry(name.trim().to_owned()).or_default() += own.sum::<i64>();
    }
    Ok(sizes)
}

fn median(samples: &[i64]) -> Result<i64> {
    let mut sorted = samples.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().context("no samples")
}

/// The most requests that came in one second from `since` on, and how many in all.
async fn requests(dojo: &Running, since: DateTime<Utc>) -> Result<(usize, usize)> {
    let url = format!("{}/_simulator/truth", dojo.base_url());
    let truth: Value = reqwest::get(url).await?.error_for_status()?.json().await?;
    let log = truth["requests"].as_array().context("no requests")?;
    let mut seconds: BTreeMap<i64, usize> = BTreeMap::new();
    for at in log.iter().filter_map(|request| request["at"].as_str()) {
        let at: DateTime<Utc> = at.parse()?;
        if at >= since {
            *seconds.entry(at.timestamp()).or_default() += 1;
        }
    }
    Ok((
        seconds.values().copied().max().unwrap_or(0),
        seconds.values().sum(),
    ))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_holds_for_as_long_as_an_evening_lasts() -> Result<()> {
    let minutes: u64 = std::env::var("HOLDFAST_SOAK_MINUTES").map_or(Ok(60), |minutes| minutes.parse())?;
    let (desktop, dojo) = (Desktop::start().await?, dojo(0).await?);
    opened_elsewhere(&dojo).await?;
    let address = dojo.base_url();
    let environment = [desktop.environment(), ("HOLDFAST_DOJO_URL", address.as_str())];
    let window = Window::open_prepared(&environment, async |_| Ok(())).await?;
    keep_key(&window).await?;
    window.press(&id("section-pc")).await?;
    window.press(&id("bring-in")).await?;
    window.reads("main", "200 tabs were brought in").await?;
    window.press(&id("screen-floor")).await?;
    window.reads(&id("open-count"), "200").await?;

    window.script(LOOKS, json!([HOLDS])).await?;
    let (begun, long) = (Instant::now(), Duration::from_secs(minutes * 60));
    let warm = long / 8;
    let mut since = dojo.now()?;
    let mut samples: Vec<i64> = Vec::new();
    while begun.elapsed() < long {
        tokio::time::sleep(Duration::from_secs(15)).await;
        if begun.elapsed() < warm {
            since = dojo.now()?;
            continue;
        }
        let sizes = memory(&window.data)?;
        println!("{:5} s: {sizes:?}", begun.elapsed().as_secs());
        samples.push(sizes.values().sum());
    }
    // It was looked at: a tab is open beside the list.
    window.see("aside.open").await?;
    let quarter = samples.len() / 4;
    let (first, last) = (
        median(&samples[..quarter])?,
        median(&samples[samples.len() - quarter..])?,
    );
    let (most, all) = requests(&dojo, since).await?;
    println!(
        "{minutes} minutes, {HOLDS} holds: {first} kB, at the end {last} kB ({} to {}); {all} requests, at most \
         {most} in a second",
        samples.iter().min().context("no samples")?,
        samples.iter().max().context("no samples")?,
    );
    ensure!(
        last - first <= MOST_GROWTH,
        "it grew by {} kB: {samples:?}",
        last - first
    );
    ensure!(most <= MOST_REQUESTS, "{most} requests in a second");
    ensure!(all > 0, "nothing was read");
    for entry in std::fs::read_dir(&window.data)? {
        let entry = entry?;
        let is_log = entry.file_name().to_string_lossy().contains(".log");
        ensure!(
            !is_log || entry.metadata()?.len() <= MOST_LOG,
            "{entry:?} is too large"
        );
    }
    Ok(())
}
