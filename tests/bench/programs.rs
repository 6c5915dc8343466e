//! The released programs that the window rows look at, and data folders for them.

use crate::Bench;
use crate::houses;
use anyhow::{Result, ensure};
use holdfast_tests::crowd;
use std::path::PathBuf;

/// As `cargo xtask bench` has built them.
pub(crate) struct Programs {
    pub(crate) app: PathBuf,
    pub(crate) empty: PathBuf,
    /// The window's built files.
    pub(crate) page: PathBuf,
}

impl Programs {
    /// # Errors
    /// When they were not built.
    pub(crate) fn new(app: PathBuf, empty: PathBuf, page: PathBuf) -> Result<Self> {
        for program in [&app, &empty, &page] {
            ensure!(
                program.exists(),
                "{} is not there; `cargo xtask bench` builds it",
                program.display()
            );
        }
        Ok(Self { app, empty, page })
    }
}

/// A data folder in training, gone when it is dropped.
pub(crate) struct Data(tempfile::TempDir);

impl Data {
    /// With so many tabs. One was always closed, or training would invent some.
    ///
    /// # Errors
    /// When it can't be filled.
    pub(crate) async fn of(bench: &Bench, closed: u32, open: u32) -> Result<Self> {
        let folder = bench.houses.scratch()?;
        let ledger = folder.path().join("training");
        houses::copy(&bench.houses.of(closed).await?, &ledger)?;
        if open > 0 {
            crowd(&ledger, open).await?;
        }
        Ok(Self(folder))
    }

    /// What the app is started with.
    pub(crate) fn arguments(&self) -> [String; 3] {
        [
            "--training".to_owned(),
            "--data-dir".to_owned(),
            self.0.path().display().to_string(),
        ]
    }
}
