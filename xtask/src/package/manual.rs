//! The manual's pages, made of what the programs themselves say of their arguments.

use anyhow::Result;
use clap::CommandFactory;
use std::path::Path;

#[path = "../../../src-tauri/crates/cli/src/arguments.rs"]
mod cli;

#[path = "../../../src-tauri/src/arguments.rs"]
mod window;

/// Writes a page for the window's program, and one for `holdfast-cli` and each of its commands.
pub(super) fn write(folder: &Path) -> Result<()> {
    for command in [
        window::Arguments::command().name("holdfast"),
        cli::Arguments::command().name("holdfast-cli"),
    ] {
        clap_mangen::generate_to(command, folder)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_command_has_its_page() -> Result<()> {
        let folder = tempfile::tempdir()?;
        write(folder.path())?;
        let page = |name: &str| std::fs::read_to_string(folder.path().join(name));
        assert!(page("holdfast.1")?.contains(env!("CARGO_PKG_VERSION")));
        assert!(page("holdfast-cli.1")?.contains("HOLDFAST_DATA_DIR"));
        assert!(page("holdfast-cli-take.1")?.contains("holdfast-cli"));
        Ok(())
    }
}
