//! Disks that are full, can't be written, or don't answer. They are real ones: a file system in memory, and one whose
//! other end never reads what the kernel asks of it. To mount them needs root.

use anyhow::{Context, Result, ensure};
use holdfast_tests::display::{Program, that_says};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Room enough for a ledger and the window's own files.
const DISK_BYTES: usize = 32 << 20;

fn run(program: &str, arguments: &[&OsStr]) -> Result<()> {
    let done = Command::new(program).args(arguments).output()?;
    let told = String::from_utf8_lossy(&done.stderr);
    ensure!(
        done.status.success(),
        "{program} {arguments:?}: {told} Mounting needs root."
    );
    Ok(())
}

/// Takes a mount away, also one that somebody still waits for.
fn unmount(at: &Path) {
    let _done = Command::new("umount").arg("--lazy").arg(at).output();
}

/// A small disk of its own.
pub(crate) struct Disk {
    at: PathBuf,
    /// Where it is mounted, unless somebody else sees to that folder.
    _folder: Option<tempfile::TempDir>,
}

impl Disk {
    pub(crate) fn mounted() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        Self::mount(folder.path())?;
        Ok(Self {
            at: folder.path().to_owned(),
            _folder: Some(folder),
        })
    }

    /// Under a folder that is there, with all that is in it.
    pub(crate) fn under(folder: &Path) -> Result<Self> {
        let aside = tempfile::tempdir()?;
        let copy = |from: &Path, to: &Path| run("cp", &["-aT".as_ref(), from.as_os_str(), to.as_os_str()]);
        copy(folder, aside.path())?;
        Self::mount(folder)?;
        copy(aside.path(), folder)?;
        Ok(Self {
            at: folder.to_owned(),
            _folder: None,
        })
    }

    fn mount(at: &Path) -> Result<()> {
        let size = format!("size={DISK_BYTES}");
        let what = ["-t", "tmpfs", "-o", &size, "none"].map(OsStr::new);
        run("mount", &[&what[..], &[at.as_os_str()]].concat())
    }

    pub(crate) fn path(&self) -> &Path {
        &self.at
    }

    /// Fills it to the last byte.
    pub(crate) fn fill(&self) -> Result<()> {
        let filler = std::fs::write(self.filler(), vec![1_u8; 2 * DISK_BYTES]);
        ensure!(filler.is_err(), "the disk has room for more than it is large");
        Ok(())
    }

    /// Gives all that room back.
    pub(crate) fn free(&self) -> Result<()> {
        std::fs::remove_file(self.filler()).context("nothing fills the disk")
    }

    fn filler(&self) -> PathBuf {
        self.path().join("holiday pictures")
    }

    /// `ro` or `rw`.
    pub(crate) fn remount(&self, how: &str) -> Result<()> {
        let how = format!("remount,{how}");
        run("mount", &["-o".as_ref(), how.as_ref(), self.path().as_os_str()])
    }

    /// Gives it to a user of this number.
    pub(crate) fn give_to(&self, user: u32) -> Result<()> {
        std::os::unix::fs::chown(self.path(), Some(user), Some(user))?;
        Ok(())
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        unmount(self.path());
    }
}

/// A disk that was there and doesn't answer any more, as a share whose server is off. Whoever looks at it waits.
pub(crate) struct Stalled {
    at: PathBuf,
    _nobody: Program,
}

impl Stalled {
    /// Over a folder that is there; `kind` is what the kernel calls it.
    pub(crate) fn over(folder: &Path, kind: &str) -> Result<Self> {
        // The kernel asks through this device, and its other end is open and read by nobody.
        let script = r#"exec 3<>/dev/fuse &&
            mount -i -t "$1" -o fd=3,rootmode=40000,user_id=0,group_id=0 nobody "$2" && echo mounted \
              && exec sleep 600"#;
        let mut shell = Command::new("bash");
        shell.args(["-c", script, "bash", kind]).arg(folder);
        let (nobody, _) = that_says(&mut shell).context("mounting needs root, and /dev/fuse")?;
        Ok(Self {
            at: folder.to_owned(),
            _nobody: nobody,
        })
    }
}

impl Drop for Stalled {
    fn drop(&mut self) {
        unmount(&self.at);
    }
}
