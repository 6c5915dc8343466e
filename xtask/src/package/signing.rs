//! Sums of what was made, and signatures by a key that stays with the founders.

use super::{name, printed, sorted};
use crate::command::{go, go_in};
use anyhow::{Context, Result, ensure};
use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// The sums' file, as `sha256sum --check` reads it.
pub(super) const SUMS: &str = "SHA256SUMS";

/// A key in a keyring of its own that goes away with this value. The key itself was made offline.
pub(super) struct Key {
    home: TempDir,
    fingerprint: String,
}

impl Key {
    /// Reads an exported secret key into a folder that nobody else may read; gpg asks for its passphrase where it has
    /// one.
    pub(super) fn of(file: &Path) -> Result<Self> {
        let home = private_folder()?;
        let gpg = || {
            let mut gpg = Command::new("gpg");
            gpg.arg("--homedir").arg(home.path()).args(["--batch", "--quiet"]);
            gpg
        };
        go(gpg().arg("--import").arg(file))?;
        let listed = printed(gpg().args(["--list-secret-keys", "--with-colons"]))?;
        let fingerprint = listed
            .lines()
            .find_map(|line| line.strip_prefix("fpr:"))
            .map(|fields| fields.trim_matches(':').to_owned())
            .with_context(|| format!("{} holds no secret key", file.display()))?;
        Ok(Self { home, fingerprint })
    }

    /// What a person compares.
    pub(super) fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    fn gpg(&self) -> Command {
        let mut gpg = Command::new("gpg");
        gpg.arg("--homedir")
            .arg(self.home.path())
            .args(["--quiet", "--yes", "--armor"]);
        gpg
    }

    /// The public part, to be given away.
    pub(super) fn public(&self) -> Result<String> {
        printed(self.gpg().args(["--export", &self.fingerprint]))
    }

    /// Signs a file: the signature in a file of its own.
    pub(super) fn sign(&self, file: &Path, signature: &Path) -> Result<()> {
        go(self
            .gpg()
            .arg("--output")
            .arg(signature)
            .arg("--detach-sign")
            .arg(file))
    }

    /// Signs a text: the signature around it.
    pub(super) fn sign_within(&self, file: &Path, signed: &Path) -> Result<()> {
        go(self
            .gpg()
            .arg("--output")
            .arg(signed)
            .arg("--clear-sign")
            .arg(file))
    }
}

/// A folder for a keyring: nobody else may look into it.
pub(super) fn private_folder() -> Result<TempDir> {
    let folder = tempfile::tempdir()?;
    go(Command::new("chmod").arg("700").arg(folder.path()))?;
    Ok(folder)
}

impl Drop for Key {
    fn drop(&mut self) {
        // gpg's agent holds the key in memory until it is told to go.
        let stopped = Command::new("gpgconf")
            .arg("--homedir")
            .arg(self.home.path())
            .args(["--kill", "all"])
            .status();
        if let Err(error) = stopped {
            eprintln!("gpg’s agent may still hold the key: {error}");
        }
    }
}

/// Which commit the files were made of, when they were made for a release; one of the files that the sums are of.
const COMMIT: &str = "COMMIT";

/// Takes down which commit the files of a folder were made of, and their sums again.
pub(super) fn made_of(folder: &Path, commit: &str) -> Result<()> {
    std::fs::write(folder.join(COMMIT), format!("{commit}\n"))?;
    sums(folder)
}

/// Writes the sums of all files of a folder.
pub(super) fn sums(folder: &Path) -> Result<()> {
    let names = files(folder)?;
    let sums = printed(Command::new("sha256sum").args(&names).current_dir(folder))?;
    std::fs::write(folder.join(SUMS), sums)?;
    are_right(folder)
}

/// What is in a folder, but for the sums and what signing adds.
fn files(folder: &Path) -> Result<Vec<String>> {
    let names = sorted(folder)?.into_iter().map(|path| name(&path));
    Ok(names
        .filter(|name| name != SUMS && !is_of_signing(name))
        .collect())
}

/// Whether signing writes the file of that name, and writes it again each time.
pub(super) fn is_of_signing(name: &str) -> bool {
    name == PUBLIC || name.strip_prefix(SUMS) == Some(".asc")
}

/// The key's public part, beside what it signed.
const PUBLIC: &str = "holdfast-key.asc";

fn are_right(folder: &Path) -> Result<()> {
    go_in(
        folder,
        Command::new("sha256sum").args(["--quiet", "--strict", "--check", SUMS]),
    )
}

/// Whether a folder holds what was made of `commit` for a release, all of it and nothing else.
///
/// # Errors
/// At the first difference.
pub(super) fn check(folder: &Path, commit: &str) -> Result<()> {
    are_right(folder)?;
    let text = std::fs::read_to_string(folder.join(SUMS))?;
    let listed: Vec<&str> = text
        .lines()
        .filter_map(|line| line.split_once("  "))
        .map(|(_, name)| name)
        .collect();
    for there in files(folder)? {
        ensure!(listed.contains(&there.as_str()), "{there} is not in {SUMS}");
    }
    let made_of = std::fs::read_to_string(folder.join(COMMIT)).with_context(|| {
        format!(
            "{} holds no release: it was made of other programs than `dist`",
            folder.display()
        )
    })?;
    ensure!(
        made_of.trim() == commit,
        "the files were made of {}, and the tree is {commit}",
        made_of.trim()
    );
    Ok(())
}

/// Signs the sums of a folder.
pub(super) fn sign(folder: &Path, key: &Key) -> Result<()> {
    key.sign(&folder.join(SUMS), &folder.join(format!("{SUMS}.asc")))?;
    std::fs::write(folder.join(PUBLIC), key.public()?)?;
    println!("signed by {}", key.fingerprint());
    Ok(())
}

/// A text as a field of a Debian control file has it, over several lines.
pub(super) fn folded(text: &str) -> String {
    text.lines().fold(String::new(), |mut folded, line| {
        let line = if line.is_empty() { "." } else { line };
        let _ = write!(folded, "\n {line}");
        folded
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_in_a_field_keeps_its_empty_line() {
        assert_eq!(folded("BEGIN\n\nabc\nEND\n"), "\n BEGIN\n .\n abc\n END");
    }

    #[test]
    fn only_what_was_made_for_a_release_of_this_commit_is_signed() -> Result<()> {
        let out = tempfile::tempdir()?;
        let package = out.path().join("holdfast.deb");
        std::fs::write(&package, "a package")?;
        sums(out.path())?;
        let refused = |what: &str| {
            let error = check(out.path(), "c0ffee").expect_err(what);
            format!("{error:#}")
        };
        assert!(refused("of a debug build").contains("holds no release"));
        made_of(out.path(), "c0ffee and uncommitted changes")?;
        assert!(refused("of a changed tree").contains("uncommitted"));
        made_of(out.path(), "c0ffee")?;
        check(out.path(), "c0ffee")?;
        std::fs::write(out.path().join("extra.deb"), "slipped in")?;
        assert!(refused("with a stranger").contains("extra.deb"));
        std::fs::remove_file(out.path().join("extra.deb"))?;
        std::fs::write(&package, "another")?;
        refused("changed since");
        Ok(())
    }

    #[test]
    fn sums_are_signed_by_the_key_that_was_named() -> Result<()> {
        let made = private_folder()?;
        let gpg = || {
            let mut gpg = Command::new("gpg");
            gpg.arg("--homedir")
                .arg(made.path())
                .args(["--batch", "--quiet", "--yes"]);
            gpg
        };
        go(gpg().args([
            "--passphrase",
            "",
            "--quick-generate-key",
            "Test <test@holdfast.invalid>",
            "ed25519",
            "sign",
        ]))?;
        let file = made.path().join("key.asc");
        go(gpg()
            .args(["--armor", "--output"])
            .arg(&file)
            .arg("--export-secret-keys"))?;

        let out = tempfile::tempdir()?;
        std::fs::write(out.path().join("holdfast.deb"), "a package")?;
        let key = Key::of(&file)?;
        made_of(out.path(), "c0ffee")?;
        check(out.path(), "c0ffee")?;
        sign(out.path(), &key)?;
        // It can be signed again, with what the first time left there.
        check(out.path(), "c0ffee")?;
        let signature = out.path().join(format!("{SUMS}.asc"));
        go(gpg().arg("--verify").arg(&signature).arg(out.path().join(SUMS)))?;
        std::fs::write(out.path().join(SUMS), "changed")?;
        assert!(go(gpg().arg("--verify").arg(&signature).arg(out.path().join(SUMS))).is_err());
        drop(key);
        go(Command::new("gpgconf")
            .arg("--homedir")
            .arg(made.path())
            .args(["--kill", "all"]))
    }
}
