//! `cargo xtask bench`: builds what is measured as it is released, and calls what measures it.

use crate::command::{cargo, go, root};
use crate::system::{self, For};
use anyhow::Result;
use std::path::PathBuf;
use std::process::Command;

/// Measures. A whole run's table is written where it is kept, any other's where it may be thrown away.
pub(crate) fn run(is_quick: bool, rows: &[String]) -> Result<()> {
    system::ensure(For::Testing)?;
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
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let target = root().join(target);
    let scratch = target.join("bench");
    let is_whole = !is_quick && rows.is_empty();
    let out = if is_whole {
        root().join("docs/bench")
    } else {
        scratch.join("table")
    };
    let mut bench = Command::new(target.join("release/bench"));
    bench
        .arg("run")
        .arg("--scratch")
        .arg(&scratch)
        .arg("--out")
        .arg(out);
    if is_quick {
        bench.arg("--quick");
    }
    for row in rows {
        bench.args(["--row", row]);
    }
    go(&mut bench)
}
