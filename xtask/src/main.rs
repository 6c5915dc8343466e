//! The project's chores: `cargo xtask run` and `cargo xtask test` do all the set-up by themselves.

mod bench;
mod check;
mod command;
mod figures;
mod fuzz;
mod lengths;
mod mutants;
mod package;
mod real_data;
mod shared_ledger;
mod small_changes;
mod system;
mod tools;
mod tree;

use anyhow::Result;
use clap::{Parser, Subcommand, ValueEnum};
use command::{cargo, newer, npm};
use std::path::Path;
use system::For;

/// Holdfast's chores.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Builds the app and starts it, in training unless another mode was in use last.
    Run {
        /// Opens two tills in training on one ledger that they share, on a PostgreSQL server of its own.
        #[arg(long, value_enum)]
        ledger: Option<SharedOn>,
        /// Handed on to the app, such as `--data-dir FOLDER`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        app: Vec<String>,
    },
    /// Everything that a change has to pass.
    Test {
        /// Without the real window, the licence check and the fault suites.
        #[arg(long)]
        quick: bool,
    },
    /// Attacks the promise that one decision moves money once: by seed, byte, call, page and press.
    Faults {
        /// Writes the figures of the last runs into docs/money-safety.md; alone, it runs nothing. A whole
        /// run writes them by itself.
        #[arg(long)]
        figures: bool,
        /// Handed on to the suites, such as `--long`, `--suite NAME`, `--seed N`. With `--mutants` first,
        /// each safety net is cut in a copy and a suite must notice; `--mutants M9` cuts that one.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Throws bytes at whatever reads some from outside, a while each; `faults --long` does so too.
    Fuzz {
        /// How long each target runs.
        #[arg(long, default_value_t = fuzz::SECONDS_PER_TARGET)]
        seconds: u64,
    },
    /// Changes the rules about money in every small way: 95 in a hundred changes must turn a test red.
    Mutants,
    /// Leaves the real window alone with 200 open holds: nothing may grow, and Dojo is asked within its limit. And has
    /// tills sleep for minutes in the middle of a take.
    Soak {
        /// How long.
        #[arg(long, default_value_t = 60)]
        minutes: u64,
    },
    /// Measures the app against what it can't beat, and writes the table into docs/bench. A shared ledger is measured
    /// on a PostgreSQL server of its own.
    Bench {
        /// Fewer repetitions and smaller ledgers, in three minutes; its table goes to target/bench only.
        #[arg(long)]
        quick: bool,
        /// These rows only, such as `--row B5`; nothing is written into docs/bench then.
        #[arg(long)]
        row: Vec<String>,
        /// No ledger with more tabs than this: one of a million takes an hour to fill and 30 GB to measure.
        #[arg(long)]
        largest: Option<u32>,
    },
    /// Makes what a venue installs: packages, lists of parts, sums and signatures, an apt repository.
    Package(package::Options),
    /// Writes a picture of every screen to docs/pictures, from the window stories.
    Shots,
}

/// What a shared ledger is on.
#[derive(Clone, Copy, ValueEnum)]
enum SharedOn {
    /// PostgreSQL.
    Postgres,
}

fn main() -> Result<()> {
    match Arguments::parse().chore {
        Chore::Run { ledger, app } => run(ledger, &app),
        Chore::Test { quick } => check::everything(quick),
        Chore::Faults { figures, arguments } => faults(figures, &arguments),
        Chore::Fuzz { seconds } => fuzz::run(seconds),
        Chore::Mutants => small_changes::run().and_then(|()| figures::write()),
        Chore::Soak { minutes } => check::soak(minutes),
        Chore::Bench { quick, row, largest } => bench::run(quick, &row, largest),
        Chore::Package(options) => package::run(&options),
        Chore::Shots => check::shots(),
    }
}

fn faults(figures: bool, arguments: &[String]) -> Result<()> {
    // Behind an argument of the suites it is taken for one of them.
    let (ours, theirs): (Vec<String>, Vec<String>) = arguments
        .iter()
        .cloned()
        .partition(|argument| argument == "--figures");
    let with_figures = figures || !ours.is_empty();
    if !with_figures || !theirs.is_empty() {
        check::faults(&theirs)?;
    }
    let is_all = theirs.iter().all(|argument| argument == "--long");
    let is_whole = is_all || theirs == ["--mutants"];
    // First, so that nothing is lost when the fuzzing finds something.
    if with_figures || is_whole {
        figures::write()?;
    }
    if is_all && !theirs.is_empty() {
        fuzz::run(fuzz::SECONDS_PER_TARGET)?;
    }
    Ok(())
}

fn run(ledger: Option<SharedOn>, app: &[String]) -> Result<()> {
    system::ensure(For::Building)?;
    window_files()?;
    if let Some(SharedOn::Postgres) = ledger {
        return shared_ledger::run(app);
    }
    let mut arguments = vec!["run", "--package", "holdfast", "--", "--training"];
    arguments.extend(app.iter().map(String::as_str));
    cargo(&arguments)
}

/// Brings the window's packages and its built files up to date.
pub(crate) fn window_files() -> Result<()> {
    if newer(
        Path::new("ui/package-lock.json"),
        Path::new("ui/node_modules/.package-lock.json"),
    )? {
        npm(&["ci", "--no-audit", "--no-fund"])?;
    }
    let sources = [
        "ui/src",
        "ui/index.html",
        "ui/vite.config.ts",
        "ui/package-lock.json",
    ];
    let mut stale = false;
    for source in sources {
        stale |= newer(Path::new(source), Path::new("ui/dist/index.html"))?;
    }
    if stale {
        npm(&["run", "build"])?;
    }
    Ok(())
}
