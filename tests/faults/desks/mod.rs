//! Several tills on one ledger, by seed: two to five desks over one ledger and one Dojo, each with its own clock, its
//! own way and its own troubles, and staff at all of them who decide on the same tabs at the same time. Whatever calls
//! the ledger or Dojo waits until the seed lets it through.

mod acts;
mod books;
mod kept;
mod rules;
mod schedule;
mod shape;
mod till;
mod venue;
mod watchman;

use crate::{Figures, Options};
use anyhow::{Context, Result, anyhow, ensure};
use shape::Counts;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Seeds for every change, and for the long run.
const SEEDS: u64 = 500;
const MANY_SEEDS: u64 = 1_000_000;

/// How long the long run lasts at most.
const LONG_RUN: Duration = Duration::from_secs(30 * 60);

/// After so many failures enough is known.
const MOST_FAILURES: usize = 8;

/// Runs the suite.
pub(crate) fn run(options: &Options) -> Result<Figures> {
    let (first, most) = match (&options.seed, options.long) {
        (Some(seeds), _) => (seeds.start, seeds.end),
        (None, true) => (0, MANY_SEEDS),
        (None, false) => (0, SEEDS),
    };
    if options.is_whole() {
        for seed in kept::SEEDS {
            venue::one(*seed).with_context(|| format!("the kept seed {seed} fails again"))?;
        }
    }
    let (next, begun) = (AtomicU64::new(first), Instant::now());
    let (failed, counts) = (Mutex::new(Vec::new()), Mutex::new(Counts::default()));
    let is_enough = || failed.lock().is_ok_and(|all| all.len() >= MOST_FAILURES);
    let work = || {
        while !is_enough() && (!options.long || begun.elapsed() < LONG_RUN) {
            let seed = next.fetch_add(1, Ordering::SeqCst);
            if seed >= most {
                break;
            }
            if seed > first && seed.is_multiple_of(100) {
                println!("desks: {} seeds, {} s", seed - first, begun.elapsed().as_secs());
            }
            match venue::one(seed) {
                Ok(of_seed) => {
                    if let Ok(mut all) = counts.lock() {
                        all.add(&of_seed);
                    }
                }
                Err(error) => {
                    println!("desks: seed {seed}: {error:#}");
                    if let Ok(mut all) = failed.lock() {
                        all.push(seed);
                    }
                }
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, std::num::NonZero::get) {
            scope.spawn(work);
        }
    });
    let failed = failed
        .into_inner()
        .map_err(|_| anyhow!("a thread came to a bad end"))?;
    ensure!(
        failed.is_empty(),
        "seeds {failed:?}; again with: cargo xtask faults --suite desks --seed N"
    );
    let counts = counts
        .into_inner()
        .map_err(|_| anyhow!("a thread came to a bad end"))?;
    let seeds = next.load(Ordering::SeqCst).min(most).saturating_sub(first);
    Ok(counts.figures(seeds))
}
