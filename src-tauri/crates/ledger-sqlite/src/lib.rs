//! The ledger in SQLite: one connection that writes, on one thread; one process by a file lock.
//!
//! `home` opens it and restores backups, `store` reads and writes rows, `integrity` says whether they are still what
//! was written, `recovery` looks after the file, `former` knows the formats before today's. Nothing of SQLite's crosses
//! [`holdfast_ledger::Ledger`].

mod adapter;
mod error;
mod feed;
mod format;
mod former;
mod home;
mod integrity;
#[cfg(test)]
mod query_plan_tests;
mod recovery;
mod store;
mod tab_index;
mod worker;

pub use home::{LedgerHome, Opening};
pub use integrity::background_check::CheckGate;
pub use recovery::backup::NotBroughtBack;
pub use recovery::moved_in::NewFile;
pub use recovery::moved_out::{NotReadable, WholeFile};

use crate::error::StoreError;
use crate::feed::Feed;
use crate::integrity::background_check::{BackgroundCheck, CheckState};
use crate::integrity::high_water_mark::HighWaterMark;
use crate::integrity::staged_check::{self, Scope};
use crate::recovery::second_copy::SecondCopies;
use crate::recovery::{open, recover, swap_file};
use crate::tab_index::TabIndex;
use crate::worker::{Job, Worker, gone};
use chrono::{DateTime, Utc};
use holdfast_domain::TabId;
use holdfast_ledger::{LedgerError, Restored};
use rusqlite::Connection;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::{Mutex, oneshot};

/// A ledger in `ledger.db` of a data folder.
#[derive(Debug)]
pub struct SqliteLedger {
    /// Dropped before the worker, to which it hands the file.
    check: BackgroundCheck,
    worker: Worker,
    folder: PathBuf,
    /// One backup at a time: they share the name under which they are written.
    backing_up: Mutex<()>,
    second_copies: SecondCopies,
    feed: Arc<Feed>,
}

/// A ledger, and whether it is the one that was there before.
#[derive(Debug)]
pub struct Opened {
    /// Open for work.
    pub ledger: SqliteLedger,
    /// Set when a backup had to be put back, or the file turned out older than it was. It stays in
    /// [`holdfast_ledger::Backups::restored`] until every hold has been read from Dojo again.
    pub restored: Option<Restored>,
    /// What keeps the check of the rest from beginning; none when all was checked before it was opened.
    pub check_gate: Option<CheckGate>,
}

impl SqliteLedger {
    /// Opens or makes the ledger in `folder`; one that is not sound is refused and left as it is.
    ///
    /// # Errors
    /// [`LedgerError::InUse`], [`LedgerError::Newer`], [`LedgerError::Damaged`] or
    /// [`LedgerError::Storage`].
    pub fn open(folder: &Path) -> Result<Self, LedgerError> {
        Self::opened(folder, None).map(|opened| opened.ledger)
    }

    /// Opens or makes the ledger in `folder`. A damaged, missing or foreign file is set aside whole in
    /// a folder `damaged-<time>` and the good backup that knows the most is put back. `now` is by the
    /// till's clock.
    ///
    /// # Errors
    /// As [`SqliteLedger::open`]; [`LedgerError::Damaged`] only when there is no good backup.
    pub fn open_or_restore(folder: &Path, now: DateTime<Utc>) -> Result<Opened, LedgerError> {
        Self::opened(folder, Some(now))
    }

    /// Opens the ledger in `folder` for work as soon as what is open has been found sound. The whole is checked in the
    /// background, once [`Opened::check_gate`] is dropped. Until [`SqliteLedger::checked`] ends, each call verifies the
    /// rows that it rests on, and what needs all of them waits: searching, reports, backups. Once harm was found every
    /// call is refused. Where the first check finds any damage, the whole file is checked first, as by
    /// [`SqliteLedger::open_or_restore`].
    ///
    /// # Errors
    /// Those of [`SqliteLedger::open_or_restore`].
    pub fn open_staged(folder: &Path, now: DateTime<Utc>) -> Result<Opened, LedgerError> {
        let lock = open::lock(folder)?;
        let Some(connection) = recover::open_staged(folder) else {
            return Self::opened_whole(folder, Some(now), lock);
        };
        let mark = HighWaterMark::start(folder, &connection);
        let worker = Worker::start(connection, mark, lock)?;
        let jobs = worker.jobs()?;
        let file = folder.join(swap_file::FILE);
        let (check, check_gate) = BackgroundCheck::gated(&file, move || jobs.tell_sound())?;
        Ok(Opened {
            ledger: Self::of(folder, worker, check),
            restored: None,
            check_gate: Some(check_gate),
        })
    }

    /// Waits until the whole file has been found sound, or the ledger is dropped; waiting does not keep it open.
    ///
    /// # Errors
    /// [`LedgerError::Damaged`], or why the check could not be made. Nothing can be done with the ledger then
    /// but to drop it, and to open it again by [`SqliteLedger::open_or_restore`].
    pub fn checked(&self) -> impl Future<Output = Result<(), LedgerError>> + Send + use<> {
        self.check.outcome()
    }

    /// Puts the backup called `name` in the place of the ledger in `folder`, which nobody may have
    /// open. What was there is set aside in a folder `replaced-<time>`.
    ///
    /// # Errors
    /// [`LedgerError::NotFound`] without such a backup, [`LedgerError::Damaged`] when it is not sound,
    /// [`LedgerError::InUse`], [`LedgerError::Storage`].
    pub fn restore(folder: &Path, name: &str, now: DateTime<Utc>) -> Result<Restored, LedgerError> {
        let _lock = open::lock(folder)?;
        Ok(recover::restore(folder, name, now)?)
    }

    fn opened(folder: &Path, now: Option<DateTime<Utc>>) -> Result<Opened, LedgerError> {
        let lock = open::lock(folder)?;
        Self::opened_whole(folder, now, lock)
    }

    fn opened_whole(folder: &Path, now: Option<DateTime<Utc>>, lock: File) -> Result<Opened, LedgerError> {
        let (connection, restored) = recover::open(folder, now)?;
        let mark = HighWaterMark::start(folder, &connection);
        let worker = Worker::start(connection, mark, lock)?;
        let ledger = Self::of(folder, worker, BackgroundCheck::finished());
        Ok(Opened {
            ledger,
            restored,
            check_gate: None,
        })
    }

    fn of(folder: &Path, worker: Worker, check: BackgroundCheck) -> Self {
        Self {
            check,
            worker,
            folder: folder.to_owned(),
            backing_up: Mutex::default(),
            second_copies: SecondCopies::default(),
            feed: Arc::default(),
        }
    }

    /// Reads rows that the first stage of the check found sound.
    async fn read_open<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        self.hand_in(|connection, _, _| work(connection)).await
    }

    /// Reads the rows in `scope`, which are verified first.
    async fn read<T: Send + 'static>(
        &self,
        scope: impl Into<Scope>,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        let scope = scope.into();
        self.hand_in(move |connection, _, state| {
            state.verify(|| scope.verify(connection))?;
            work(connection)
        })
        .await
    }

    /// Reads rows that are found by something else than their ids. Afterwards their tabs are verified, which `tabs`
    /// tells of what was read; of rows that changed nothing is answered.
    async fn read_found<T: Send + 'static, Tabs: IntoIterator<Item = TabId>>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
        tabs: impl FnOnce(&Connection, &T) -> Result<Tabs, StoreError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        self.hand_in(move |connection, _, state| {
            let found = work(connection)?;
            state.verify(|| staged_check::verify_tabs(connection, tabs(connection, &found)?))?;
            Ok(found)
        })
        .await
    }

    /// Reads what only the check of the whole can vouch for, and waits for it.
    async fn read_whole<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection, &mut TabIndex) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        self.check.wait_until_sound().await?;
        self.hand_in(|connection, index, _| work(connection, index)).await
    }

    /// Writes what rests on the rows in `scope`, which are verified first.
    async fn write<T: Send + 'static>(
        &self,
        scope: Scope,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        let feed = self.feed.clone();
        self.hand_in(move |connection, index, state| {
            state.verify(|| scope.verify_for_write(connection))?;
            // Whatever becomes of it: it is read again before the next search.
            scope.changed(index);
            let done = work(connection)?;
            feed.note(scope.changes());
            Ok(done)
        })
        .await
    }

    /// Every call comes by here: once harm was found, nothing more is read or written.
    async fn hand_in<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection, &mut TabIndex, &CheckState) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        let (reply, answer) = oneshot::channel();
        let state = self.check.state().clone();
        self.worker.ask(Job::Work(Box::new(move |connection, index| {
            let done = state.refuse_if_harmed();
            // Nobody waiting any more is no reason to leave work undone.
            let _ = reply.send(done.and_then(|()| work(connection, index, &state)));
        })))?;
        Ok(answer.await.map_err(|_| gone())??)
    }
}

/// Runs work on whole files on a thread of its own: the threads that serve the window must not wait for it.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, LedgerError> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|error| LedgerError::Storage(error.to_string()))??)
}
