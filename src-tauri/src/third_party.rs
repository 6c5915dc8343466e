//! The licences of what others wrote, as the package put them beside the program. `cargo xtask package` makes the file.

use crate::wording;
use std::path::PathBuf;
use tauri::{AppHandle, Manager};

/// The whole text; none where the program wasn't installed by a package.
pub(crate) fn notices(app: &AppHandle) -> Option<String> {
    let read = |path: PathBuf| std::fs::read_to_string(path).ok();
    // A Linux package keeps what is shared apart from programs; the others keep all of it in one folder.
    let beside_bin = std::env::current_exe().ok().and_then(|program| {
        let prefix = program.parent()?.parent()?;
        Some(prefix.join("share/holdfast").join(wording::THIRD_PARTY_FILE))
    });
    beside_bin.and_then(read).or_else(|| {
        let resources = app.path().resource_dir().ok()?;
        read(resources.join(wording::THIRD_PARTY_FILE))
    })
}
