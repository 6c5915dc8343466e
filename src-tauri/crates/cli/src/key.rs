//! Where the secret key comes from. Never from the command line, which every program on the computer can read.

use crate::arguments::KeyFrom;
use anyhow::{Context, bail, ensure};
use holdfast_desk::{KeyStore, Mode};
use holdfast_dojo::ApiKey;
use holdfast_key_store::SystemKeyStore;
use std::io::Read;
use std::path::Path;

/// Longer than any key.
const MOST_BYTES: u64 = 1_000;

impl KeyFrom {
    /// The key: from what was named; else from `HOLDFAST_KEY`; else from the key store, as the window keeps it.
    pub(crate) fn key(&self, root: &Path) -> anyhow::Result<ApiKey> {
        if let Some(path) = &self.key_file {
            return parsed(&file(path)?);
        }
        if self.key_stdin {
            return parsed(&text(std::io::stdin())?);
        }
        match std::env::var("HOLDFAST_KEY") {
            Ok(key) if self.mode.is_none() => parsed(&key),
            _ => self.kept(root),
        }
    }

    fn kept(&self, root: &Path) -> anyhow::Result<ApiKey> {
        let last = || std::fs::read_to_string(root.join("mode")).unwrap_or_default();
        let name = self.mode.clone().unwrap_or_else(last);
        let mode = match Mode::named(name.trim()) {
            Some(mode @ (Mode::Sandbox | Mode::Live)) => mode,
            Some(Mode::Training) | None => bail!(
                "say whose key: --mode sandbox or --mode live, --key-file FILE, --key-stdin, or HOLDFAST_KEY"
            ),
        };
        let keys = SystemKeyStore::of(root);
        let kept = keys.key(mode)?;
        kept.with_context(|| {
            let why = if keys.is_of_copied_folder() {
                ": this data folder is a copy, and the key stayed with the other one"
            } else {
                ""
            };
            format!("the key store has no key for {}{why}", mode.name())
        })
    }
}

fn parsed(text: &str) -> anyhow::Result<ApiKey> {
    Ok(ApiKey::parse(text)?)
}

fn file(path: &Path) -> anyhow::Result<String> {
    let file = std::fs::File::open(path).with_context(|| format!("opening {}", path.display()))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = file.metadata()?.permissions().mode();
        ensure!(
            mode & 0o077 == 0,
            "{} can be read by others: chmod 600 it first",
            path.display()
        );
    }
    text(file)
}

fn text(from: impl Read) -> anyhow::Result<String> {
    let mut text = String::new();
    from.take(MOST_BYTES).read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_may_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        std::fs::write(&path, "sk_sandbox_in_a_file\n").expect("a file");
        let from = KeyFrom {
            key_file: Some(path.clone()),
            key_stdin: false,
            mode: None,
        };
        for (mode, is_read) in [(0o644, false), (0o640, false), (0o600, true), (0o400, true)] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("its mode");
            assert_eq!(from.key(folder.path()).is_ok(), is_read, "{mode:o}");
        }
    }
}
