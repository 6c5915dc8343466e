//! `cargo xtask bench`: builds what is measured as it is released, and calls what measures it.

use crate::command::{cargo, cargo_command, go, root, target};
use crate::shared_ledger::Cluster;
use crate::system::{self, For};
use crate::window_files;
use anyhow::Result;
use std::path::Path;
use std::process::Command;

/// A server as a venue has it, fsync included, but for these: row N4 has many tills, and a ledger of ten million
/// entries is filled in one commit.
const SERVER_OPTIONS: &str = "-c max_connections=1600 -c max_wal_size=4GB";

/// Measures. A whole run's table is written where it is kept, any other's where it may be thrown away.
pub(crate) fn run(is_quick: bool, rows: &[String], largest: Option<u32>) -> Result<()> {
    system::ensure(For::Testing)?;
    window_files()?;
    cargo(&[
        "build",
        "--release",
        "--package",
        "holdfast-tests",
        "--features",
        "bench",
        "--bin",
        "bench",
    ])?;
    cargo(&["build", "--release", "--package", "holdfast"])?;
    let target = target();
    empty_window(&target)?;
    let scratch = target.join("bench");
    let is_whole = !is_quick && rows.is_empty();
    let out = if is_whole {
        root().join("docs/bench")
    } else {
        scratch.join("table")
    };
    let mut bench = Command::new(target.join("release/bench"));
    bench.arg("run");
    for (name, path) in [
        ("--scratch", &scratch),
        ("--out", &out),
        ("--app", &target.join("release/holdfast")),
        ("--empty", &target.join("release/holdfast-empty-window")),
        ("--page", &root().join("ui/dist")),
    ] {
        bench.arg(name).arg(path);
    }
    if is_quick {
        bench.arg("--quick");
    }
    if let Some(tabs) = largest {
        bench.args(["--largest", &tabs.to_string()]);
    }
    for row in rows {
        bench.args(["--row", row]);
    }
    let server = server(&scratch, rows);
    if let Some(server) = &server {
        bench.args(["--server", &server.address]);
    }
    go(&mut bench)
}

/// The server that the rows of a shared ledger are measured on, if they're wanted; none where PostgreSQL isn't
/// installed. What was filled is kept.
fn server(scratch: &Path, rows: &[String]) -> Option<Cluster> {
    if !rows.is_empty() && !rows.iter().any(|row| row.starts_with('N')) {
        return None;
    }
    match Cluster::start(SERVER_OPTIONS, Some(&scratch.join("postgres"))) {
        Ok(cluster) => Some(cluster),
        Err(why) => {
            println!("Rows N1 to N10 are not run: {why:#}");
            None
        }
    }
}

/// A package of its own, outside the workspace so that nothing else ever builds it, and with the workspace's
/// versions.
fn empty_window(target: &Path) -> Result<()> {
    let folder = root().join("tests/bench/empty");
    std::fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock"))?;
    let mut build = cargo_command();
    build
        .args(["build", "--release", "--manifest-path"])
        .arg(folder.join("Cargo.toml"));
    go(build.arg("--target-dir").arg(target))
}
