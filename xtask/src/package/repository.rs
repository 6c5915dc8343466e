//! The apt repository: files that any web server can hand out, signed as a whole. Former versions stay in it, so that a
//! venue can go back to one.

use super::signing::{Key, folded, is_of_signing};
use super::{Release, name, printed, sorted};
use crate::command::go;
use anyhow::{Context, Result, ensure};
use std::path::Path;
use std::process::Command;

const SUITE: &str = "stable";

/// Shows the key in the file of [`add`]. Each of its lines is indented there, and an empty one is a dot; gpg reads
/// neither.
const SHOWS_KEY: &str = r"sed 's/^ \.\?//' /etc/apt/sources.list.d/holdfast.sources | gpg --show-keys";

/// Adds the packages of `out` to the repository in `folder`, and lists and signs it again.
pub(super) fn add(folder: &Path, out: &Path, key: &Key, url: &str) -> Result<()> {
    ensure!(
        url.starts_with("https://") || url.starts_with("file:/"),
        "a repository is handed out over https, or from this computer’s own disk (file:)"
    );
    let pool = folder.join("pool/main/h/holdfast");
    std::fs::create_dir_all(&pool)?;
    for package in sorted(out)?.iter().filter(|path| name(path).ends_with(".deb")) {
        keep(package, &pool)?;
    }
    let architecture = printed(Command::new("dpkg").arg("--print-architecture"))?;
    let architecture = architecture.trim();
    lists(folder, architecture)?;
    sign(folder, architecture, key)?;
    let source = source(url, architecture, &key.public()?);
    std::fs::write(folder.join("holdfast.sources"), source)?;
    println!(
        "\nThe repository is in {}, signed by {}.",
        folder.display(),
        key.fingerprint()
    );
    println!("Put its files on {url}. A venue types:");
    println!("  sudo wget -P /etc/apt/sources.list.d {url}/holdfast.sources");
    println!("  {SHOWS_KEY}");
    println!("  sudo apt update && sudo apt install holdfast");
    Ok(())
}

/// Puts a file there. What was handed out once never changes: a till that has it would never learn of the other one.
fn keep(file: &Path, folder: &Path) -> Result<()> {
    let (bytes, kept) = (std::fs::read(file)?, folder.join(name(file)));
    let is_other = std::fs::read(&kept).is_ok_and(|there| there != bytes);
    ensure!(
        !is_other,
        "{} is in the repository already, with other contents",
        name(file)
    );
    Ok(std::fs::write(kept, bytes)?)
}

/// Puts all files of a release there too, signed sums and lists of parts among them, for those who check before they
/// install.
pub(super) fn hand_out(folder: &Path, out: &Path, release: &Release) -> Result<()> {
    let releases = folder.join("releases").join(&release.version);
    std::fs::create_dir_all(&releases)?;
    for file in sorted(out)? {
        if is_of_signing(&name(&file)) {
            // Signed again, release or not, these differ each time.
            std::fs::copy(&file, releases.join(name(&file)))?;
        } else {
            keep(&file, &releases)?;
        }
    }
    Ok(())
}

/// The file that a venue fetches: where the packages are, and the key that counts for them alone.
fn source(url: &str, architecture: &str, key: &str) -> String {
    format!(
        "Types: deb\nURIs: {url}\nSuites: {SUITE}\nComponents: main\nArchitectures: {architecture}\nSigned-By:{}\n",
        folded(key)
    )
}

/// A list that is older is refused by apt: somebody who hands out an old one could keep a fix from a till. It's signed
/// again before that, release or not (docs/releases.md).
const SECONDS_VALID: u32 = 90 * 24 * 3_600;

/// Which packages there are, as apt reads it.
fn lists(folder: &Path, architecture: &str) -> Result<()> {
    let binary = folder.join(format!("dists/{SUITE}/main/binary-{architecture}"));
    std::fs::create_dir_all(&binary)?;
    let packages = printed(
        Command::new("apt-ftparchive")
            .args(["packages", "pool"])
            .current_dir(folder),
    )?;
    let list = binary.join("Packages");
    std::fs::write(&list, packages)?;
    go(Command::new("gzip")
        .args(["-9", "--no-name", "--keep", "--force"])
        .arg(list))
}

fn sign(folder: &Path, architecture: &str, key: &Key) -> Result<()> {
    let dists = folder.join("dists").join(SUITE);
    for former in ["Release", "Release.gpg", "InRelease"] {
        drop(std::fs::remove_file(dists.join(former)));
    }
    let valid_for = SECONDS_VALID.to_string();
    let mut ftparchive = Command::new("apt-ftparchive");
    for (name, value) in [
        ("Origin", "Holdfast"),
        ("Label", "Holdfast"),
        ("Suite", SUITE),
        ("Codename", SUITE),
        ("Architectures", architecture),
        ("Components", "main"),
        ("ValidTime", valid_for.as_str()),
    ] {
        ftparchive
            .arg("-o")
            .arg(format!("APT::FTPArchive::Release::{name}={value}"));
    }
    ftparchive.args(["release", "."]).current_dir(&dists);
    // Written only when it is whole: the folder that is listed mustn't hold it.
    let text = printed(&mut ftparchive).context("apt-ftparchive")?;
    ensure!(
        text.contains("\nValid-Until: "),
        "apt-ftparchive wrote no end of the list, so an old one would be believed for ever:\n{text}"
    );
    let file = dists.join("Release");
    std::fs::write(&file, text)?;
    key.sign(&file, &dists.join("Release.gpg"))?;
    key.sign_within(&file, &dists.join("InRelease"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::root;

    #[test]
    fn all_files_of_a_release_are_handed_out_and_none_changes_but_by_signing() -> Result<()> {
        let (folder, out) = (tempfile::tempdir()?, tempfile::tempdir()?);
        let release = Release {
            version: "1.2.3".to_owned(),
            epoch: 0,
        };
        let write = |name: &str, text: &str| std::fs::write(out.path().join(name), text);
        for name in ["holdfast.cdx.json", "SHA256SUMS", "SHA256SUMS.asc"] {
            write(name, "first")?;
        }
        hand_out(folder.path(), out.path(), &release)?;
        write("SHA256SUMS.asc", "signed again")?;
        hand_out(folder.path(), out.path(), &release)?;
        let handed_out = folder.path().join("releases/1.2.3");
        assert_eq!(sorted(&handed_out)?.len(), 3);
        let signature = std::fs::read_to_string(handed_out.join("SHA256SUMS.asc"))?;
        assert_eq!(signature, "signed again");
        write("holdfast.cdx.json", "another")?;
        assert!(hand_out(folder.path(), out.path(), &release).is_err());
        Ok(())
    }

    #[test]
    fn the_line_that_a_venue_types_shows_the_key_of_the_file() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("holdfast.sources");
        let key = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDMEaw4H.\n-----END PGP PUBLIC KEY BLOCK-----\n";
        std::fs::write(&file, source("https://packages.example", "amd64", key))?;
        let line = SHOWS_KEY
            .replace(
                "/etc/apt/sources.list.d/holdfast.sources",
                &file.display().to_string(),
            )
            .replace("gpg --show-keys", "cat");
        let shown = printed(Command::new("sh").args(["-c", &line]))?;
        assert!(shown.ends_with(key), "{shown}");
        for page in ["README.md", "docs/installing.md"] {
            assert!(
                std::fs::read_to_string(root().join(page))?.contains(SHOWS_KEY),
                "{page}"
            );
        }
        Ok(())
    }
}
