//! A copy of the tree, as it is now, to be cut about.

use crate::command::go_in;
use anyhow::{Context, Result, ensure};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Makes `to` what git knows of `from`, uncommitted changes included. What is the same already is left
/// alone, so that nothing is rebuilt for it.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    let wanted = files(from)?;
    for path in &wanted {
        let (source, target) = (from.join(path), to.join(path));
        let bytes = std::fs::read(&source).with_context(|| source.display().to_string())?;
        if std::fs::read(&target).is_ok_and(|there| there == bytes) {
            continue;
        }
        std::fs::create_dir_all(target.parent().context("no folder")?)?;
        std::fs::write(&target, bytes)?;
    }
    remove_others(to, Path::new(""), &wanted)
}

/// The files that git knows in `from` or would take, as they lie there.
pub(crate) fn files(from: &Path) -> Result<BTreeSet<PathBuf>> {
    let out = Command::new("git")
        .current_dir(from)
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        .output()
        .context("git could not be started")?;
    ensure!(out.status.success(), "git does not know {}", from.display());
    let names = out.stdout.split(|byte| *byte == 0);
    let paths = names.map(|name| PathBuf::from(String::from_utf8_lossy(name).into_owned()));
    // One that was deleted and not committed is still named.
    Ok(paths.filter(|path| from.join(path).is_file()).collect())
}

fn remove_others(root: &Path, folder: &Path, wanted: &BTreeSet<PathBuf>) -> Result<()> {
    for entry in root.join(folder).read_dir()? {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            remove_others(root, &path, wanted)?;
        } else if !wanted.contains(&path) {
            std::fs::remove_file(root.join(&path))?;
        }
    }
    Ok(())
}

/// Git as it is where there is no repository: it takes a patch's paths from the folder that it is in.
fn git_apply(tree: &Path) -> Command {
    let mut git = Command::new("git");
    git.arg("apply");
    if let Some(above) = tree.parent() {
        git.env("GIT_CEILING_DIRECTORIES", above);
    }
    git
}

/// Cuts. A patch whose place has moved fails, for a cut that misses shows nothing.
pub(crate) fn apply(tree: &Path, patch: &Path) -> Result<()> {
    go_in(tree, git_apply(tree).arg("--whitespace=nowarn").arg(patch))
        .with_context(|| format!("{} no longer fits; make it again", patch.display()))
}

/// Whether [`apply`] would succeed.
#[cfg(test)]
pub(crate) fn fits(tree: &Path, patch: &Path) -> Result<()> {
    go_in(tree, git_apply(tree).arg("--check").arg(patch))
        .with_context(|| format!("{} no longer fits; make it again", patch.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_follows_the_tree_and_a_patch_that_misses_fails() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        std::fs::create_dir_all(&from)?;
        go_in(&from, Command::new("git").args(["init", "--quiet"]))?;
        std::fs::write(from.join("net"), "held\n")?;
        std::fs::create_dir_all(&to)?;
        std::fs::write(to.join("old"), "")?;
        copy(&from, &to)?;
        assert!(!to.join("old").exists());
        let patch = folder.path().join("patch");
        std::fs::write(&patch, "M1\n\n--- a/net\n+++ b/net\n@@ -1 +1 @@\n-held\n+cut\n")?;
        apply(&to, &patch)?;
        assert_eq!(std::fs::read_to_string(to.join("net"))?, "cut\n");
        assert!(apply(&to, &patch).is_err());
        copy(&from, &to)?;
        assert_eq!(std::fs::read_to_string(to.join("net"))?, "held\n");
        Ok(())
    }
}
