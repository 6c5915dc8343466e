//! `cargo xtask test`: every check in its order, the first failure stops.

use crate::command::{cargo, cargo_on_all, go, npm, root, target};
use crate::lengths;
use crate::mutants;
use crate::package;
use crate::real_data::RealData;
use crate::system::{self, For};
use crate::tools;
use crate::window_files;
use anyhow::{Context, Result, ensure};
use std::ffi::OsStr;
use std::process::Command;
use std::time::Instant;

/// The release of cargo-deny that `deny.toml` was written for.
const CARGO_DENY: &str = "0.20.2";

/// Finds dependencies that no source names.
const CARGO_MACHETE: &str = "0.9.2";

/// Knows common misspellings; `typos.toml` has the dialect and the names it can't know.
const TYPOS: &str = "1.52.0";

type Check = (&'static str, fn() -> Result<()>);

const ALWAYS: &[Check] = &[
    ("format", || cargo(&["fmt", "--all", "--check"])),
    ("lengths", lengths::check),
    ("spelling", spelling),
    ("unused dependencies", unused),
    ("window files", window_files),
    ("lints", lints),
    ("documentation", documentation),
    ("tests", || {
        go(cargo_on_all("test", "window").arg("--no-fail-fast"))
    }),
    ("bindings are fresh", bindings),
    ("window format", || npm(&["run", "format:check"])),
    ("window lints", || npm(&["run", "lint"])),
    ("window types", || npm(&["run", "check"])),
    ("window components", || npm(&["test"])),
];

const SLOW: &[Check] = &[
    ("the real window", window),
    ("the package, in short", package::in_short),
    ("licences, bans and sources", deny),
    ("faults", || faults(&[])),
];

/// All of it. What each took is said at the end too, where a long log is cut to its last lines.
pub(crate) fn everything(quick: bool) -> Result<()> {
    let begun = Instant::now();
    system::ensure(if quick { For::Building } else { For::Testing })?;
    let real = RealData::look();
    let mut took = Vec::new();
    let checked = ALWAYS
        .iter()
        .chain(SLOW.iter().filter(|_| !quick))
        .try_for_each(|(name, check)| {
            println!("\n== {name}");
            let at = Instant::now();
            let checked = check().with_context(|| format!("“{name}” failed"));
            println!("== {name}: {} s", at.elapsed().as_secs());
            took.push(format!("{name} {} s", at.elapsed().as_secs()));
            checked
        });
    println!("\nWhat each took: {}.", took.join(", "));
    checked?;
    real.compare()?;
    println!("All of it passed in {} s.", begun.elapsed().as_secs());
    Ok(())
}

/// Of the window stories too, which no “all targets” includes.
fn lints() -> Result<()> {
    for targets in ["--all-targets", "--test=window"] {
        go(cargo_on_all("clippy", "soak").args([targets, "--quiet", "--", "-D", "warnings"]))?;
    }
    Ok(())
}

/// In code, comments and pages.
fn spelling() -> Result<()> {
    go(&mut Command::new(tools::installed("typos-cli", "typos", TYPOS)?))
}

fn unused() -> Result<()> {
    go(&mut Command::new(tools::installed(
        "cargo-machete",
        "cargo-machete",
        CARGO_MACHETE,
    )?))
}

/// What rustdoc makes of the comments, of private items too: mostly whether each link leads somewhere.
fn documentation() -> Result<()> {
    go(cargo_on_all("doc", "soak")
        .args(["--no-deps", "--document-private-items", "--quiet"])
        .env("RUSTDOCFLAGS", "-D warnings"))
}

/// The tests rewrite the bindings; what they wrote must be what is committed.
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
    go(cargo_on_all("build", "window").args(["--bin", "holdfast-cli", "--bin", "faults"]))?;
    go(Command::new(target().join("debug/faults")).args(arguments))
}

/// Builds the app and drives its window.
fn window() -> Result<()> {
    window_stories("window", &[])
}

/// A window with 200 open holds, left alone with them for the minutes given.
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
    go(cargo_on_all("build", feature).args(["--bin", "holdfast", "--bin", "holdfast-cli"]))?;
    let mut stories = cargo_on_all("test", feature);
    stories
        .args(["--test", "window"])
        .env("HOLDFAST_APP", target().join("debug/holdfast"))
        .envs(environment.iter().copied());
    // The long ones by themselves, one after another, and the others without them. Two cores drive two windows well,
    // and no more.
    if feature == "soak" {
        stories.args(["soak::", "--", "--nocapture", "--test-threads", "1"]);
    } else {
        stories.args(["--", "--test-threads", "2"]);
    }
    go(&mut stories)
}

/// Advisories need the network and are left to a person; these three need none.
fn deny() -> Result<()> {
    let program = tools::installed("cargo-deny", "cargo-deny", CARGO_DENY)?;
    go(Command::new(program).args(["--all-features", "check", "bans", "licenses", "sources"]))
}
