//! The power goes: what was written and not synced is lost, reordered or torn.
//!
//! The real `holdfast-cli` runs under `strace`, which records what it asks of the disk and whom it tells
//! something. From that every disk is rebuilt that a power cut could leave: before each sync, before
//! each request to Dojo, before each word to staff, and at the end, with everything that was synced and
//! any part of the rest. On each a till is started. It must find the ledger as it was after some commit,
//! and none that is older than what Dojo or staff had been told by then.
//!
//! Modelled: writes lost one by one, in any order, torn between sectors of 512 bytes, a file that is
//! longer and empty there, and names (new, moved, deleted files, new folders) that last only when their
//! folder was synced, which is less than most file systems promise. Not modelled: a disk that says that
//! it has synced and has not, sectors that are half written, bytes beside a write that go with it
//! (SQLite counts on the contrary), and whatever is done through mapped memory, which is the index of
//! the write-ahead log alone, and is made again.

mod act;
mod deeds;
mod disk;
mod fate;
mod image;
mod judge;
mod loss;
mod reader;
mod study;
mod trace;
mod words;

pub(crate) use deeds::clerk;

use crate::{Figures, Options};
use anyhow::{Context, Result};
use holdfast_desk::Mode;
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};
use study::Study;

/// With the folder of a ledger in it, this program is a till that is open for long.
pub(crate) const CLERK: &str = "HOLDFAST_FAULTS_CLERK";

/// Where the ledger lies in a data folder.
pub(crate) fn folder_of(data: &Path) -> PathBuf {
    Mode::Sandbox.folder(data)
}

#[derive(Debug, Default)]
struct Count {
    moments: u64,
    disks: u64,
    settled: u64,
}

pub(crate) fn run(options: &Options) -> Result<Figures> {
    let runtime = tokio::runtime::Runtime::new()?;
    let mut count = Count::default();
    for name in deeds::all() {
        // Three takes, one after the other, are for the long run.
        if name == "evening" && !options.long {
            continue;
        }
        let is_other = |only: &str| only.split(':').next() != Some(name);
        if options.only.as_deref().is_some_and(is_other) {
            continue;
        }
        let (venue, records) = runtime
            .block_on(deeds::record(name))
            .with_context(|| format!("{name} could not be recorded"))?;
        for (number, record) in records.into_iter().enumerate() {
            let study = Study::new(options, format!("{name}:{number}"), &venue, record);
            let counted = study.carry_out(&runtime)?;
            count.moments += counted.moments;
            count.disks += counted.disks;
            count.settled += counted.settled;
        }
    }
    Ok(vec![
        ("moments at which the power went", count.moments),
        ("disks that it could leave", count.disks),
        ("of which Dojo was asked afterwards", count.settled),
    ])
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
