//! The check of the whole file while the ledger is open and worked with.

use crate::error::StoreError;
use crate::integrity::{check, parallel_check};
use holdfast_ledger::LedgerError;
use rusqlite::{Connection, InterruptHandle};
use std::fmt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock, mpsc};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// The outcome of the check; none while it runs.
type Verdict = Option<Result<(), StoreError>>;

/// What the check has come to, for each job of the ledger to ask.
#[derive(Debug, Clone)]
pub(crate) struct CheckState(watch::Sender<Verdict>);

impl CheckState {
    fn new(verdict: Verdict) -> Self {
        Self(watch::Sender::new(verdict))
    }

    /// Refuses once harm was found; also where the check could not be made.
    pub(crate) fn refuse_if_harmed(&self) -> Result<(), StoreError> {
        match &*self.0.borrow() {
            None | Some(Ok(())) => Ok(()),
            Some(Err(_)) => Err(LedgerError::NotSound.into()),
        }
    }

    /// Verifies rows by `look`, unless the whole file was found sound. Harm ends the check: all work stops at once.
    pub(crate) fn verify(&self, look: impl FnOnce() -> Result<(), StoreError>) -> Result<(), StoreError> {
        if self.0.borrow().is_some() {
            return self.refuse_if_harmed();
        }
        match check::sound(look) {
            Err(harm @ StoreError(LedgerError::Damaged(_))) => {
                tracing::warn!(%harm, "a row that was asked for is damaged");
                self.end(Err(harm));
                Err(LedgerError::NotSound.into())
            }
            done => done,
        }
    }

    /// The first outcome counts: a file in which harm was found is not sound because the check found none.
    fn end(&self, outcome: Result<(), StoreError>) {
        self.0.send_if_modified(|verdict| {
            let is_first = verdict.is_none();
            if is_first {
                *verdict = Some(outcome);
            }
            is_first
        });
    }
}

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
    state: CheckState,
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
            state: CheckState::new(Some(Ok(()))),
            begun: Arc::default(),
            check: None,
            is_closed: Arc::default(),
        }
    }

    /// Checks the file at `path` as soon as the gate is dropped, by connections of its own while it is written. When
    /// all of it is sound, `tell_sound` lets what was written meanwhile be moved from the log into the file.
    pub(crate) fn gated(
        path: &Path,
        tell_sound: impl FnOnce() -> Result<(), StoreError> + Send + 'static,
    ) -> Result<(Self, CheckGate), StoreError> {
        let connection = check::read_only(path)?;
        // Harm should be found soon, so it takes what processors there are.
        let mut readers = parallel_check::more_readers(path)?;
        let all = readers.iter().chain([&connection]);
        let interrupts = all.map(Connection::get_interrupt_handle).collect();
        let state = CheckState::new(None);
        let says = state.clone();
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
            let found = found.and_then(|_| tell_sound());
            // One that was closed meanwhile was not checked to the end, which says nothing against it.
            if let Some(error) = found
                .as_ref()
                .err()
                .filter(|_| !was_closed.load(Ordering::SeqCst))
            {
                tracing::warn!(%error, "the ledger was opened, and its check did not end well");
            }
            says.end(found);
        };
        let thread = thread::Builder::new()
            .name("ledger check".to_owned())
            .spawn(check);
        let thread = thread.map_err(|error| StoreError::of_file(path, &error))?;
        let check = CheckThread {
            begin,
            interrupts,
            thread,
        };
        let check = Self {
            state,
            begun,
            check: Some(check),
            is_closed,
        };
        Ok((check, check_gate))
    }

    /// What it has come to.
    pub(crate) const fn state(&self) -> &CheckState {
        &self.state
    }

    /// Waits until the whole file has been found sound. What was wrong with it is for the caller who reopens it.
    pub(crate) async fn wait_until_sound(&self) -> Result<(), LedgerError> {
        let found = Self::end(self.state.0.subscribe()).await;
        found.map_err(|_| LedgerError::NotSound)
    }

    /// How the check ended, without keeping the ledger open; `Ok` when the ledger was closed before the end.
    pub(crate) fn outcome(&self) -> impl Future<Output = Result<(), LedgerError>> + Send + use<> {
        let (verdict, is_closed) = (self.state.0.subscribe(), Arc::clone(&self.is_closed));
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
        let is_over = self.state.0.borrow().is_some();
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
