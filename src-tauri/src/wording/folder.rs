//! Why nothing can be kept in the data folder, and what to do.

use std::fmt::Display;
use std::path::Path;

pub(crate) fn folder_not_written(folder: &Path, error: &impl Display) -> String {
    format!(
        "Holdfast can’t write its data folder, {}: {error}. Put that right; Holdfast then carries on by itself.",
        folder.display()
    )
}

pub(crate) fn folder_full(folder: &Path) -> String {
    format!(
        "The disk is full, so Holdfast can’t work and watches nothing. Free some space on the disk of {}; Holdfast \
         then carries on by itself.",
        folder.display()
    )
}

pub(crate) fn folder_read_only(folder: &Path) -> String {
    format!(
        "Holdfast can’t write its data folder, {}, and watches nothing: its disk is read-only. Make it writable; \
         Holdfast then carries on by itself.",
        folder.display()
    )
}

/// Of a disk that filled up while holds are watched.
pub(crate) fn disk_full_at_work(folder: &Path) -> String {
    format!(
        "The disk is full, so nothing can be recorded: you can’t open, take or release anything. We still warn you \
         before a hold expires. Free some space on the disk of {}.",
        folder.display()
    )
}

/// Of one that can’t be written any more.
pub(crate) fn disk_read_only_at_work(folder: &Path) -> String {
    format!(
        "The disk is read-only, so nothing can be recorded: you can’t open, take or release anything. We still warn \
         you before a hold expires. Make the disk of {} writable.",
        folder.display()
    )
}

pub(crate) fn folder_of_another_user(folder: &Path, owner: &str) -> String {
    format!(
        "Holdfast can’t work in its data folder, {}: the folder, or a file in it, belongs to “{owner}”. Sign in as \
         “{owner}” and start Holdfast there, never with sudo. Or have the folder handed over to you; Holdfast then \
         carries on by itself.",
        folder.display()
    )
}

pub(crate) fn link_in_folder(link: &Path) -> String {
    format!(
        "{} is a link that leads elsewhere, and Holdfast keeps its records in its own folder only. Put the file or \
         folder itself there; Holdfast then carries on by itself.",
        link.display()
    )
}

pub(crate) fn folder_silent(folder: &Path) -> String {
    format!(
        "The disk of the data folder, {}, doesn’t answer, so Holdfast can’t work and watches nothing. Plug the disk in \
         again, or restart this PC; Holdfast then carries on by itself.",
        folder.display()
    )
}

pub(crate) fn folder_elsewhere(folder: &Path) -> String {
    format!(
        "The data folder, {}, is on another computer’s disk. Two tills could open it at once and ruin it, so \
         Holdfast doesn’t. Start Holdfast with a folder on this PC.",
        folder.display()
    )
}
