//! Tries the package out on a bare Debian in a folder: `packaging/try/debian.sh` says what is done there.

use super::signing::{Key, private_folder};
use super::{Places, Release, emptied, name, printed, repository, sorted};
use crate::command::{go, root, target};
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest Debian that the package is for.
const DEBIAN: &str = "bookworm";

/// Makes the root, a repository with this version and a next one, and lets the script go through all of it.
pub(super) fn run(places: &Places, release: &Release, is_short: bool, is_release: bool) -> Result<()> {
    let folder = target().join("package/trial");
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder)?;
    let debian = folder.join("debian");
    bare(&debian).context(NoBareDebian)?;
    let next = next(places, release, &folder)?;
    let (secret, key) = throwaway_key()?;
    let repository = debian.join("repository");
    for out in [&places.out, &next] {
        repository::add(&repository, out, &key, "file:/repository")?;
    }
    let trial = debian.join("trial");
    std::fs::create_dir(&trial)?;
    std::fs::write(trial.join("fingerprint"), key.fingerprint())?;
    drop((secret, key));
    std::fs::copy(root().join("README.md"), trial.join("README.md"))?;
    for file in ["debian.sh", "hands.py"] {
        std::fs::copy(root().join("packaging/try").join(file), trial.join(file))?;
    }
    std::fs::copy(made(places, "holdfast-", ".rpm")?, trial.join("holdfast.rpm"))?;
    std::fs::write(trial.join("first"), release.debian())?;
    std::fs::write(trial.join("next"), next_version(release))?;
    if !is_release {
        std::fs::write(trial.join("debug"), "")?;
    }
    go(Command::new("chmod").arg("777").arg(&trial))?;
    inside(&debian, if is_short { "short" } else { "long" })
}

/// That this computer has no bare Debian to try a package on: no rights to make one, or no source of its packages.
#[derive(Debug)]
pub(super) struct NoBareDebian;

impl std::fmt::Display for NoBareDebian {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a bare Debian in a folder can’t be made here")
    }
}

/// A Debian with apt and nothing else, from where this computer gets its own packages.
fn bare(debian: &Path) -> Result<()> {
    // A root of its own needs mounts of its own.
    go(Command::new("unshare").args([
        "--mount", "--pid", "--fork", "mount", "-t", "tmpfs", "tmpfs", "/mnt",
    ]))?;
    let mut sources = Vec::new();
    let etc = Path::new("/etc/apt");
    let parts = sorted(&etc.join("sources.list.d")).unwrap_or_default();
    for file in std::iter::once(etc.join("sources.list")).chain(parts) {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let is_list = file
            .extension()
            .is_some_and(|end| end == "list" || end == "sources");
        if is_list && text.contains(DEBIAN) && text.contains("debian") {
            sources.push(file);
        }
    }
    ensure!(
        !sources.is_empty(),
        "this computer’s apt knows no source of Debian’s {DEBIAN}; the trial needs one"
    );
    go(Command::new("mmdebstrap")
        .args(["--quiet", "--variant=apt", "--mode=root", DEBIAN])
        .arg(debian)
        .args(sources))
}

/// The file among those made whose name begins and ends like this.
fn made(places: &Places, begins: &str, ends: &str) -> Result<PathBuf> {
    sorted(&places.out)?
        .into_iter()
        .find(|path| name(path).starts_with(begins) && name(path).ends_with(ends))
        .with_context(|| format!("there is no {begins}…{ends} to try"))
}

/// The same package under the next number, as the next release would be.
fn next(places: &Places, release: &Release, folder: &Path) -> Result<PathBuf> {
    let package = made(places, "holdfast_", ".deb")?;
    let (tree, out) = (folder.join("next-tree"), folder.join("next"));
    emptied(&out)?;
    go(Command::new("dpkg-deb")
        .arg("--raw-extract")
        .args([&package, &tree]))?;
    for file in ["control", "preinst"] {
        let path = tree.join("DEBIAN").join(file);
        let text = std::fs::read_to_string(&path)?;
        std::fs::write(path, text.replace(&release.debian(), &next_version(release)))?;
    }
    go(Command::new("dpkg-deb")
        .args(["--root-owner-group", "-Zgzip", "--build"])
        .args([&tree, &out]))?;
    Ok(out)
}

fn next_version(release: &Release) -> String {
    format!("{}-2", release.version)
}

/// A key that goes away with the trial.
fn throwaway_key() -> Result<(tempfile::TempDir, Key)> {
    let home = private_folder()?;
    let gpg = || {
        let mut gpg = Command::new("gpg");
        gpg.arg("--homedir").arg(home.path()).args(["--batch", "--quiet"]);
        gpg
    };
    let whose = "Trial only <trial@holdfast.invalid>";
    go(gpg().args([
        "--passphrase",
        "",
        "--quick-generate-key",
        whose,
        "ed25519",
        "sign",
    ]))?;
    let file = home.path().join("secret.asc");
    go(gpg()
        .args(["--armor", "--output"])
        .arg(&file)
        .arg("--export-secret-keys"))?;
    go(Command::new("gpgconf")
        .arg("--homedir")
        .arg(home.path())
        .args(["--kill", "all"]))?;
    let key = Key::of(&file)?;
    Ok((home, key))
}

/// Runs the script in the root, with processes and mounts of its own: whatever it starts ends with it.
fn inside(debian: &Path, length: &str) -> Result<()> {
    let user = printed(Command::new("id").arg("-u"))?;
    ensure!(
        user.trim() == "0",
        "a root of its own needs an administrator: run this as root"
    );
    let set_up = "mount -t proc proc \"$1/proc\" && mount --rbind /dev \"$1/dev\" && \
        mount -t tmpfs -o mode=1777 tmpfs \"$1/tmp\" && exec chroot \"$1\" /bin/bash /trial/debian.sh \"$2\"";
    go(Command::new("unshare")
        .args([
            "--mount",
            "--pid",
            "--fork",
            "--kill-child",
            "sh",
            "-c",
            set_up,
            "sh",
        ])
        .arg(debian)
        .arg(length)
        .env(
            "PATH",
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        ))
}
