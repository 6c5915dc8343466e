//! Running other programs, with an error that says which one failed.

use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

/// The workspace's folder, wherever the chore was called from.
pub(crate) fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_owned()
}

/// Where cargo puts what it builds.
pub(crate) fn target() -> PathBuf {
    root().join(std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}

/// Runs a command in the workspace's folder; its failure is ours.
///
/// # Errors
/// When it can't be started or fails.
pub(crate) fn go(command: &mut Command) -> Result<()> {
    go_in(&root(), command)
}

/// Runs a command in another folder; its failure is ours.
///
/// # Errors
/// When it can't be started or fails.
pub(crate) fn go_in(folder: &Path, command: &mut Command) -> Result<()> {
    let shown = format!("{command:?}");
    let status = command
        .current_dir(folder)
        .status()
        .with_context(|| format!("{shown} could not be started"))?;
    ensure!(status.success(), "{shown} failed");
    Ok(())
}

/// Cargo, the same one that runs us.
pub(crate) fn cargo_command() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Cargo on the whole workspace, with a feature of its tests. Every step chooses the same members and features: for
/// another choice cargo compiles tokio, and with it most of what is ours, again.
pub(crate) fn cargo_on_all(command: &str, feature: &str) -> Command {
    let mut cargo = cargo_command();
    cargo
        .args([command, "--workspace", "--features"])
        .arg(format!("holdfast-tests/{feature}"));
    cargo
}

/// Runs cargo.
///
/// # Errors
/// When it fails.
pub(crate) fn cargo(arguments: &[&str]) -> Result<()> {
    go(cargo_command().args(arguments))
}

/// Runs npm in the window's folder.
///
/// # Errors
/// When it fails.
pub(crate) fn npm(arguments: &[&str]) -> Result<()> {
    let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
    go(Command::new(program).args(["--prefix", "ui"]).args(arguments))
}

/// Whether `source` (a file, or the newest file of a folder) is newer than `made`, or `made` is not there.
///
/// # Errors
/// When `source` can't be read.
pub(crate) fn newer(source: &Path, made: &Path) -> Result<bool> {
    let Ok(made) = root().join(made).metadata().and_then(|m| m.modified()) else {
        return Ok(true);
    };
    let source = root().join(source);
    let newest = newest(&source).with_context(|| format!("{} can't be read", source.display()))?;
    Ok(newest > made)
}

fn newest(path: &Path) -> std::io::Result<SystemTime> {
    let metadata = path.metadata()?;
    let mut time = metadata.modified()?;
    if metadata.is_dir() {
        for entry in path.read_dir()? {
            time = time.max(newest(&entry?.path())?);
        }
    }
    Ok(time)
}
