//! Closing the night: the run that is kept in the ledger, row by row, and what carries it out.

mod after;
mod at_night;
pub(crate) mod begin;
mod carry_out;
pub(crate) mod choice;
pub(crate) mod flag;
pub(crate) mod propose;
pub(crate) mod run;
mod stored;

use crate::context::Context;
use crate::context::reasons::NotPossible;
use crate::operations::Executor;
use crate::{AppError, ErrorCode};
use holdfast_ledger::Duty;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::{Mutex, MutexGuard};

/// Keeps the run of a night and carries it out.
pub(crate) struct NightRunner {
    context: Arc<Context>,
    executor: Arc<Executor>,
    /// The night is begun by one at a time.
    closing: Mutex<()>,
    /// Closing the night is under way in this process.
    is_running: AtomicBool,
    /// Somebody pressed stop.
    is_stopping: AtomicBool,
}

impl NightRunner {
    /// With no run under way.
    pub(crate) fn new(context: Arc<Context>, executor: Arc<Executor>) -> Self {
        Self {
            context,
            executor,
            closing: Mutex::default(),
            is_running: AtomicBool::new(false),
            is_stopping: AtomicBool::new(false),
        }
    }

    /// Held by the caller that begins a night, until its run is under way.
    pub(crate) async fn closing(&self) -> MutexGuard<'_, ()> {
        self.closing.lock().await
    }

    /// Refuses what another till is closing.
    pub(crate) async fn refuse_if_elsewhere(&self) -> Result<(), AppError> {
        if self.context.has(Duty::Night).await {
            return Ok(());
        }
        Err(AppError::new(ErrorCode::NotAllowed, NotPossible::NightElsewhere))
    }

    /// Whether a run is under way in this process.
    pub(crate) fn is_running(&self) -> bool {
        self.is_running.load(Ordering::SeqCst)
    }

    /// Marks a run as under way; no when one was already.
    pub(crate) fn start(&self) -> bool {
        let is_first = !self.is_running.swap(true, Ordering::SeqCst);
        if is_first {
            self.is_stopping.store(false, Ordering::SeqCst);
        }
        is_first
    }

    /// Marks the run as ended, in whatever way.
    pub(crate) fn finish(&self) {
        self.is_running.store(false, Ordering::SeqCst);
        self.context.changed();
    }

    /// What has not begun is left.
    pub(crate) fn stop(&self) {
        self.is_stopping.store(true, Ordering::SeqCst);
    }
}
