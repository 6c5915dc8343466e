//! Attacks on the promise that one decision moves money once. `cargo xtask faults` runs them.
//!
//! Each suite draws its faults from a seed, prints the seed of a failure and replays it exactly.
#![expect(
    clippy::too_many_lines,
    reason = "a test is as long as the story that it tells"
)]

mod clerk;
mod crowd;
mod cuts;
mod damage;
mod deeds;
mod desks;
mod figures;
mod hurt;
mod io;
mod kill;
mod model;
mod oracle;
mod ordeal;
mod power;
mod proxy;
mod side_by_side;
mod venue;
mod watch;
mod wire;
mod world;

use anyhow::{Context, Result};
use clap::Parser;
use std::{ops::Range, time::Instant};

/// How hard to attack.
#[derive(Debug, Clone, Parser)]
pub struct Options {
    /// The long run instead of the size for every change.
    #[arg(long)]
    pub long: bool,
    /// Only this seed, or those from one on and before another: `158`, `700..1400`.
    #[arg(long, value_parser = seeds)]
    pub seed: Option<Range<u64>>,
    /// Only this suite.
    #[arg(long)]
    pub suite: Option<String>,
    /// Only the cases whose name begins so, as a failure names them.
    #[arg(long)]
    pub only: Option<String>,
}

impl Options {
    /// Whether all of a suite is run, so that its figures say something.
    fn is_whole(&self) -> bool {
        self.seed.is_none() && self.only.is_none()
    }

    /// The seed that was asked for.
    fn seed_or(&self, usual: u64) -> u64 {
        self.seed.as_ref().map_or(usual, |seeds| seeds.start)
    }

    /// Whether a case is to be run.
    fn wants(&self, case: &str) -> bool {
        self.only.as_deref().is_none_or(|only| case.starts_with(only))
    }
}

/// Reads `158` or `700..1400`.
fn seeds(text: &str) -> Result<Range<u64>> {
    match text.split_once("..") {
        Some((first, end)) => Ok(first.parse()?..end.parse()?),
        None => {
            let seed: u64 = text.parse()?;
            Ok(seed..seed.checked_add(1).context("no such seed")?)
        }
    }
}

/// How to run one case again, for the reader of its failure.
fn replay(suite: &str, case: &str) -> String {
    format!("{case}; again with: cargo xtask faults --long --suite {suite} --only {case}")
}

/// What a suite did: a name and a count each, for the page on money safety.
pub type Figures = Vec<(&'static str, u64)>;

/// An attack.
struct Suite {
    name: &'static str,
    run: fn(&Options) -> Result<Figures>,
}

/// All of them. Whatever moves money or writes the ledger is attacked by being listed here.
const SUITES: &[Suite] = &[
    Suite {
        name: "world",
        run: world::run,
    },
    Suite {
        name: "desks",
        run: desks::run,
    },
    Suite {
        name: "model",
        run: model::run,
    },
    Suite {
        name: "wire",
        run: wire::run,
    },
    Suite {
        name: "kill",
        run: kill::run,
    },
    Suite {
        name: "io",
        run: io::run,
    },
    Suite {
        name: "power",
        run: power::run,
    },
    Suite {
        name: "crowd",
        run: crowd::run,
    },
    Suite {
        name: "damage",
        run: damage::run,
    },
    Suite {
        name: "watch",
        run: watch::run,
    },
];

fn main() -> Result<()> {
    if let Some(folder) = std::env::var_os(power::CLERK) {
        return power::clerk(folder.as_ref());
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [argument, name, about] = arguments.as_slice()
        && argument == clerk::ARGUMENT
    {
        return clerk::run(name, about);
    }
    let options = Options::parse();
    for suite in SUITES {
        if options.suite.as_deref().is_some_and(|only| only != suite.name) {
            continue;
        }
        println!("== {}", suite.name);
        let begun = Instant::now();
        let figures =
            (suite.run)(&options).with_context(|| format!("the suite {} found a fault", suite.name))?;
        let seconds = begun.elapsed().as_secs();
        for (what, count) in &figures {
            println!("{}: {what}: {count}", suite.name);
        }
        println!("== {}: {seconds} s", suite.name);
        if options.is_whole() {
            figures::keep(suite.name, &figures, seconds, options.long)?;
        }
    }
    Ok(())
}
