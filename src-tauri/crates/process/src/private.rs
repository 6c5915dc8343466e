//! Files that nobody else on the computer may read.

use std::path::Path;

/// From now on whatever this process makes is its owner's alone, and so is the folder `root`: the ledger, its log and
/// backups, lists and PDFs name guests.
///
/// A folder that has others' files in it and none of a till's is left as open as it is: somebody may have named it by
/// mistake, and closing `/srv` locks everybody out. What is made in it is its owner's alone all the same.
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
    if mode & 0o077 != 0 && mode & sticky == 0 && is_a_tills(root) {
        let closed = std::fs::set_permissions(root, std::fs::Permissions::from_mode(0o700));
        if let Err(error) = closed {
            tracing::warn!(%error, "others on this computer can read the data folder");
        }
    }
    Ok(())
}

/// Whether a till's data are in it, or nothing is.
#[cfg(unix)]
fn is_a_tills(root: &Path) -> bool {
    let is_empty = std::fs::read_dir(root).is_ok_and(|mut entries| entries.next().is_none());
    let ours = [
        "till-id",
        "window.port",
        "training/ledger.db",
        "sandbox/ledger.db",
        "live/ledger.db",
    ];
    is_empty || ours.iter().any(|name| root.join(name).exists())
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

    #[test]
    fn a_folder_that_was_named_by_mistake_stays_open_to_its_others() {
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().mode() & 0o777;
        for (holds, closed) in [
            ("somebody's.txt", false),
            ("till-id", true),
            ("live/ledger.db", true),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join(holds);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, "").unwrap();
            std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
            keep_private(folder.path()).unwrap();
            assert_eq!(mode(folder.path()), if closed { 0o700 } else { 0o755 }, "{holds}");
            std::fs::write(folder.path().join("ours"), "").unwrap();
            assert_eq!(mode(&folder.path().join("ours")), 0o600);
        }
    }
}
