//! Opening at once: what is open is checked first, so that a floor can be shown; the rest is checked beside it.
//! Until that is done nothing is written, and what was put away is not shown.

use super::{check, journal, open, rows, seal, worker::Jobs};
use crate::LedgerError;
use holdfast_domain::{HoldId, OperationId, TabId};
use rusqlite::{Connection, InterruptHandle};
use std::collections::HashSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// What the first look has found sound.
#[derive(Debug)]
pub(super) struct FirstLook {
    pub(super) head: journal::Head,
    pub(super) tabs: HashSet<TabId>,
    pub(super) holds: HashSet<HoldId>,
    pub(super) operations: HashSet<OperationId>,
}

/// Looks at what is open and at what is unsettled, at the settings and at what the house is told. A row that a
/// damaged index hides is not missed here, but by the check of the whole.
pub(super) fn first_look(c: &Connection) -> Result<FirstLook, LedgerError> {
    check::sound(|| {
        let format = check::identity(c)?;
        let mut tabs: HashSet<TabId> = rows::open_ids(c, i64::MAX)?.into_iter().collect();
        tabs.extend(rows::unsettled_ids(c)?);
        let listed = rows::listed(&tabs)?;
        seal::verify_open(c, format, &listed)?;
        let on_tabs = "tab IN (SELECT value FROM json_each(?1))";
        let holds = rows::ids(c, &format!("SELECT id FROM hold WHERE {on_tabs}"), [&listed])?;
        let of_holds =
            format!("SELECT id FROM operation WHERE hold IN (SELECT id FROM hold WHERE {on_tabs})");
        Ok(FirstLook {
            head: journal::verify_open(c, &listed)?,
            tabs,
            holds: holds.into_iter().collect(),
            operations: rows::ids(c, &of_holds, [&listed])?.into_iter().collect(),
        })
    })
}

/// What the check of the whole came to; none while it is not over.
type Verdict = Option<Result<(), LedgerError>>;

/// The check of the whole, and what may be shown before it is over.
#[derive(Debug)]
pub(super) struct Rest {
    verdict: watch::Receiver<Verdict>,
    first: Option<(FirstLook, Instant)>,
    check: Option<Check>,
    /// Nobody wants to know any more.
    is_closed: Arc<AtomicBool>,
}

/// The thread that checks.
struct Check {
    interrupt: InterruptHandle,
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
            first: None,
            check: None,
            is_closed: Arc::default(),
        }
    }

    /// Begins to check the file at `path`. When all of it is sound, the thread that owns the connection makes
    /// it ready for work; a file that is not sound is left as it is.
    pub(super) fn begin(path: &Path, first: FirstLook, jobs: Jobs) -> Result<Self, LedgerError> {
        let connection = check::read_only(path)?;
        let interrupt = connection.get_interrupt_handle();
        let (say, verdict) = watch::channel(None);
        let folder = path.parent().map(PathBuf::from).unwrap_or_default();
        let check = move || {
            let found = check::soundness(&connection);
            // Closed before anybody hears of it, and may want to move the file.
            drop(connection);
            let found = found.and_then(|_| jobs.make_ready(&folder));
            drop(jobs);
            if let Err(error) = &found {
                tracing::warn!(%error, "the ledger was opened, and its check did not end well");
            }
            say.send_replace(Some(found));
        };
        let thread = thread::Builder::new()
            .name("ledger check".to_owned())
            .spawn(check);
        let thread = thread.map_err(|error| open::storage(path, &error))?;
        Ok(Self {
            verdict,
            first: Some((first, Instant::now())),
            check: Some(Check { interrupt, thread }),
            is_closed: Arc::default(),
        })
    }

    /// Waits until all of it has been found sound.
    pub(super) async fn whole(&self) -> Result<(), LedgerError> {
        Self::over(self.verdict.clone()).await
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

    /// Waits as well, unless the first look has seen what is asked for.
    pub(super) async fn whole_unless(
        &self,
        is_seen: impl FnOnce(&FirstLook) -> bool,
    ) -> Result<(), LedgerError> {
        let verdict = self.verdict.borrow().clone();
        match (verdict, &self.first) {
            (None, Some((first, _))) if is_seen(first) => Ok(()),
            _ => self.whole().await,
        }
    }

    /// For how long it has been going on; none once it is over.
    pub(super) fn going_on(&self) -> Option<Duration> {
        let is_over = self.verdict.borrow().is_some();
        let begun = self.first.as_ref().filter(|_| !is_over).map(|(_, begun)| *begun);
        begun.map(|begun| begun.elapsed())
    }
}

impl Drop for Rest {
    fn drop(&mut self) {
        let Some(Check { interrupt, thread }) = self.check.take() else {
            return;
        };
        self.is_closed.store(true, Ordering::SeqCst);
        // An interrupt ends the query that runs, and the next one may just be beginning.
        while !thread.is_finished() {
            interrupt.interrupt();
            thread::sleep(Duration::from_millis(1));
        }
        if thread.join().is_err() {
            tracing::error!("the check of the ledger came to a bad end");
        }
    }
}
