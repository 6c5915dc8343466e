//! The data folder when nothing can be kept in it: a window says why, and Holdfast begins once that is over.

use crate::wording;
use holdfast_process::FolderTrouble;
use std::io::Error;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tauri::AppHandle;

/// How often the folder is tried out.
const TRY_EVERY: Duration = Duration::from_secs(2);

/// Why Holdfast can't begin in this folder, in words that say what to do, and whether the folder answers at all.
pub(crate) struct Blocked {
    pub(crate) words: String,
    answers: bool,
}

/// The same as [`trouble`], within a time in which a person waits for a window.
pub(crate) fn blocked(root: &Path) -> Option<Blocked> {
    let folder = root.to_owned();
    match holdfast_process::unless_silent(move || trouble(&folder)) {
        Some(trouble) => trouble.map(|words| Blocked { words, answers: true }),
        None => Some(Blocked {
            words: wording::folder_silent(root),
            answers: false,
        }),
    }
}

/// Why Holdfast can't work in this folder, in words that say what to do.
fn trouble(root: &Path) -> Option<String> {
    // First of all: every look at another computer's disk waits while it doesn't answer.
    if holdfast_desk::is_on_another_computer(root) {
        return Some(wording::folder_elsewhere(root));
    }
    holdfast_process::folder_trouble(root).map(|trouble| match trouble {
        FolderTrouble::Full => wording::folder_full(root),
        FolderTrouble::ReadOnly => wording::folder_read_only(root),
        FolderTrouble::OfAnotherUser(owner) => wording::folder_of_another_user(root, &owner),
        FolderTrouble::Link(link) => wording::link_in_folder(&link),
        FolderTrouble::Refused(why) => wording::folder_not_written(root, &why),
        FolderTrouble::Silent => wording::folder_silent(root),
    })
}

/// Why nothing can be recorded in it, while a ledger in it is open.
pub(crate) fn trouble_at_work(root: &Path) -> Option<String> {
    let folder = root.to_owned();
    let looked = holdfast_process::unless_silent(move || holdfast_process::folder_trouble(&folder));
    Some(match looked.unwrap_or(Some(FolderTrouble::Silent))? {
        FolderTrouble::Full => wording::disk_full_at_work(root),
        FolderTrouble::ReadOnly => wording::disk_read_only_at_work(root),
        FolderTrouble::OfAnotherUser(owner) => wording::folder_of_another_user(root, &owner),
        FolderTrouble::Link(link) => wording::link_in_folder(&link),
        FolderTrouble::Refused(why) => wording::folder_not_written(root, &why),
        FolderTrouble::Silent => wording::folder_silent(root),
    })
}

/// Whether a Holdfast works in it all the same, whose window then came forward: the disk may have filled up since.
pub(crate) fn is_in_use(root: &Path, why: &Blocked) -> bool {
    why.answers && !holdfast_desk::is_on_another_computer(root) && holdfast_process::is_answered(root)
}

/// The same, when something could not be written all the same.
pub(crate) fn refused(root: &Path, error: &Error) -> String {
    trouble(root).unwrap_or_else(|| wording::folder_not_written(root, error))
}

/// Waits until the folder can be worked in, and starts the program again: half of it has begun without.
pub(crate) async fn wait(app: AppHandle, root: PathBuf) {
    loop {
        tokio::time::sleep(TRY_EVERY).await;
        let root = root.clone();
        let tried = tokio::task::spawn_blocking(move || trouble(&root)).await;
        if matches!(tried, Ok(None)) {
            tracing::info!("the data folder can be used now");
            app.restart();
        }
    }
}
