//! Sums of what was made, and signatures by a key that stays with the founders.

use super::{name, printed, sorted};
use crate::command::{go, go_in};
use anyhow::{Context, Result};
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

/// Writes the sums of all files of a folder, and their signature.
pub(super) fn sums(folder: &Path, key: Option<&Key>) -> Result<()> {
    let names: Vec<String> = sorted(folder)?.iter().map(|path| name(path)).collect();
    let sums = printed(Command::new("sha256sum").args(&names).current_dir(folder))?;
    std::fs::write(folder.join(SUMS), sums)?;
    go_in(
        folder,
        Command::new("sha256sum").args(["--quiet", "--check", SUMS]),
    )?;
    let Some(key) = key else {
        println!("{SUMS} is not signed: no key was named (--key FILE)");
        return Ok(());
    };
    key.sign(&folder.join(SUMS), &folder.join(format!("{SUMS}.asc")))?;
    std::fs::write(folder.join("holdfast-key.asc"), key.public()?)?;
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
        sums(out.path(), Some(&key))?;
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
