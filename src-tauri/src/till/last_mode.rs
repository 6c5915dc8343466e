//! Which mode was in use last, as a word in a file.

use holdfast_desk::Mode;
use std::io::{ErrorKind, Result};
use std::path::Path;

const FILE: &str = "mode";

/// Somebody left a mode and has chosen no other. An empty file says nothing: a power cut empties files too.
const NONE: &str = "none";

/// What the file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LastMode {
    /// This one.
    Known(Mode),
    /// None: nobody has chosen yet, or somebody left.
    None,
    /// It can't be read, or holds no mode's name.
    Lost,
}

pub(super) fn read(root: &Path) -> LastMode {
    match std::fs::read_to_string(root.join(FILE)) {
        Ok(text) if text.trim() == NONE => LastMode::None,
        Ok(text) => Mode::named(text.trim()).map_or(LastMode::Lost, LastMode::Known),
        Err(error) if error.kind() == ErrorKind::NotFound => LastMode::None,
        Err(error) => {
            tracing::warn!(%error, "the mode that was in use last can’t be read");
            LastMode::Lost
        }
    }
}

/// Whole: a power cut leaves the former word or this one. Not written where it's there already.
///
/// # Errors
/// When the data folder can't be written.
pub(super) fn write(root: &Path, mode: Option<Mode>) -> Result<()> {
    let wanted = mode.map_or(LastMode::None, LastMode::Known);
    let file = root.join(FILE);
    if file.exists() && read(root) == wanted {
        return Ok(());
    }
    holdfast_process::write_whole(&file, mode.map_or(NONE, Mode::name).as_bytes())
}
