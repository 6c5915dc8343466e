//! The till's own settings, and the file that they are in. `settings` says what they do.

use chrono::{DateTime, Utc};
use holdfast_domain::FloorOrder;
use holdfast_process::write_whole;
use serde::{Deserialize, Serialize};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock};
use tokio::sync::OnceCell;

/// In the folder of the mode, beside its ledger.
const FILE: &str = "till.json";

/// Where one goes that couldn't be read, once it's replaced.
const BROKEN: &str = "till.json.broken";

/// What is one till's alone. One that an older version didn't write has its default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct OwnSettings {
    pub(crate) staff_name: String,
    pub(crate) theme: String,
    pub(crate) warning_sound: bool,
    pub(crate) keep_in_tray: bool,
    pub(crate) backup_folder: Option<String>,
    pub(crate) backup_folder_since: Option<DateTime<Utc>>,
    pub(crate) backup_recipient: Option<String>,
    pub(crate) floor_order: FloorOrder,
}

/// What the file says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Read {
    /// There is none yet.
    Missing,
    Known(OwnSettings),
    /// It's there and says nothing that can be used.
    Broken,
}

/// The till's own settings. Without a folder they last as long as the program.
#[derive(Debug, Default)]
pub(crate) struct Own {
    folder: OnceLock<PathBuf>,
    /// Those in force, once they were looked at.
    pub(crate) kept: OnceCell<Mutex<OwnSettings>>,
    is_unreadable: AtomicBool,
}

impl Own {
    /// Says where the file is, once, before anything is asked.
    pub(crate) fn keep_in(&self, folder: &Path) {
        // The first one counts: settings of two folders must not mix.
        let _ = self.folder.set(folder.to_owned());
    }

    pub(crate) fn folder(&self) -> Option<&Path> {
        self.folder.get().map(PathBuf::as_path)
    }

    /// The file in that folder.
    pub(crate) fn read(folder: &Path) -> Read {
        let path = folder.join(FILE);
        match std::fs::read_to_string(&path) {
            Ok(text) => match serde_json::from_str(&text) {
                Ok(own) => Read::Known(own),
                Err(error) => {
                    tracing::error!(%error, path = %path.display(), "the till’s own settings can’t be read");
                    Read::Broken
                }
            },
            Err(error) if error.kind() == ErrorKind::NotFound => Read::Missing,
            Err(error) => {
                tracing::error!(%error, path = %path.display(), "the till’s own settings can’t be read");
                Read::Broken
            }
        }
    }

    /// Writes the file whole. One that couldn't be read is kept under another name.
    ///
    /// # Errors
    /// When the folder can't be written; what was there is there yet.
    pub(crate) fn write(&self, own: &OwnSettings) -> std::io::Result<()> {
        let Some(folder) = self.folder() else {
            return Ok(());
        };
        let path = folder.join(FILE);
        if self.is_unreadable() {
            std::fs::rename(&path, folder.join(BROKEN))?;
        }
        let text = serde_json::to_string_pretty(own)?;
        write_whole(&path, text.as_bytes())?;
        self.is_unreadable.store(false, Ordering::Relaxed);
        Ok(())
    }

    /// Takes note that the file says nothing that can be used.
    pub(crate) fn note_unreadable(&self) {
        self.is_unreadable.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_unreadable(&self) -> bool {
        self.is_unreadable.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(folder: &Path) -> Own {
        let own = Own::default();
        own.keep_in(folder);
        own
    }

    fn sam() -> OwnSettings {
        OwnSettings {
            staff_name: "Sam".to_owned(),
            floor_order: FloorOrder::Name,
            ..OwnSettings::default()
        }
    }

    #[test]
    fn what_was_written_is_read_again_and_what_an_older_version_lacks_has_its_default() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Own::read(folder.path()), Read::Missing);
        own(folder.path()).write(&sam()).unwrap();
        assert_eq!(Own::read(folder.path()), Read::Known(sam()));
        let short = r#"{"staffName":"Sam","floorOrder":"name"}"#;
        std::fs::write(folder.path().join(FILE), short).unwrap();
        assert_eq!(Own::read(folder.path()), Read::Known(sam()));
    }

    #[test]
    fn a_file_that_can_t_be_read_is_kept_beside_the_new_one() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), "{\"staffName\":").unwrap();
        assert_eq!(Own::read(folder.path()), Read::Broken);
        let own = own(folder.path());
        own.note_unreadable();
        own.write(&sam()).unwrap();
        assert!(!own.is_unreadable());
        assert_eq!(Own::read(folder.path()), Read::Known(sam()));
        let kept = std::fs::read_to_string(folder.path().join(BROKEN)).unwrap();
        assert_eq!(kept, "{\"staffName\":");
    }
}
