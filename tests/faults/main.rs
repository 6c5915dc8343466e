//! Attacks on the promise that one decision moves money once. `cargo xtask faults` runs them.
//!
//! Each suite draws its faults from a seed, prints the seed of a failure and replays it exactly.

mod damage;

use anyhow::{Context, Result};
use clap::Parser;
use std::time::Instant;

/// How hard to attack.
#[derive(Debug, Clone, Parser)]
pub struct Options {
    /// The long run instead of the size for every change.
    #[arg(long)]
    pub long: bool,
    /// Only this seed.
    #[arg(long)]
    pub seed: Option<u64>,
    /// Only this suite.
    #[arg(long)]
    pub suite: Option<String>,
}

/// What a suite did: a name and a count each, for the page on money safety.
pub type Figures = Vec<(&'static str, u64)>;

/// An attack.
struct Suite {
    name: &'static str,
    run: fn(&Options) -> Result<Figures>,
}

/// All of them. Whatever moves money or writes the ledger is attacked by being listed here.
const SUITES: &[Suite] = &[Suite {
    name: "damage",
    run: damage::run,
}];

fn main() -> Result<()> {
    let options = Options::parse();
    for suite in SUITES {
        if options.suite.as_deref().is_some_and(|only| only != suite.name) {
            continue;
        }
        println!("== {}", suite.name);
        let begun = Instant::now();
        let figures =
            (suite.run)(&options).with_context(|| format!("the suite {} found a fault", suite.name))?;
        for (what, count) in figures {
            println!("{}: {what}: {count}", suite.name);
        }
        println!("== {}: {} s", suite.name, begun.elapsed().as_secs());
    }
    Ok(())
}
