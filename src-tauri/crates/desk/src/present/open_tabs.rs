//! What was open in a mode when it was open last, as a line in a file of its folder: a ledger that isn't open can't be
//! asked, and nobody watches it.

use crate::present::view::VenueSummary;
use std::path::Path;

const FILE: &str = "open-tabs";

/// How a mode stood that isn't open now.
#[derive(Debug)]
pub struct OpenTabs;

impl OpenTabs {
    /// Keeps how the mode of this folder stands; nothing where nothing is open in it. What can't be kept is kept with
    /// the next change.
    pub fn keep(folder: &Path, standing: &VenueSummary) {
        let file = folder.join(FILE);
        let is_open = standing.open_count > 0;
        let kept = std::fs::read_to_string(&file).ok();
        let done = match kept {
            Some(kept) if is_open && kept == standing.words => Ok(()),
            None if !is_open => Ok(()),
            Some(_) if !is_open => std::fs::remove_file(&file),
            Some(_) | None => holdfast_process::write_whole(&file, standing.words.as_bytes()),
        };
        if let Err(error) = done {
            tracing::warn!(%error, "what is open could not be noted");
        }
    }

    /// What is open in the mode of this folder; none where nothing is.
    pub fn read(folder: &Path) -> Option<String> {
        let words = std::fs::read_to_string(folder.join(FILE)).ok()?;
        let words = words.trim();
        (!words.is_empty()).then(|| words.to_owned())
    }
}
