//! Files that nobody else on the computer may read.

use std::path::Path;

/// From now on whatever this process makes is its owner's alone, and so is the folder `root`: the ledger, its log and
/// backups, lists and PDFs name guests.
///
/// On Windows a profile's folders are its owner's already.
///
/// # Errors
/// When the folder can't be made.
#[cfg(unix)]
pub fn keep_private(root: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    std::fs::create_dir_all(root)?;
    let (mode, sticky) = (std::fs::metadata(root)?.mode(), 0o1000);
    // A folder that all write into, as /tmp, isn't the till's to close.
    if mode & 0o077 != 0 && mode & sticky == 0 {
        let closed = std::fs::set_permissions(root, std::fs::Permissions::from_mode(0o700));
        if let Err(error) = closed {
            tracing::warn!(%error, "others on this computer can read the data folder");
        }
    }
    Ok(())
}

/// On Windows a profile's folders are its owner's already.
///
/// # Errors
/// When the folder can't be made.
#[cfg(not(unix))]
pub fn keep_private(root: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(root)
}

#[cfg(all(test, unix))]
mod tests {
    use super::keep_private;
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    #[test]
    fn a_folder_that_was_open_is_closed_and_new_files_are_their_owners() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("data");
        std::fs::create_dir(&root).unwrap();
        std::fs::set_permissions(&root, std::fs::Permissions::from_mode(0o755)).unwrap();
        keep_private(&root).unwrap();
        std::fs::write(root.join("file"), "").unwrap();
        std::fs::create_dir(root.join("folder")).unwrap();
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().mode() & 0o777;
        assert_eq!(mode(&root), 0o700);
        assert_eq!(mode(&root.join("file")), 0o600);
        assert_eq!(mode(&root.join("folder")), 0o700);
    }
}
