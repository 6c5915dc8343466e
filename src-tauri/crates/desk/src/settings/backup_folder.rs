//! The second folder for backups.

use std::path::Path;

/// Why backups can't be kept in `folder`, in words for people.
pub(crate) fn problem(folder: &str) -> Option<String> {
    let path = Path::new(folder.trim());
    if !path.is_absolute() {
        return Some("Give the whole path of a folder.".to_owned());
    }
    if !path.is_dir() {
        return Some("There is no such folder. Make it first.".to_owned());
    }
    let probe = path.join(".holdfast-can-write");
    match std::fs::write(&probe, b"").and_then(|()| std::fs::remove_file(&probe)) {
        Ok(()) => None,
        Err(error) => Some(format!("Holdfast can’t write into this folder: {error}.")),
    }
}
