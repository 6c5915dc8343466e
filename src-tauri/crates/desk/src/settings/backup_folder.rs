//! The second folder for backups: on a disk of this computer's, there, and writable.

use crate::context::reasons::SettingProblem;
use std::fs::OpenOptions;
use std::path::{Component, Path, PathBuf, Prefix};
use uuid::Uuid;

/// The same as [`problem`]; a disk that doesn't answer is one too.
pub(crate) fn problem_in_time(folder: PathBuf) -> Option<SettingProblem> {
    let looked = holdfast_process::unless_silent(move || problem(&folder));
    looked.unwrap_or(Some(SettingProblem::FolderSilent))
}

/// Why backups can't be kept in `folder`.
pub(crate) fn problem(folder: &Path) -> Option<SettingProblem> {
    if !folder.is_absolute() {
        return Some(SettingProblem::FolderNotWhole);
    }
    // First of all: only to look at a share may send Windows' own sign-in there.
    if is_named_elsewhere(folder) {
        return Some(SettingProblem::FolderElsewhere);
    }
    if !folder.is_dir() {
        return Some(SettingProblem::NoFolder);
    }
    if folder.to_str().is_none() {
        return Some(SettingProblem::FolderNotSpelt);
    }
    if is_mounted_from_elsewhere(folder) {
        return Some(SettingProblem::FolderElsewhere);
    }
    try_writing(folder)
        .err()
        .map(|error| SettingProblem::FolderNotWritable(error.to_string()))
}

/// Makes a file of a name that nobody has, and takes it away again: nothing that is there is touched.
fn try_writing(folder: &Path) -> std::io::Result<()> {
    let probe = folder.join(format!(".holdfast-{}", Uuid::now_v7().simple()));
    OpenOptions::new().write(true).create_new(true).open(&probe)?;
    std::fs::remove_file(&probe)
}

/// `\\server\share`, `\\?\…` and `\\.\…`: another computer's, or a device.
fn is_share(folder: &Path) -> bool {
    folder
        .components()
        .any(|part| matches!(part, Component::Prefix(prefix) if !matches!(prefix.kind(), Prefix::Disk(_))))
}

/// What the kernel calls file systems that another computer has, or several at once.
const ELSEWHERE: [&str; 18] = [
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "ceph", "9p", "davfs", "coda", "lustre", "gfs2",
    "ocfs2", "virtiofs", "vboxsf", "vmhgfs", "prl_fs",
];

/// What begins the name of a file system that a program makes up: nearly all of them fetch from elsewhere.
const MADE_UP: &str = "fuse.";

/// Those that only show a folder of this computer's in another way.
const MADE_UP_HERE: [&str; 6] = [
    "fuse.encfs",
    "fuse.gocryptfs",
    "fuse.cryfs",
    "fuse.securefs",
    "fuse.bindfs",
    "fuse.mergerfs",
];

fn is_kind_elsewhere(kind: &str) -> bool {
    let is_made_up = kind == "fuse" || kind.starts_with(MADE_UP);
    ELSEWHERE.contains(&kind) || is_made_up && !MADE_UP_HERE.contains(&kind)
}

/// Whether `folder`, which need not be there, is another computer's: two tills must not have it at once, and the locks
/// that keep them apart hold on one computer only. As far as this system says; Windows' drive letters for shares aren't
/// recognised.
pub fn is_on_another_computer(folder: &Path) -> bool {
    // One that is said from where the program was started is where that is.
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    is_named_elsewhere(&folder) || is_mounted_from_elsewhere(&folder)
}

/// By its name alone: a look at a disk that doesn't answer would wait.
pub(crate) fn is_named_elsewhere(folder: &Path) -> bool {
    is_share(folder) || is_elsewhere(folder)
}

/// The same for the place that a link leads to.
fn is_mounted_from_elsewhere(folder: &Path) -> bool {
    let there = folder.ancestors().find_map(|path| path.canonicalize().ok());
    there.is_some_and(|folder| is_elsewhere(&folder))
}

fn is_elsewhere(folder: &Path) -> bool {
    let mounts = std::fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    kind_of_mount(&mounts, folder).is_some_and(is_kind_elsewhere)
}

/// The kind of the innermost file system that `folder` is in; of two at one place, the one on top.
fn kind_of_mount<'a>(mounts: &'a str, folder: &Path) -> Option<&'a str> {
    let all = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ').skip(1);
        Some((words.next()?, words.next()?))
    });
    // The kernel writes a blank as \040.
    let around = all.filter(|(place, _)| folder.starts_with(place.replace("\\040", " ")));
    around.max_by_key(|(place, _)| place.len()).map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_file_system_says_whose_the_folder_is() {
        let mounts = "/dev/sda1 / ext4 rw 0 0\n\
                      nas:/b /mnt/the\\040nas nfs4 rw 0 0\n\
                      /dev/sdb1 /mnt/the\\040nas/stick vfat rw 0 0\n\
                      x /mnt/over ext4 rw 0 0\n\
                      //s/b /mnt/over cifs rw 0 0\n";
        for (folder, kind) in [
            ("/home/till", "ext4"),
            ("/mnt/the nas/backups", "nfs4"),
            ("/mnt/the nas/stick/a", "vfat"),
            ("/mnt/the nas else", "ext4"),
            ("/mnt/over/x", "cifs"),
        ] {
            assert_eq!(kind_of_mount(mounts, Path::new(folder)), Some(kind), "{folder}");
        }
        assert_eq!(kind_of_mount("", Path::new("/x")), None);
    }

    #[test]
    fn what_a_program_fetches_from_elsewhere_is_no_disk_of_this_computers() {
        // A share that GNOME's files opened, a WebDAV folder, a cloud's bucket, a virtual machine's host.
        for kind in ["fuse.gvfsd-fuse", "fuse", "fuse.s3fs", "virtiofs", "nfs4"] {
            assert!(is_kind_elsewhere(kind), "{kind}");
        }
        // A stick with NTFS, an encrypted folder, this computer's own.
        for kind in ["fuseblk", "fuse.gocryptfs", "ext4", "vfat", "btrfs", "tmpfs"] {
            assert!(!is_kind_elsewhere(kind), "{kind}");
        }
    }

    #[test]
    fn the_probe_touches_nothing_that_is_there_and_leaves_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let theirs = folder.path().join(".holdfast-can-write");
        std::fs::write(&theirs, "theirs").expect("a file");
        assert_eq!(problem(folder.path()), None);
        assert_eq!(std::fs::read_to_string(&theirs).ok().as_deref(), Some("theirs"));
        let names = std::fs::read_dir(folder.path()).expect("a folder").count();
        assert_eq!(names, 1);
    }

    #[cfg(windows)]
    #[test]
    fn a_share_is_another_computers() {
        for folder in [r"\\server\share\b", r"\\?\C:\b", r"\\.\pipe\b"] {
            assert_eq!(
                problem(Path::new(folder)),
                Some(SettingProblem::FolderElsewhere),
                "{folder}"
            );
        }
    }
}
