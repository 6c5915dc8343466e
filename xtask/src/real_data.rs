//! Tests never touch the data of the person who runs them: looked at before, and compared after.

use anyhow::{Result, bail};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The app's folder name, as in `tauri.conf.json`.
const NAME: &str = "app.holdfast.desk";

/// What was in the folders where the app keeps data and caches when nobody says otherwise.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RealData(BTreeMap<PathBuf, (u64, Option<SystemTime>)>);

impl RealData {
    /// Looks.
    pub(crate) fn look() -> Self {
        let mut found = BTreeMap::new();
        for folder in folders() {
            collect(&folder, &mut found);
        }
        Self(found)
    }

    /// Looks again.
    ///
    /// # Errors
    /// When anything is different.
    pub(crate) fn compare(&self) -> Result<()> {
        let now = Self::look();
        if now == *self {
            return Ok(());
        }
        let touched: Vec<String> = now
            .0
            .iter()
            .filter(|(path, state)| self.0.get(*path) != Some(state))
            .map(|(path, _)| path.display().to_string())
            .collect();
        bail!("a test touched the real data folder: {}", touched.join(", "))
    }
}

fn folders() -> Vec<PathBuf> {
    let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"));
    let mut parents: Vec<PathBuf> = [
        "XDG_DATA_HOME",
        "XDG_CONFIG_HOME",
        "XDG_CACHE_HOME",
        "APPDATA",
        "LOCALAPPDATA",
    ]
    .into_iter()
    .filter_map(std::env::var_os)
    .map(PathBuf::from)
    .collect();
    if let Some(home) = home.map(PathBuf::from) {
        for below in [
            ".local/share",
            ".config",
            ".cache",
            "Library/Application Support",
            "Library/Caches",
        ] {
            parents.push(home.join(below));
        }
    }
    parents.into_iter().map(|parent| parent.join(NAME)).collect()
}

fn collect(path: &Path, found: &mut BTreeMap<PathBuf, (u64, Option<SystemTime>)>) {
    let Ok(metadata) = path.symlink_metadata() else {
        return;
    };
    found.insert(path.to_owned(), (metadata.len(), metadata.modified().ok()));
    if let Ok(entries) = path.read_dir() {
        for entry in entries.flatten() {
            collect(&entry.path(), found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_more_is_seen() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let look = || {
            let mut found = BTreeMap::new();
            collect(folder.path(), &mut found);
            RealData(found)
        };
        let before = look();
        assert_eq!(before, look());
        std::fs::write(folder.path().join("ledger.db"), "x")?;
        assert_ne!(before, look());
        Ok(())
    }
}
