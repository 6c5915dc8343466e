//! Ledgers full of tabs, filled once and used again: `target/bench/houses/<tabs>`.

use anyhow::{Context, Result};
use holdfast_desk::{Clock, SystemClock};
use holdfast_ledger_sqlite::SqliteLedger;
use holdfast_tests::house::House;
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Where everything is kept that may be thrown away.
pub(crate) struct Houses(PathBuf);

impl Houses {
    pub(crate) fn at(folder: &Path) -> Self {
        Self(folder.join("houses"))
    }

    /// The folder of a ledger with so many tabs that were closed, none of them open. Nobody may write it.
    ///
    /// # Errors
    /// When it can't be made.
    pub(crate) async fn of(&self, closed: u32) -> Result<PathBuf> {
        let folder = self.0.join(closed.to_string());
        if folder.join("ledger.db").exists() {
            step(&folder)?;
            return Ok(folder);
        }
        let begun = Instant::now();
        // Memory, where there is some: each commit would wait for the disk.
        let memory = Path::new("/dev/shm");
        let made = if memory.is_dir() {
            tempfile::tempdir_in(memory)?
        } else {
            tempfile::tempdir_in(&self.0)?
        };
        let house = House {
            open: 0,
            closed,
            after: 0,
        };
        house
            .fill(&SqliteLedger::open(made.path())?, SystemClock.now())
            .await?;
        copy(made.path(), &folder)?;
        println!(
            "A house of {closed} tabs was filled in {} s.",
            begun.elapsed().as_secs()
        );
        Ok(folder)
    }

    /// A copy that may be written, gone when it is dropped.
    ///
    /// # Errors
    /// When it can't be made.
    pub(crate) async fn copy_of(&self, closed: u32) -> Result<tempfile::TempDir> {
        let folder = self.scratch()?;
        copy(&self.of(closed).await?, folder.path())?;
        Ok(folder)
    }

    /// An empty folder on the same disk, gone when it is dropped.
    ///
    /// # Errors
    /// When it can't be made.
    pub(crate) fn scratch(&self) -> Result<tempfile::TempDir> {
        std::fs::create_dir_all(&self.0)?;
        Ok(tempfile::Builder::new().prefix("scratch-").tempdir_in(&self.0)?)
    }
}

fn format(folder: &Path) -> Result<i64> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let c = Connection::open_with_flags(folder.join("ledger.db"), flags)?;
    Ok(c.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

/// One that was filled by an older program gets today's format: no row is to measure the step to it.
fn step(folder: &Path) -> Result<()> {
    let fresh = tempfile::tempdir()?;
    drop(SqliteLedger::open(fresh.path())?);
    if format(folder)? != format(fresh.path())? {
        println!("{} is stepped to today’s format.", folder.display());
        drop(SqliteLedger::open(folder)?);
    }
    Ok(())
}

/// A ledger and the mark beside it; a closed one has no log.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    // The ledger last: a copy that was cut short is none.
    for name in ["ledger.mark", "ledger.db"] {
        let (from, to) = (from.join(name), to.join(name));
        std::fs::copy(&from, &to).with_context(|| from.display().to_string())?;
        std::fs::File::open(&to)?.sync_all()?;
    }
    Ok(())
}
