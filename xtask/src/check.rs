//! `cargo xtask test`: every check in its order, the first failure stops.

use crate::command::{cargo, cargo_command, go, npm, root};
use crate::mutants;
use crate::real_data::RealData;
use crate::system::{self, For};
use crate::tools;
use crate::window_files;
use anyhow::{Context, Result, ensure};
use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

/// The release of cargo-deny that `deny.toml` was written for.
const DENY: &str = "0.20.2";

type Check = (&'static str, fn() -> Result<()>);

const ALWAYS: &[Check] = &[
    ("format", || cargo(&["fmt", "--all", "--check"])),
    ("window files", window_files),
    ("lints", lints),
    ("tests", || {
        cargo(&["test", "--workspace", "--exclude", "holdfast", "--no-fail-fast"])
    }),
    ("bindings are fresh", bindings),
    ("window types", || npm(&["run", "check"])),
    ("window components", || npm(&["test"])),
];

const SLOW: &[Check] = &[
    ("the real window", window),
    ("licences, bans and sources", deny),
    ("faults", || faults(&[])),
];

/// All of it, with the time that each took.
pub(crate) fn everything(quick: bool) -> Result<()> {
    let begun = Instant::now();
    system::ensure(if quick { For::Building } else { For::Testing })?;
    let real = RealData::look();
    for (name, check) in ALWAYS.iter().chain(SLOW.iter().filter(|_| !quick)) {
        println!("\n== {name}");
        let at = Instant::now();
        check().with_context(|| format!("“{name}” failed"))?;
        println!("== {name}: {} s", at.elapsed().as_secs());
    }
    real.compare()?;
    println!("\nAll of it passed in {} s.", begun.elapsed().as_secs());
    Ok(())
}

fn lints() -> Result<()> {
    cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--features",
        "holdfast-tests/soak",
        "--quiet",
        "--",
        "-D",
        "warnings",
    ])
}

/// The tests write the bindings anew; what they wrote must be what is committed.
fn bindings() -> Result<()> {
    let out = Command::new("git")
        .current_dir(root())
        .args(["status", "--porcelain", "--", "ui/src/bindings"])
        .output()
        .context("git could not be started")?;
    let changed = String::from_utf8_lossy(&out.stdout).into_owned();
    ensure!(
        changed.trim().is_empty(),
        "ui/src/bindings is not what the Rust types say now; commit what the tests wrote:\n{changed}"
    );
    Ok(())
}

/// The fault suites, which attack the built `holdfast-cli` too.
pub(crate) fn faults(arguments: &[String]) -> Result<()> {
    system::ensure(For::Testing)?;
    if let Some(("--mutants", wanted)) = arguments
        .split_first()
        .map(|(first, rest)| (first.as_str(), rest))
    {
        return mutants::run(wanted);
    }
    cargo(&["build", "--package", "holdfast-cli"])?;
    let mut suites = vec!["run", "--package", "holdfast-tests", "--bin", "faults", "--"];
    suites.extend(arguments.iter().map(String::as_str));
    cargo(&suites)
}

/// Builds the app and drives its window.
fn window() -> Result<()> {
    window_stories("window", &[])
}

/// A window with 200 open holds, left alone with them for so many minutes.
pub(crate) fn soak(minutes: u64) -> Result<()> {
    system::ensure(For::Testing)?;
    window_files()?;
    let minutes = minutes.to_string();
    window_stories("soak", &[("HOLDFAST_SOAK_MINUTES", minutes.as_ref())])
}

/// The window stories once more, with a picture of each screen.
pub(crate) fn shots() -> Result<()> {
    system::ensure(For::Testing)?;
    window_files()?;
    let folder = root().join("docs/pictures");
    std::fs::create_dir_all(&folder)?;
    window_stories("window", &[("HOLDFAST_SHOTS", folder.as_os_str())])
}

fn window_stories(feature: &str, environment: &[(&str, &OsStr)]) -> Result<()> {
    cargo(&["build", "--package", "holdfast", "--package", "holdfast-cli"])?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let mut stories = cargo_command();
    stories
        .args(["test", "--package", "holdfast-tests", "--features", feature])
        .args(["--test", "window"])
        .env("HOLDFAST_APP", root().join(target).join("debug/holdfast"))
        .envs(environment.iter().copied());
    // The long one by itself, and the others without it. Two cores drive two windows well, and no more.
    if feature == "soak" {
        stories.args(["soak::", "--", "--nocapture"]);
    } else {
        stories.args(["--", "--test-threads", "2"]);
    }
    go(&mut stories)
}

/// Advisories need the network and are left to a person; these three need none.
fn deny() -> Result<()> {
    let program = tools::installed("cargo-deny", DENY)?;
    go(Command::new(program).args(["--all-features", "check", "bans", "licenses", "sources"]))
}
