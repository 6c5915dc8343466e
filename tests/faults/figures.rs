//! What a suite did, kept for the page on money safety: the page shows what was run, not what was typed.

use crate::Figures;
use anyhow::{Context, Result};
use serde_json::json;
use std::{path::PathBuf, process::Command};

/// Keeps a whole run of a suite under `target/faults/figures`, where `cargo xtask faults --figures` looks.
pub(crate) fn keep(suite: &str, figures: &Figures, seconds: u64, is_long: bool) -> Result<()> {
    let folder = folder()?;
    std::fs::create_dir_all(&folder)?;
    let kept = json!({
        "suite": suite,
        "figures": figures,
        "seconds": seconds,
        "long": is_long,
        "commit": commit(),
    });
    let size = if is_long { "-long" } else { "" };
    let path = folder.join(format!("{suite}{size}.json"));
    std::fs::write(&path, format!("{kept:#}\n")).with_context(|| path.display().to_string())
}

fn folder() -> Result<PathBuf> {
    let here = std::env::current_exe()?;
    let target = here.parent().and_then(|profile| profile.parent());
    Ok(target.context("not in a target folder")?.join("faults/figures"))
}

/// What was attacked; a plus says that something in it was not committed.
fn commit() -> String {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        output.status.success().then_some(text)
    };
    let head = git(&["rev-parse", "--short", "HEAD"]).unwrap_or_else(|| "unknown".to_owned());
    let changed = git(&["status", "--porcelain", "--untracked-files=no"]).unwrap_or_default();
    if changed.is_empty() {
        head
    } else {
        format!("{head}+")
    }
}
