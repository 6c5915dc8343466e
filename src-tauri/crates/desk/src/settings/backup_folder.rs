//! The second folder for backups.

use crate::wording::settings::SettingProblem;
use std::path::Path;

/// Why backups can't be kept in `folder`.
pub(crate) fn problem(folder: &str) -> Option<SettingProblem> {
    let path = Path::new(folder.trim());
    if !path.is_absolute() {
        return Some(SettingProblem::FolderNotWhole);
    }
    if !path.is_dir() {
        return Some(SettingProblem::NoFolder);
    }
    let probe = path.join(".holdfast-can-write");
    match std::fs::write(&probe, b"").and_then(|()| std::fs::remove_file(&probe)) {
        Ok(()) => None,
        Err(error) => Some(SettingProblem::FolderNotWritable(error.to_string())),
    }
}
