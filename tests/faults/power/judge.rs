//! What is right of a disk that a power cut left.

use super::{act::parent, deeds::Sort, image::Image};
use crate::{
    damage::said,
    oracle,
    venue::{Seat, Venue, shelf},
};
use anyhow::{Context, Result, ensure};
use holdfast_desk::{Clock, SystemClock};
use holdfast_domain::{OperationKind, OperationState};
use holdfast_ledger::prelude::*;
use holdfast_ledger_sqlite::SqliteLedger;
use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

/// What a till finds on a disk.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// All that its ledger says of money.
    pub(super) said: String,
    /// Why a till that may put no backup back would not have it.
    pub(super) refused: Option<String>,
    /// What each backup says, by its name.
    pub(super) backups: HashMap<String, String>,
    /// What every sound ledger says that lies there, whatever it is called.
    pub(super) kept: HashSet<String>,
}

/// What files say that were opened before: most disks of a study have most of them in common.
pub(super) type Known = Mutex<HashMap<u64, Option<String>>>;

fn folder(root: &Path) -> PathBuf {
    super::folder_of(&root.join("till"))
}

/// Starts a till on `image`, and looks for what else lies there if the deed was about that.
pub(super) async fn look(image: &Image, sort: Sort, known: &Known) -> Result<Found> {
    let (said, refused) = start(image).await?;
    let mut found = Found {
        said,
        refused,
        backups: HashMap::new(),
        kept: HashSet::new(),
    };
    if matches!(sort, Sort::Moves(_) | Sort::Writes) {
        return Ok(found);
    }
    for path in image.files.keys() {
        let name = path.rsplit('/').next().unwrap_or_default();
        let is_backup = parent(path).ends_with("backups") && name.starts_with("ledger-");
        if !is_backup && name != "ledger.db" {
            continue;
        }
        let said = said_by(image, path, known).await?;
        // One that was never finished has no business under a backup's name.
        ensure!(said.is_some() || !is_backup, "the backup {name} is not sound");
        if let Some(said) = said {
            found.kept.insert(said.clone());
            if is_backup {
                found.backups.insert(name.to_owned(), said);
            }
        }
    }
    Ok(found)
}

/// First a till that refuses what is not sound; then, if it does, the shipped one, which puts a backup
/// back.
async fn start(image: &Image) -> Result<(String, Option<String>)> {
    let root = shelf()?;
    image.put(root.path())?;
    let refused = match SqliteLedger::open(&folder(root.path())) {
        Ok(ledger) => {
            ledger.verify_journal().await?;
            return Ok((said(&ledger).await?, None));
        }
        Err(error) => error.to_string(),
    };
    let root = shelf()?;
    image.put(root.path())?;
    let opened = SqliteLedger::open_or_restore(&folder(root.path()), SystemClock.now());
    let opened = opened.with_context(|| format!("a till that may restore fails too, after: {refused}"))?;
    opened.ledger.verify_journal().await?;
    ensure!(
        opened.restored.is_some(),
        "a backup was put back and nobody is told"
    );
    Ok((said(&opened.ledger).await?, Some(refused)))
}

/// What the ledger at `path` says with its log and nothing else beside it; none if it is not sound.
async fn said_by(image: &Image, path: &str, known: &Known) -> Result<Option<String>> {
    let files = ["", "-wal"].map(|suffix| image.files.get(&format!("{path}{suffix}")));
    let key = super::hash(&files);
    if let Some(said) = known.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
        return Ok(said.clone());
    }
    let root = shelf()?;
    for (suffix, bytes) in ["", "-wal"].into_iter().zip(files) {
        if let Some(bytes) = bytes {
            std::fs::write(root.path().join(format!("ledger.db{suffix}")), bytes)?;
        }
    }
    let said = match SqliteLedger::open_or_restore(root.path(), SystemClock.now()) {
        Ok(opened) => Some(said(&opened.ledger).await?),
        Err(_) => None,
    };
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    known.insert(key, said.clone());
    Ok(said)
}

/// Starts a till on a disk that lost its power after the request had left, and lets it ask Dojo, which
/// has carried it out: the one row that the deed led to says so, and nothing was sent again.
pub(super) async fn settles(venue: &Venue, image: &Image, sort: Sort) -> Result<()> {
    let Sort::Moves(kind) = sort else {
        return Ok(());
    };
    let root = shelf()?;
    image.put(root.path())?;
    let seat: Seat = venue.till_elsewhere(&root.path().join("till"))?;
    let unread = seat.desk.sweep().await?;
    ensure!(unread == 0, "{unread} holds could not be read");
    let record = oracle::Record::new(venue.truth()?);
    for tab in seat.ledger.tabs(true, 100).await? {
        for hold in seat.ledger.holds(tab.id).await? {
            let operations = seat.ledger.operations(hold.id).await?;
            let operation = oracle::only_one(operations, kind, kind == OperationKind::Create)?;
            let posts = record.posts(&hold, kind);
            ensure!(posts <= 1, "sent {posts} times");
            let Some(operation) = operation else { continue };
            let times = record.times(&hold, kind)?;
            let agrees = times == 0
                || operation.state == OperationState::Succeeded
                || oracle::is_beyond_knowing(&operation);
            ensure!(agrees, "Dojo did it, the till says {:?}", operation.state);
            oracle::now(times, Some(&operation))?;
        }
    }
    Ok(())
}
