//! How close to the limit: the app against what it can't beat, in one run on one machine.
//! `cargo xtask bench` builds this and calls it. It asserts nothing about a time; the table says what misses.
#![expect(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "times and their ratios; no amount comes near here"
)]

mod backup;
mod capture;
mod disk;
mod houses;
mod night;
mod plot;
mod record;
mod sample;
mod search;
mod syncs;
mod table;
mod unclear;
mod venue;

use anyhow::Result;
use clap::{Parser, Subcommand};
use houses::Houses;
use std::path::PathBuf;
use table::Row;

/// Measures, and asserts nothing.
#[derive(Parser)]
struct Options {
    #[command(subcommand)]
    part: Part,
}

#[derive(Subcommand)]
enum Part {
    /// Runs the rows and writes the table.
    Run {
        /// Fewer repetitions, and no ledger of a million tabs.
        #[arg(long)]
        quick: bool,
        /// Where ledgers and whatever else may be thrown away are kept.
        #[arg(long)]
        scratch: PathBuf,
        /// Where the table goes.
        #[arg(long)]
        out: PathBuf,
        /// Only these, such as B5; all otherwise.
        #[arg(long)]
        row: Vec<String>,
    },
    /// A till whose syncs are counted.
    #[command(hide = true)]
    Till { folder: PathBuf },
    /// A till that closes the night, until it is killed.
    #[command(hide = true)]
    Night { folder: PathBuf, url: String },
}

/// What all rows share.
pub(crate) struct Bench {
    pub(crate) houses: Houses,
    is_quick: bool,
}

impl Bench {
    /// So many repetitions, or fewer when it has to be quick.
    pub(crate) fn times(&self, whole: usize, quick: usize) -> usize {
        if self.is_quick { quick } else { whole }
    }

    /// How full the house is where nothing else is said.
    pub(crate) fn tabs(&self) -> u32 {
        100_000
    }

    /// How many tabs there are, in ledgers that are held against one another.
    fn sizes(&self) -> &[u32] {
        if self.is_quick {
            &[1_000, 100_000]
        } else {
            &[1_000, 10_000, 100_000, 1_000_000]
        }
    }
}

async fn measured(bench: &Bench, wanted: impl Fn(&str) -> bool) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    if wanted("B1") || wanted("B2") {
        let (disk, commit) = disk::rows(bench).await?;
        if wanted("B1") {
            rows.extend(capture::rows(bench, commit).await?);
        }
        rows.extend(disk);
    }
    if wanted("B3") {
        rows.extend(night::rows(bench).await?);
    }
    for tabs in bench.sizes() {
        if wanted("B5") || wanted("B10") {
            let folder = bench.houses.of(*tabs).await?;
            if wanted("B5") {
                rows.push(search::row(bench, &folder, *tabs).await?);
            }
            if wanted("B10") {
                let goal = (*tabs == bench.tabs()).then_some(3.0);
                rows.push(backup::chain(bench, &folder).await?.at(*tabs).ratio(goal));
            }
        }
    }
    if wanted("B9") {
        rows.extend(backup::rows(bench).await?);
    }
    if wanted("B11") {
        rows.push(unclear::row(bench).await?);
    }
    rows.sort_by_key(|row| row.id.strip_prefix('B').and_then(|n| n.parse::<u8>().ok()));
    Ok(rows)
}

#[tokio::main]
async fn main() -> Result<()> {
    match Options::parse().part {
        Part::Till { folder } => syncs::till(&folder).await,
        Part::Night { folder, url } => night::till(&folder, &url).await,
        Part::Run {
            quick,
            scratch,
            out,
            row,
        } => {
            let bench = Bench {
                houses: Houses::at(&scratch),
                is_quick: quick,
            };
            let wanted = |id: &str| row.is_empty() || row.iter().any(|row| row == id);
            let begun = std::time::Instant::now();
            let rows = measured(&bench, wanted).await?;
            record::write(&out, &rows, quick, begun.elapsed())
        }
    }
}
