//! Opening at once: what is open is checked first, so that a floor can be shown; the rest is checked beside it, from
//! when that floor is there to be seen. Until that is done nothing is written, and what was put away can't be
//! listed or searched.

use super::{check, journal, open, readers, rows, seal, worker::Jobs};
use crate::LedgerError;
use holdfast_domain::{HoldId, OperationId, TabId};
use rusqlite::{Connection, InterruptHandle};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock, mpsc};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// Looks at what is open and at what is unsettled, at the settings and at what the house is told; the journal's
/// end. A row that a damaged index hides is not missed here, but by the check of the whole.
pub(super) fn first_look(c: &Connection) -> Result<journal::Head, LedgerError> {
    check::sound(|| {
        check::identity(c)?;
        let mut tabs = rows::open_ids(c, i64::MAX)?;
        tabs.extend(rows::unsettled_ids(c)?);
        look_at(c, tabs)?;
        seal::verify_house(c)?;
        journal::verify_house(c)
    })
}

/// Looks at these tabs, with what is read of them: bills, holds, operations, renewals and their journal.
pub(super) fn look_at(c: &Connection, tabs: impl IntoIterator<Item = TabId>) -> Result<(), LedgerError> {
    let listed = rows::listed(tabs)?;
    seal::verify_tabs(c, &listed)?;
    journal::verify_tabs(c, &listed)
}

/// What is asked for by its id before all has been checked, and is looked at when it is read.
#[derive(Debug, Clone)]
pub(super) enum Asked {
    Tabs(Vec<TabId>),
    Hold(HoldId),
    Operation(OperationId),
}

impl Asked {
    /// Looks at the tabs that it is on.
    pub(super) fn look(&self, c: &Connection) -> Result<(), LedgerError> {
        let of_hold = "SELECT tab FROM hold WHERE id = ?1";
        let of_operation = "SELECT tab FROM hold WHERE id = (SELECT hold FROM operation WHERE id = ?1)";
        let tabs: Vec<TabId> = match self {
            Self::Tabs(tabs) => tabs.clone(),
            Self::Hold(id) => rows::ids(c, of_hold, [id.to_string()])?,
            Self::Operation(id) => rows::ids(c, of_operation, [id.to_string()])?,
        };
        look_at(c, tabs)
    }
}

/// What the check of the whole came to; none while it is not over.
type Verdict = Option<Result<(), LedgerError>>;

/// Delays the background check until this is dropped: the check uses all cores, and the first paint of the
/// floor needs them more.
#[derive(Debug)]
#[must_use = "the check begins when this is dropped"]
pub struct HeldBack(mpsc::Sender<()>);

impl Drop for HeldBack {
    fn drop(&mut self) {
        // Nobody hears it when the ledger was closed before.
        let _ = self.0.send(());
    }
}

/// The check of the whole, for as long as the ledger is open.
#[derive(Debug)]
pub(super) struct Rest {
    verdict: watch::Receiver<Verdict>,
    begun: Arc<OnceLock<Instant>>,
    check: Option<Check>,
    /// Nobody wants to know any more.
    is_closed: Arc<AtomicBool>,
}

/// The thread that checks.
struct Check {
    /// Lets it begin, that it may end.
    begin: mpsc::Sender<()>,
    interrupts: Vec<InterruptHandle>,
    thread: JoinHandle<()>,
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.thread.fmt(f)
    }
}

impl Rest {
    /// Of a ledger that was checked whole before it was opened.
    pub(super) fn done() -> Self {
        Self {
            verdict: watch::channel(Some(Ok(()))).1,
            begun: Arc::default(),
            check: None,
            is_closed: Arc::default(),
        }
    }

    /// Checks the file at `path` when it is held back no more. When all of it is sound, the thread that owns the
    /// connection makes it ready for work; a file that is not sound is left as it is.
    pub(super) fn held_back(path: &Path, jobs: Jobs) -> Result<(Self, HeldBack), LedgerError> {
        let connection = check::read_only(path)?;
        // Money waits for this one, so it takes what processors there are.
        let mut beside = readers::beside(path)?;
        let all = beside.iter().chain([&connection]);
        let interrupts = all.map(Connection::get_interrupt_handle).collect();
        let (say, verdict) = watch::channel(None);
        let folder = path.parent().map(PathBuf::from).unwrap_or_default();
        let is_closed = Arc::<AtomicBool>::default();
        let was_closed = Arc::clone(&is_closed);
        let (begin, may_begin) = mpsc::channel();
        let held_back = HeldBack(begin.clone());
        let begun = Arc::<OnceLock<Instant>>::default();
        let begins = Arc::clone(&begun);
        let check = move || {
            // No word and nobody left to give one come to the same.
            let _ = may_begin.recv();
            begins.get_or_init(Instant::now);
            let found = check::soundness(&connection, &mut beside);
            // Closed before anybody hears of it, and may want to move the file.
            drop((connection, beside));
            let found = found.and_then(|_| jobs.make_ready(&folder));
            drop(jobs);
            // One that was closed meanwhile was not checked to the end, and nothing is amiss with it.
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
        let check = Check {
            begin,
            interrupts,
            thread,
        };
        let rest = Self {
            verdict,
            begun,
            check: Some(check),
            is_closed,
        };
        Ok((rest, held_back))
    }

    /// Waits until all of it has been found sound. What was wrong is for whoever opens the ledger anew.
    pub(super) async fn whole(&self) -> Result<(), LedgerError> {
        let found = Self::over(self.verdict.clone()).await;
        found.map_err(|_| LedgerError::NotSound)
    }

    /// The same, for somebody who does not hold the ledger; it is well when it was closed before it was over.
    pub(super) fn waiting(&self) -> impl Future<Output = Result<(), LedgerError>> + Send + use<> {
        let (verdict, is_closed) = (self.verdict.clone(), Arc::clone(&self.is_closed));
        async move {
            let found = Self::over(verdict).await;
            if is_closed.load(Ordering::SeqCst) {
                return Ok(());
            }
            found
        }
    }

    async fn over(mut verdict: watch::Receiver<Verdict>) -> Result<(), LedgerError> {
        let found = verdict.wait_for(Option::is_some).await;
        let found = found.map_or(None, |verdict| verdict.clone());
        found.unwrap_or_else(|| Err(LedgerError::Storage("its check came to a bad end".to_owned())))
    }

    /// For how long it has been going on, held back for none; none once it is over.
    pub(super) fn going_on(&self) -> Option<Duration> {
        let is_over = self.verdict.borrow().is_some();
        let long = || self.begun.get().map(Instant::elapsed).unwrap_or_default();
        (!is_over).then(long)
    }
}

impl Drop for Rest {
    fn drop(&mut self) {
        let Some(Check {
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
