//! Small files that a power cut leaves as they were or as they are to be, never empty or half written.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Result, Write};
use std::path::Path;

/// Puts a file of these bytes in the place of `file`, in a folder that is made if it isn't there. What stood there
/// may be a link: it's replaced, not followed.
///
/// # Errors
/// When the folder can't be written; what was there is there yet.
pub fn write_whole(file: &Path, bytes: &[u8]) -> Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let fresh = folder.join(name);
    // One that a power cut left behind, or a link that leads elsewhere.
    match std::fs::remove_file(&fresh) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut new = OpenOptions::new().write(true).create_new(true).open(&fresh)?;
    let placed = new
        .write_all(bytes)
        .and_then(|()| new.sync_all())
        .and_then(|()| std::fs::rename(&fresh, file));
    if let Err(error) = placed {
        // It would be in the way of nobody; the disk may be full.
        drop(std::fs::remove_file(&fresh));
        return Err(error);
    }
    sync_folder(folder);
    Ok(())
}

/// A rename is on the disk once its folder is. Systems that can't open a folder have no such call.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        drop(folder.sync_all());
    }
}

#[cfg(test)]
mod tests {
    use super::write_whole;

    #[test]
    fn what_was_there_is_replaced_whole_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("deep/mode");
        for words in ["live", "none", ""] {
            write_whole(&file, words.as_bytes()).unwrap();
            assert_eq!(std::fs::read_to_string(&file).unwrap(), words);
        }
        assert_eq!(std::fs::read_dir(file.parent().unwrap()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_replaced_and_what_it_leads_to_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let theirs = folder.path().join("theirs");
        std::fs::write(&theirs, "theirs").unwrap();
        let file = folder.path().join("mode");
        for name in ["mode", "mode.new"] {
            std::os::unix::fs::symlink(&theirs, folder.path().join(name)).unwrap();
        }
        write_whole(&file, b"ours").unwrap();
        assert_eq!(std::fs::read_to_string(&theirs).unwrap(), "theirs");
        assert!(!file.is_symlink());
    }

    #[cfg(unix)]
    #[test]
    fn a_write_that_fails_leaves_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("mode");
        write_whole(&file, b"live").unwrap();
        // Nothing can be made under this name, for a folder has it.
        std::fs::create_dir(folder.path().join("mode.new")).unwrap();
        assert!(write_whole(&file, b"none").is_err());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "live");
    }
}
