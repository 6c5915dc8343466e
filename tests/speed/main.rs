//! How long a full house takes to open, to show and to search.
//! `cargo run --release -p holdfast-tests --bin speed -- --folder /dev/shm/house`

use anyhow::{Context, Result};
use clap::Parser;
use holdfast_desk::{Clock, ClosedAsked, Desk, SystemClock};
use holdfast_dojo::{ApiKey, Client};
use holdfast_ledger::{Ledger, sqlite::SqliteLedger};
use holdfast_tests::house::House;
use holdfast_tests::{KEY, recorder::Recorder};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Measures, and asserts nothing: how fast is a matter of the machine.
#[derive(Parser)]
struct Options {
    /// Where the ledger is; it is filled once and used again. In memory, filling takes a minute or two.
    #[arg(long)]
    folder: PathBuf,
    /// Open tabs.
    #[arg(long, default_value_t = 500)]
    open: u32,
    /// Tabs put away.
    #[arg(long, default_value_t = 100_000)]
    closed: u32,
}

/// The middle of so many tries.
const TRIES: usize = 9;

async fn middle<T>(what: &str, work: impl AsyncFn() -> Result<T>) -> Result<()> {
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..TRIES {
        let begun = Instant::now();
        work().await?;
        times.push(begun.elapsed());
    }
    times.sort();
    println!("{what:40} {:?}", times.get(TRIES / 2).context("no tries")?);
    Ok(())
}

#[tokio::main]
async fn main() -> Result<()> {
    let options = Options::parse();
    let now = SystemClock.now();
    if !options.folder.join("ledger.db").exists() {
        let (begun, ledger) = (Instant::now(), SqliteLedger::open(&options.folder)?);
        let house = House {
            open: options.open,
            closed: options.closed,
        };
        house.fill(&ledger, now).await?;
        println!("{:40} {:?}", "filled in", begun.elapsed());
    }
    let begun = Instant::now();
    let ledger = Arc::new(SqliteLedger::open(&options.folder)?);
    println!("{:40} {:?}", "opened, every seal checked", begun.elapsed());
    let client = Client::new(
        Arc::new(Recorder::new("http://127.0.0.1:1")?),
        ApiKey::parse(KEY)?,
    );
    let desk = Desk::new(ledger.clone(), client, Arc::new(SystemClock));

    let begun = Instant::now();
    let found = desk.search("amira").await?;
    println!(
        "{:40} {:?} ({})",
        "first search, the index read",
        begun.elapsed(),
        found.words
    );
    middle("floor", async || Ok(desk.floor().await?)).await?;
    middle("floor, as the window is sent it", async || {
        Ok(serde_json::to_string(&desk.floor().await?)?)
    })
    .await?;
    middle("open accounts", async || Ok(ledger.open_accounts(2_000).await?)).await?;
    middle("a page of what was put away", async || {
        Ok(desk.closed(&ClosedAsked::default(), None).await?)
    })
    .await?;
    let mut far = None;
    for _ in 0..options.closed / 200 {
        far = desk.closed(&ClosedAsked::default(), far).await?.next.or(far);
    }
    middle("a page far back", async || {
        Ok(desk.closed(&ClosedAsked::default(), far).await?)
    })
    .await?;
    // The worst that a filter can ask: everything is looked at, and nothing is found.
    for (words, asked) in [
        (
            "put away, by a card that nobody has",
            ClosedAsked {
                card: "0000".to_owned(),
                ..ClosedAsked::default()
            },
        ),
        (
            "put away, by an amount that is nowhere",
            ClosedAsked {
                least: "900,000".to_owned(),
                ..ClosedAsked::default()
            },
        ),
    ] {
        middle(words, async || Ok(desk.closed(&asked, None).await?)).await?;
    }
    for query in [
        "amira",
        "t",
        "room 14",
        "brant",
        "castelanos gregorz",
        "7919",
        "24.50",
        "nobody at all",
    ] {
        let words = desk.search(query).await?.words;
        middle(&words, async || Ok(desk.search(query).await?)).await?;
    }
    Ok(())
}
