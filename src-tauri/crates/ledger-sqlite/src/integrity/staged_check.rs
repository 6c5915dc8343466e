//! Checking in two stages: what is open is verified before the ledger opens, so that a floor can be shown; the rest is
//! verified in the background once that floor is painted. Until then nothing is written, and closed tabs can't be
//! listed or searched.

use crate::error::StoreError;
use crate::integrity::{check, journal, parallel_check, row_seals};
use crate::recovery::open;
use crate::store::{rows, tabs};
use crate::worker::Jobs;
use holdfast_domain::{HoldId, OperationId, TabId};
use holdfast_ledger::LedgerError;
use rusqlite::{Connection, InterruptHandle};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock, mpsc};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// Verifies what is open or unsettled, the settings, the findings that wait, and the journal of the house; answers the
/// journal's end. A row that a damaged index hides is not missed here, but by the check of the whole.
pub(crate) fn verify_open(c: &Connection) -> Result<journal::Head, StoreError> {
    check::sound(|| {
        check::identity(c)?;
        let mut tabs = tabs::open_ids(c, i64::MAX)?;
        tabs.extend(tabs::unsettled_ids(c)?);
        verify_tabs(c, tabs)?;
        row_seals::verify_house(c)?;
        journal::verify_house(c)
    })
}

/// Verifies these tabs, with what is read of them: bills, holds, operations, renewals and their journal.
pub(crate) fn verify_tabs(c: &Connection, tabs: impl IntoIterator<Item = TabId>) -> Result<(), StoreError> {
    let listed = rows::listed(tabs.into_iter().map(|tab| tab.0))?;
    row_seals::verify_tabs(c, &listed)?;
    journal::verify_tabs(c, &listed)
}

/// Which rows a read by id needs verified while the whole file has not been checked yet.
#[derive(Debug, Clone)]
pub(crate) enum Scope {
    Tabs(Vec<TabId>),
    Hold(HoldId),
    Operation(OperationId),
}

impl Scope {
    /// Verifies the tabs that they are on.
    pub(crate) fn verify(&self, c: &Connection) -> Result<(), StoreError> {
        let of_hold = "SELECT tab FROM hold WHERE id = ?1";
        let of_operation = "SELECT tab FROM hold WHERE id = (SELECT hold FROM operation WHERE id = ?1)";
        let tabs = match self {
            Self::Tabs(tabs) => return verify_tabs(c, tabs.iter().copied()),
            Self::Hold(id) => rows::ids(c, of_hold, [rows::key(&id.0)])?,
            Self::Operation(id) => rows::ids(c, of_operation, [rows::key(&id.0)])?,
        };
        verify_tabs(c, tabs.into_iter().map(TabId))
    }
}

/// The outcome of the check; none while it runs.
type Verdict = Option<Result<(), StoreError>>;

/// Gate that delays the background check until the first paint, because the check saturates all cores. The check begins
/// when this is dropped.
#[derive(Debug)]
#[must_use = "the check begins when this is dropped"]
pub struct CheckGate(mpsc::Sender<()>);

impl Drop for CheckGate {
    fn drop(&mut self) {
        // Nobody hears it when the ledger was closed before.
        let _ = self.0.send(());
    }
}

/// The check of the whole file, while the ledger is open.
#[derive(Debug)]
pub(crate) struct BackgroundCheck {
    verdict: watch::Receiver<Verdict>,
    begun: Arc<OnceLock<Instant>>,
    check: Option<CheckThread>,
    /// Nobody wants to know any more.
    is_closed: Arc<AtomicBool>,
}

/// The thread that checks.
struct CheckThread {
    /// Lets it begin, that it may end.
    begin: mpsc::Sender<()>,
    interrupts: Vec<InterruptHandle>,
    thread: JoinHandle<()>,
}

impl fmt::Debug for CheckThread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.thread.fmt(f)
    }
}

impl BackgroundCheck {
    /// For a ledger that was checked before it was opened.
    pub(crate) fn finished() -> Self {
        Self {
            verdict: watch::channel(Some(Ok(()))).1,
            begun: Arc::default(),
            check: None,
            is_closed: Arc::default(),
        }
    }

    /// Checks the file at `path` as soon as the gate is dropped. When all of it is sound, the thread that owns the
    /// connection makes it ready for work; a file that is not sound is left as it is.
    pub(crate) fn gated(path: &Path, jobs: Jobs) -> Result<(Self, CheckGate), StoreError> {
        let connection = check::read_only(path)?;
        // Money waits for this one, so it takes what processors there are.
        let mut readers = parallel_check::more_readers(path)?;
        let all = readers.iter().chain([&connection]);
        let interrupts = all.map(Connection::get_interrupt_handle).collect();
        let (say, verdict) = watch::channel(None);
        let folder = path.parent().map(PathBuf::from).unwrap_or_default();
        let is_closed = Arc::<AtomicBool>::default();
        let was_closed = Arc::clone(&is_closed);
        let (begin, may_begin) = mpsc::channel();
        let check_gate = CheckGate(begin.clone());
        let begun = Arc::<OnceLock<Instant>>::default();
        let begins = Arc::clone(&begun);
        let check = move || {
            // No word and nobody left to give one come to the same.
            let _ = may_begin.recv();
            begins.get_or_init(Instant::now);
            let found = check::soundness(&connection, &mut readers);
            // Closed before anybody hears of it, and may want to move the file.
            drop((connection, readers));
            let found = found.and_then(|_| jobs.make_ready(&folder));
            drop(jobs);
            // One that was closed meanwhile was not checked to the end, which says nothing against it.
            if let Some(error) = found
                .as_ref()
                .err()
                .filter(|_| !was_closed.load(Ordering::SeqCst))
            {
                tracing::warn!(%error, "the ledger was opened, and its check did not end well");
            }
            say.send_replace(Some(found));
        };
        let thread = thread::Builder::new()
            .name("ledger check".to_owned())
            .spawn(check);
        let thread = thread.map_err(|error| open::storage(path, &error))?;
        let check = CheckThread {
            begin,
            interrupts,
            thread,
        };
        let check = Self {
            verdict,
            begun,
            check: Some(check),
            is_closed,
        };
        Ok((check, check_gate))
    }

    /// Waits until the whole file has been found sound. What was wrong with it is for the caller who reopens it.
    pub(crate) async fn wait_until_sound(&self) -> Result<(), LedgerError> {
        let found = Self::end(self.verdict.clone()).await;
        found.map_err(|_| LedgerError::NotSound)
    }

    /// How the check ended, without keeping the ledger open; `Ok` when the ledger was closed before the end.
    pub(crate) fn outcome(&self) -> impl Future<Output = Result<(), LedgerError>> + Send + use<> {
        let (verdict, is_closed) = (self.verdict.clone(), Arc::clone(&self.is_closed));
        async move {
            let found = Self::end(verdict).await;
            if is_closed.load(Ordering::SeqCst) {
                return Ok(());
            }
            Ok(found?)
        }
    }

    async fn end(mut verdict: watch::Receiver<Verdict>) -> Result<(), StoreError> {
        let found = verdict.wait_for(Option::is_some).await;
        let found = found.map_or(None, |verdict| verdict.clone());
        found.unwrap_or_else(|| Err(StoreError::storage("its check came to a bad end")))
    }

    /// For how long the check has been running, zero behind a closed gate; none once it has ended.
    pub(crate) fn running_for(&self) -> Option<Duration> {
        let is_over = self.verdict.borrow().is_some();
        let long = || self.begun.get().map(Instant::elapsed).unwrap_or_default();
        (!is_over).then(long)
    }
}

impl Drop for BackgroundCheck {
    fn drop(&mut self) {
        let Some(CheckThread {
            begin,
            interrupts,
            thread,
        }) = self.check.take()
        else {
            return;
        };
        self.is_closed.store(true, Ordering::SeqCst);
        let _ = begin.send(());
        // An interrupt ends the query that runs, and the next one may just be beginning.
        while !thread.is_finished() {
            interrupts.iter().for_each(InterruptHandle::interrupt);
            thread::sleep(Duration::from_millis(1));
        }
        if thread.join().is_err() {
            tracing::error!("the check of the ledger came to a bad end");
        }
    }
}
