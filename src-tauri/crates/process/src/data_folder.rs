//! Whether the data folder can be worked in at all, found out before anything is opened in it.

use std::fs::OpenOptions;
use std::io::{Error, ErrorKind, Result, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Why it can't.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FolderTrouble {
    /// Its disk has no room left.
    Full,
    /// Its disk can't be written.
    ReadOnly,
    /// It, or a file in it, belongs to another user of this computer: whose.
    OfAnotherUser(String),
    /// Something in it is a link, which leads elsewhere: to another till's ledger, another computer, or a file that
    /// would be overwritten.
    Link(PathBuf),
    /// The system refused for another reason, in its own words.
    Refused(String),
    /// Its disk doesn't answer.
    Silent,
}

/// A disk that sleeps is awake by then.
const DISK_ANSWERS_WITHIN: Duration = Duration::from_secs(8);

/// Does what looks at a disk, on a thread of its own: a look waits for as long as the disk doesn't answer, as a share
/// whose server is off or a broken stick. None without an answer by then; the thread stays.
pub fn unless_silent<T: Send + 'static>(look: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (tell, told) = std::sync::mpsc::channel();
    let looking = std::thread::Builder::new().name("a disk".to_owned());
    let started = looking.spawn(move || {
        // Nobody may be waiting any more.
        drop(tell.send(look()));
    });
    if let Err(error) = started {
        tracing::warn!(%error, "the disk can’t be looked at");
    }
    told.recv_timeout(DISK_ANSWERS_WITHIN).ok()
}

/// With less than this left neither the ledger's log nor its index in shared memory has room.
#[cfg(unix)]
const LEAST_BYTES_FREE: u64 = 256 * 1024;

/// What is written to try it out.
const PROBE: [u8; 4096] = [b'h'; 4096];

/// Looks what stands against working in `root`, which is made if it isn't there.
pub fn folder_trouble(root: &Path) -> Option<FolderTrouble> {
    if let Err(error) = std::fs::create_dir_all(root) {
        return Some(trouble(&error, root));
    }
    link_in(root)
        .map(FolderTrouble::Link)
        .or_else(|| system::of_another_user(root))
        .or_else(|| system::is_full(root).then_some(FolderTrouble::Full))
        .or_else(|| try_out(root).err().map(|error| trouble(&error, root)))
}

/// What each mode has for itself.
const OF_MODES: [&str; 3] = ["training", "sandbox", "live"];

/// What else a till keeps in its data folder.
const OF_TILL: [&str; 4] = ["log", "mode", "till-id", "window.port"];

/// The first link among what a till has of its own. The folder itself may be one: that leads to one place for all.
fn link_in(root: &Path) -> Option<PathBuf> {
    let of_modes = OF_MODES.map(|mode| root.join(mode));
    let backups = of_modes.clone().map(|mode| mode.join("backups"));
    let named = of_modes
        .iter()
        .cloned()
        .chain(OF_TILL.map(|name| root.join(name)));
    // A folder that is a link is found before what it leads to is listed.
    named
        .chain(of_modes.iter().flat_map(|folder| within(folder)))
        .chain(backups.iter().flat_map(|folder| within(folder)))
        .find(|path| path.is_symlink())
}

fn within(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    entries.filter_map(|entry| Some(entry.ok()?.path())).collect()
}

/// Makes a file of a name that nobody has, and takes it away again.
fn try_out(root: &Path) -> Result<()> {
    let name = format!(".holdfast-{}", uuid::Uuid::now_v7().simple());
    let probe = root.join(name);
    let mut file = OpenOptions::new().write(true).create_new(true).open(&probe)?;
    let written = file.write_all(&PROBE).and_then(|()| file.sync_all());
    drop(file);
    std::fs::remove_file(&probe)?;
    written
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the standard library adds kinds as it likes"
)]
fn trouble(error: &Error, at: &Path) -> FolderTrouble {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => FolderTrouble::Full,
        ErrorKind::ReadOnlyFilesystem => FolderTrouble::ReadOnly,
        ErrorKind::PermissionDenied => match system::other_owner(at) {
            Some(owner) => FolderTrouble::OfAnotherUser(owner),
            None => FolderTrouble::Refused(error.to_string()),
        },
        _ => FolderTrouble::Refused(error.to_string()),
    }
}

#[cfg(unix)]
mod system {
    use super::{FolderTrouble, LEAST_BYTES_FREE, OF_MODES, within};
    use rustix::fs::Access;
    use std::fs::Metadata;
    use std::os::unix::fs::MetadataExt;
    use std::path::Path;

    /// Whose the folder is, or what lies in it, if it isn't this user's. `sudo holdfast`, once, is enough.
    pub(super) fn of_another_user(root: &Path) -> Option<FolderTrouble> {
        // What a till keeps has one owner: another user who may write there reads its guests, and what root leaves
        // there its user can't open any more.
        let of_modes = OF_MODES.map(|mode| root.join(mode));
        let kept = of_modes.iter().flat_map(|folder| within(folder));
        let owned = std::iter::once(root.to_owned())
            .chain(of_modes.clone())
            .chain(kept);
        // Beside it may lie what is somebody else's, where a folder was named that has other things in it.
        let beside = within(root).into_iter().filter(|path| is_refused(path));
        owned
            .filter(|path| path.exists())
            .chain(beside)
            .find_map(|path| other_owner(&path))
            .map(FolderTrouble::OfAnotherUser)
    }

    fn is_refused(path: &Path) -> bool {
        let wanted = Access::READ_OK | Access::WRITE_OK;
        let wanted = if path.is_dir() {
            wanted | Access::EXEC_OK
        } else {
            wanted
        };
        rustix::fs::access(path, wanted) == Err(rustix::io::Errno::ACCESS)
    }

    /// Who owns it, or the innermost folder around it that is there, if it isn't this user.
    pub(super) fn other_owner(path: &Path) -> Option<String> {
        let owner = path.ancestors().find_map(|path| std::fs::metadata(path).ok())?;
        (owner.uid() != rustix::process::geteuid().as_raw()).then(|| name(&owner))
    }

    fn name(owner: &Metadata) -> String {
        let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
        let uid = owner.uid().to_string();
        let named = users.lines().find_map(|line| {
            let mut fields = line.split(':');
            let (name, id) = (fields.next()?, fields.nth(1)?);
            (id == uid).then(|| name.to_owned())
        });
        named.unwrap_or(uid)
    }

    /// Whether there is next to no room. A file system that doesn't count its blocks is tried out only.
    pub(super) fn is_full(root: &Path) -> bool {
        rustix::fs::statvfs(root).is_ok_and(|disk| {
            disk.f_blocks > 0 && disk.f_bavail.saturating_mul(disk.f_frsize) < LEAST_BYTES_FREE
        })
    }
}

/// Elsewhere only the trial says it.
#[cfg(not(unix))]
mod system {
    use super::FolderTrouble;
    use std::path::Path;

    pub(super) fn of_another_user(_: &Path) -> Option<FolderTrouble> {
        None
    }

    pub(super) fn other_owner(_: &Path) -> Option<String> {
        None
    }

    pub(super) fn is_full(_: &Path) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_can_be_used_is_left_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("data");
        assert_eq!(folder_trouble(&root), None);
        assert_eq!(std::fs::read_dir(&root).unwrap().count(), 0);
    }

    /// As root may give what it has to others, the story of two users is told where that is so.
    #[cfg(unix)]
    #[test]
    fn what_a_till_keeps_is_one_users() {
        let give = |path: &Path, to: u32| std::os::unix::fs::chown(path, Some(to), Some(to)).unwrap();
        if !rustix::process::geteuid().is_root() {
            return;
        }
        for others in ["", "sandbox", "sandbox/ledger.db"] {
            let folder = tempfile::tempdir().unwrap();
            let root = folder.path().join("data");
            std::fs::create_dir_all(root.join("sandbox")).unwrap();
            std::fs::write(root.join("sandbox/ledger.db"), "").unwrap();
            std::fs::write(root.join("a picture of somebody's"), "").unwrap();
            give(&root.join("a picture of somebody's"), 12_345);
            assert_eq!(folder_trouble(&root), None);
            give(&root.join(others), 12_345);
            let owner = FolderTrouble::OfAnotherUser("12345".to_owned());
            assert_eq!(folder_trouble(&root), Some(owner), "{others}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn no_link_in_the_folder_is_followed() {
        for name in [
            "sandbox",
            "log",
            "live/ledger.db",
            "live/forgotten.new",
            "live/backups/x.db",
        ] {
            let folder = tempfile::tempdir().unwrap();
            let (root, elsewhere) = (folder.path().join("data"), folder.path().join("elsewhere"));
            let link = root.join(name);
            std::fs::create_dir_all(link.parent().unwrap()).unwrap();
            std::fs::write(&elsewhere, "somebody's").unwrap();
            std::os::unix::fs::symlink(&elsewhere, &link).unwrap();
            assert_eq!(folder_trouble(&root), Some(FolderTrouble::Link(link)));
            assert_eq!(std::fs::read_to_string(&elsewhere).unwrap(), "somebody's");
            // The folder itself may be reached by one.
            std::fs::remove_file(root.join(name)).unwrap();
            let by_link = folder.path().join("by a link");
            std::os::unix::fs::symlink(&root, &by_link).unwrap();
            assert_eq!(folder_trouble(&by_link), None);
        }
    }

    #[test]
    fn a_file_in_the_folders_place_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("data");
        std::fs::write(&root, "a file").unwrap();
        assert!(matches!(folder_trouble(&root), Some(FolderTrouble::Refused(_))));
    }

    // `/proc` refuses everybody, root too.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_folder_that_can_t_be_made_is_said() {
        let refused = folder_trouble(Path::new("/proc/holdfast"));
        assert!(matches!(refused, Some(FolderTrouble::Refused(_))), "{refused:?}");
    }
}
