//! The software bill of materials, in CycloneDX: one list a program for its crates, one for the window's packages.

use super::{PROGRAMS, Places, Release, printed};
use crate::command::{cargo_command, go, root};
use crate::{tools, tree};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

/// Lists what cargo links; npm has a command of its own.
const CARGO_CYCLONEDX: &str = "0.5.9";

/// Writes all three into `out`.
pub(super) fn write(places: &Places, release: &Release) -> Result<()> {
    // The tool writes beside each Cargo.toml, so it works in a copy.
    let copy = tempfile::tempdir()?;
    tree::copy(&root(), copy.path())?;
    let tool = tools::installed("cargo-cyclonedx", "cargo-cyclonedx", CARGO_CYCLONEDX)?;
    go(Command::new(tool)
        .args([
            "cyclonedx",
            "--format",
            "json",
            "--spec-version",
            "1.5",
            "--quiet",
        ])
        .args([
            "--no-build-deps",
            "--override-filename",
            "parts",
            "--manifest-path",
        ])
        .arg(copy.path().join("Cargo.toml"))
        .env("CARGO", cargo_command().get_program())
        .env("SOURCE_DATE_EPOCH", release.epoch.to_string()))?;
    let folders = ["src-tauri", "src-tauri/crates/cli"];
    for (name, folder) in PROGRAMS.into_iter().zip(folders) {
        let path = copy.path().join(folder).join("parts.json");
        let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        // Our own crates are named by where they lay.
        let text = text.replace(&copy.path().display().to_string(), "/holdfast");
        keep(&places.out.join(format!("{name}.cdx.json")), &text, release)?;
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let window = printed(
        Command::new(npm)
            .args([
                "sbom",
                "--sbom-format",
                "cyclonedx",
                "--omit",
                "dev",
                "--package-lock-only",
            ])
            .current_dir(copy.path().join("ui")),
    )?;
    keep(&places.out.join("holdfast-window.cdx.json"), &window, release)
}

/// Without what would differ each time.
fn keep(path: &Path, text: &str, release: &Release) -> Result<()> {
    let mut list: Value = serde_json::from_str(text)?;
    let object = list.as_object_mut().context("the list is no object")?;
    object.remove("serialNumber");
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.insert("timestamp".to_owned(), json!(release.date("%Y-%m-%dT%H:%M:%SZ")?));
    }
    std::fs::write(path, serde_json::to_string_pretty(&list)? + "\n")?;
    Ok(())
}
