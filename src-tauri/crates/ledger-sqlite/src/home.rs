//! The life of a ledger's file while nobody works with it: opening it, putting a backup in its place.

use crate::error::StoreError;
use crate::recovery::backup::{self, NotBroughtBack};
use crate::{Opened, SqliteLedger, blocking};
use chrono::{DateTime, Utc};
use holdfast_ledger::{Backup, LedgerError, Restored};
use holdfast_sealed_copy::Phrase;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

/// A ledger that was closed a moment ago lets go of its lock when its thread has ended.
const CLOSED_WITHIN: Duration = Duration::from_secs(1);

/// What staff began a moment ago may take longer to end, and a restore waits for it.
const WORK_ENDED_WITHIN: Duration = Duration::from_secs(10);

/// The pause between two tries.
const PAUSE_BETWEEN_TRIES: Duration = Duration::from_millis(50);

/// How much is checked before a ledger is worked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// What is open; the whole is checked in the background: [`SqliteLedger::open_staged`].
    Staged,
    /// All of it: [`SqliteLedger::open_or_restore`].
    Whole,
    /// All of it, and a damaged ledger is refused and left as it is: [`SqliteLedger::open`].
    AsItIs,
}

/// A data folder with its ledger and its backups. Every call waits a moment for a ledger that is just being closed, and
/// does its work on a thread of its own.
#[derive(Debug, Clone)]
pub struct LedgerHome {
    folder: PathBuf,
}

impl LedgerHome {
    /// The home in this folder, which is made with the first ledger.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// Opens or makes the ledger. `now` is by the till's clock.
    ///
    /// # Errors
    /// [`LedgerError::InUse`] when it isn't closed within a second; those of the call that `opening` names.
    pub async fn open(&self, opening: Opening, now: DateTime<Utc>) -> Result<Opened, LedgerError> {
        self.when_free(CLOSED_WITHIN, move |folder| match opening {
            Opening::Staged => SqliteLedger::open_staged(folder, now),
            Opening::Whole => SqliteLedger::open_or_restore(folder, now),
            Opening::AsItIs => SqliteLedger::open(folder).map(|ledger| Opened {
                ledger,
                restored: None,
                check_gate: None,
            }),
        })
        .await
    }

    /// Puts the backup called `name` in the ledger's place: [`SqliteLedger::restore`].
    ///
    /// # Errors
    /// [`LedgerError::InUse`] when the ledger isn't closed within ten seconds; those of [`SqliteLedger::restore`].
    pub async fn restore(&self, name: &str, now: DateTime<Utc>) -> Result<Restored, LedgerError> {
        let name = name.to_owned();
        self.when_free(WORK_ENDED_WITHIN, move |folder| {
            SqliteLedger::restore(folder, &name, now)
        })
        .await
    }

    /// Lists the backups, the newest first, whether or not the ledger can be opened.
    ///
    /// # Errors
    /// [`LedgerError::Storage`].
    pub async fn backups(&self) -> Result<Vec<Backup>, LedgerError> {
        let folder = backup::folder(&self.folder);
        blocking(move || backup::list(&folder)).await
    }

    /// Opens an encrypted copy that lies anywhere, and keeps it among the backups; the ledger stays as it is.
    ///
    /// # Errors
    /// [`NotBroughtBack`].
    pub async fn bring_back(&self, copy: PathBuf, phrase: Phrase) -> Result<Backup, NotBroughtBack> {
        let folder = backup::folder(&self.folder);
        let opening = tokio::task::spawn_blocking(move || backup::bring_back(&folder, &copy, &phrase));
        opening
            .await
            .map_err(|error| LedgerError::Storage(error.to_string()))?
    }

    async fn when_free<T: Send + 'static>(
        &self,
        within: Duration,
        work: impl Fn(&Path) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        let (folder, begun) = (self.folder.clone(), Instant::now());
        blocking(move || {
            loop {
                match work(&folder) {
                    Err(LedgerError::InUse) if begun.elapsed() < within => thread::sleep(PAUSE_BETWEEN_TRIES),
                    done => return done.map_err(StoreError),
                }
            }
        })
        .await
    }
}
