//! The fuzz targets under `tests/fuzz`, for any length of time. Their corpus and some thousand changes of it
//! are part of every test run; this is for what only chance and time find.

use crate::command::root;
use crate::{figures, tools};
use anyhow::{Context, Result, ensure};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// The release of cargo-fuzz that the targets were written for.
const CARGO_FUZZ: &str = "0.13.2";

/// How long each target runs in the long run of the fault suites.
pub(crate) const SECONDS_PER_TARGET: u64 = 60;

/// Runs each target for the seconds given; what it finds is in `tests/fuzz/artifacts`.
///
/// # Errors
/// When a target finds something, or can't be built.
pub(crate) fn run(seconds: u64) -> Result<()> {
    let program = tools::installed("cargo-fuzz", "cargo-fuzz", CARGO_FUZZ)?;
    let begun = Instant::now();
    let (mut figures, mut names) = (Vec::new(), Vec::new());
    for entry in std::fs::read_dir(root().join("tests/fuzz/fuzz_targets"))? {
        names.extend(
            entry?
                .path()
                .file_stem()
                .and_then(|stem| stem.to_str())
                .map(str::to_owned),
        );
    }
    names.sort();
    for name in names {
        println!("\n== fuzz {name}: {seconds} s");
        let inputs = target(&program, &name, seconds)?;
        figures.push((format!("inputs to {name}"), inputs.into()));
    }
    figures::keep("fuzz", &figures, Some(begun.elapsed()))
}

/// How many inputs a target was given.
fn target(program: &Path, name: &str, seconds: u64) -> Result<u64> {
    // What the fuzzer finds worth keeping goes here; the corpus that is committed stays small.
    let found = root().join("target/fuzz/found").join(name);
    std::fs::create_dir_all(&found)?;
    let output = fuzz(program)
        .args(["run", name])
        .arg(&found)
        .arg(root().join("tests/fuzz/corpus").join(name))
        .args(["--", "-print_final_stats=1", "-rss_limit_mb=4096", "-timeout=30"])
        .arg(format!("-max_total_time={seconds}"))
        .stderr(Stdio::piped())
        .output()
        .context("cargo-fuzz could not be started")?;
    let told = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{name} found something:\n{told}");
    let executed = told
        .lines()
        .find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    let executed = executed.and_then(|count| count.trim().parse().ok());
    let executed: u64 = executed.with_context(|| format!("{name} does not say what it did:\n{told}"))?;
    println!("{executed} inputs");
    Ok(executed)
}

/// The fuzzer needs the compiler's own instruments, which the stable one has and hides.
fn fuzz(program: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(root().join("tests"))
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", root().join("target/fuzz"))
        .env("RUST_BACKTRACE", "0");
    command
}
