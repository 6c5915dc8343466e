//! Tools that cargo installs, in `target/tools`.

use crate::command::{cargo_command, go, root};
use anyhow::Result;
use std::path::PathBuf;

/// The program `name` of that release of `package`, installed if it is missing.
///
/// # Errors
/// When it can't be installed.
pub(crate) fn installed(package: &str, name: &str, version: &str) -> Result<PathBuf> {
    let tools = root().join("target/tools");
    let program = tools.join("bin").join(name);
    if !program.exists() {
        let mut install = cargo_command();
        install
            .args(["install", package, "--version", version])
            .args(["--locked", "--debug", "--root"])
            .arg(&tools)
            // What one has compiled serves the next.
            .env("CARGO_TARGET_DIR", tools.join("build"))
            // Nobody debugs them, and a clean clone waits for each.
            .env("CARGO_PROFILE_DEV_DEBUG", "false");
        go(&mut install)?;
    }
    Ok(program)
}
