//! I10: no key, no card's number, in what is written or shown.

use crate::world::{KEY, World};
use anyhow::{Result, ensure};
use std::path::Path;

/// What must be nowhere.
const SECRETS: [&str; 3] = [KEY, holdfast_tests::GOOD, holdfast_tests::DECLINED];

fn search(place: &str, bytes: &[u8]) -> Result<()> {
    // As text, for std searches that by the machine word; a secret is the same in it.
    let text = String::from_utf8_lossy(bytes);
    for secret in SECRETS {
        ensure!(!text.contains(secret), "I10: {secret} is in {place}");
    }
    Ok(())
}

/// In the ledger, its log, its mark and its backups.
pub(in crate::world) fn files(folder: &Path) -> Result<()> {
    for file in std::fs::read_dir(folder)? {
        let path = file?.path();
        if path.is_dir() {
            files(&path)?;
        } else {
            search(&path.display().to_string(), &std::fs::read(&path)?)?;
        }
    }
    Ok(())
}

/// In what the window is given.
pub(super) fn views(world: &World) -> Result<()> {
    let till = world.till()?;
    let text = till.runtime.block_on(async {
        let mut text = serde_json::to_string(&till.desk.floor().await?)?;
        text += &serde_json::to_string(&till.desk.night(&[]).await?)?;
        for tab in &world.tabs {
            text += &serde_json::to_string(&till.desk.tab(*tab).await?)?;
        }
        anyhow::Ok(text)
    })?;
    search("what the window is given", text.as_bytes())
}
