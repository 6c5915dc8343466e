//! How close to the limit: the app against what it can't beat, in one run on one machine.
//! `cargo xtask bench` builds this and calls it. It asserts nothing about a time; the table says what misses.
#![expect(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "times and their ratios; no amount comes near here"
)]

mod backup;
mod capture;
mod cold;
mod command;
mod disk;
mod frames;
mod houses;
mod memory;
mod night;
mod plot;
mod programs;
mod record;
mod sample;
mod screen;
mod search;
mod shared;
mod sizes;
mod start;
mod syncs;
mod table;
mod unclear;
mod venue;

use anyhow::Result;
use clap::{Parser, Subcommand};
use houses::Houses;
use programs::Programs;
use std::path::PathBuf;
use std::time::Duration;
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
        /// Fewer repetitions, and ledgers of 20,000 tabs where it would be 100,000.
        #[arg(long)]
        quick: bool,
        /// No ledger with more tabs than this: one of a million takes an hour to fill and 30 GB to measure.
        #[arg(long, default_value_t = A_MILLION)]
        largest: u32,
        /// Where ledgers and whatever else may be thrown away are kept.
        #[arg(long)]
        scratch: PathBuf,
        /// Where the table goes.
        #[arg(long)]
        out: PathBuf,
        /// The released app,
        #[arg(long)]
        app: PathBuf,
        /// the empty window,
        #[arg(long)]
        empty: PathBuf,
        /// and the window's built files.
        #[arg(long)]
        page: PathBuf,
        /// A PostgreSQL server on which databases may be made, as its administrator connects to it; without one the
        /// rows of a shared ledger aren't run.
        #[arg(long)]
        server: Option<String>,
        /// Only these, such as B5; all otherwise.
        #[arg(long)]
        row: Vec<String>,
    },
    /// Becomes a program, and says when.
    #[command(hide = true)]
    Launch {
        stamp: PathBuf,
        program: PathBuf,
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// A till whose syncs are counted.
    #[command(hide = true)]
    Till { folder: PathBuf },
    /// A till that closes the night, until it is killed.
    #[command(hide = true)]
    Night { folder: PathBuf, url: String },
    /// A till of a shared ledger, until it is killed.
    #[command(hide = true)]
    Member {
        address: String,
        role: String,
        folder: PathBuf,
        url: String,
    },
    /// A till with a ledger of its own, until it is killed.
    #[command(hide = true)]
    Alone { folder: PathBuf, url: String },
}

/// No ledger here has more tabs.
pub(crate) const A_MILLION: u32 = 1_000_000;

/// What a start looks through and copies at least.
const TABS_A_SECOND: u32 = 5_000;

/// What all rows share.
pub(crate) struct Bench {
    pub(crate) houses: Houses,
    is_quick: bool,
    largest: u32,
}

impl Bench {
    /// So many repetitions, or fewer when it has to be quick.
    pub(crate) fn times(&self, whole: usize, quick: usize) -> usize {
        if self.is_quick { quick } else { whole }
    }

    /// How full the house is where nothing else is said.
    pub(crate) fn tabs(&self) -> u32 {
        if self.is_quick { 20_000 } else { 100_000 }
    }

    /// After so long the work of a start with so many tabs is over: the ledger is checked, the index read, a
    /// backup made.
    pub(crate) fn settling(&self, tabs: u32) -> Duration {
        let whole = 40 + tabs / TABS_A_SECOND;
        Duration::from_secs(if self.is_quick { 3 } else { whole.into() })
    }

    /// How many tabs there are, in ledgers that are held against one another.
    fn sizes(&self) -> impl Iterator<Item = u32> {
        let all: &[u32] = if self.is_quick {
            &[1_000, 20_000]
        } else {
            &[1_000, 10_000, 100_000, A_MILLION]
        };
        all.iter().copied().filter(|tabs| *tabs <= self.largest)
    }
}

async fn in_the_window(
    bench: &Bench,
    programs: &Programs,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    if wanted("B4") {
        rows.extend(start::rows(bench, programs).await?);
    }
    if wanted("B6") {
        rows.extend(frames::rows(bench, programs).await?);
    }
    if wanted("B7") {
        rows.extend(memory::rows(bench, programs).await?);
    }
    if wanted("B8") {
        rows.push(command::row(bench, programs).await?);
    }
    if wanted("B12") {
        rows.extend(sizes::rows(bench, programs)?);
    }
    Ok(rows)
}

async fn without_a_window(bench: &Bench, wanted: impl Fn(&str) -> bool) -> Result<Vec<Row>> {
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
            let folder = bench.houses.of(tabs).await?;
            if wanted("B5") {
                rows.push(search::row(bench, &folder, tabs).await?);
            }
            if wanted("B10") {
                let goal = (tabs == bench.tabs()).then_some(3.0);
                rows.push(backup::chain(bench, &folder).await?.at(tabs).ratio(goal));
            }
        }
    }
    for tabs in bench.sizes().filter(|_| wanted("B13")) {
        rows.extend(cold::rows(bench, tabs).await?);
    }
    if wanted("B9") {
        rows.extend(backup::rows(bench).await?);
    }
    if wanted("B11") {
        rows.push(unclear::row(bench).await?);
    }
    Ok(rows)
}

#[tokio::main]
async fn main() -> Result<()> {
    match Options::parse().part {
        Part::Launch {
            stamp,
            program,
            arguments,
        } => screen::launch(&stamp, &program, &arguments),
        Part::Till { folder } => syncs::till(&folder).await,
        Part::Night { folder, url } => night::till(&folder, &url).await,
        Part::Member {
            address,
            role,
            folder,
            url,
        } => shared::till::member(&address, &role, &folder, &url).await,
        Part::Alone { folder, url } => shared::till::alone(&folder, &url).await,
        Part::Run {
            quick,
            largest,
            scratch,
            out,
            app,
            empty,
            page,
            server,
            row,
        } => {
            let bench = Bench {
                houses: Houses::at(&scratch),
                is_quick: quick,
                largest,
            };
            let wanted = |id: &str| row.is_empty() || row.iter().any(|row| row == id);
            let begun = std::time::Instant::now();
            let programs = Programs::new(app, empty, page)?;
            let mut rows = without_a_window(&bench, wanted).await?;
            rows.extend(in_the_window(&bench, &programs, wanted).await?);
            let of_shared = shared::rows(&bench, server.as_deref(), wanted).await?;
            rows.extend(of_shared.rows);
            // Those of a shared ledger come after the others.
            let place = |id: &str| (id.starts_with('N'), id[1..].parse::<u8>().ok());
            rows.sort_by_key(|row| place(row.id));
            record::write(&out, &rows, quick, begun.elapsed(), of_shared.not_run.trim())
        }
    }
}
