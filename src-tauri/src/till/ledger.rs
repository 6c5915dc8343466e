//! Which ledger a mode works on: the one that the till joined, or its own file.

use super::Till;
use super::shared::OpenShared;
use holdfast_desk::{AppError, Clock, Mode, SystemClock};
use holdfast_ledger::{Ledger, LedgerError};
use holdfast_ledger_sqlite::{CheckGate, LedgerHome, Opening};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// A mode's ledger, opened, and what goes with it.
pub(super) struct OpenedLedger {
    pub(super) ledger: Arc<dyn Ledger>,
    pub(super) check_gate: Option<CheckGate>,
    /// Done once the file was looked at whole; at once where there is no file.
    pub(super) checked: Pin<Box<dyn Future<Output = Result<(), LedgerError>> + Send>>,
    /// Of a shared ledger.
    pub(super) shared: Option<OpenShared>,
}

impl Till {
    /// The ledger that the mode works on: the one that this till joined, or its own file.
    pub(super) async fn open_ledger(&self, mode: Mode) -> Result<OpenedLedger, AppError> {
        if let Some(shared) = self.open_shared(mode).await? {
            return Ok(OpenedLedger {
                ledger: shared.ledger.clone(),
                shared: Some(shared),
                check_gate: None,
                checked: Box::pin(async { Ok(()) }),
            });
        }
        let opening = if self.looks_whole.load(Ordering::Relaxed) {
            Opening::Whole
        } else {
            Opening::Staged
        };
        // Staff hear of a restore on the floor: the ledger itself keeps what was restored.
        let home = LedgerHome::at(mode.folder(&self.root));
        let opened = home.open(opening, SystemClock.now()).await?;
        let ledger = Arc::new(opened.ledger);
        Ok(OpenedLedger {
            check_gate: opened.check_gate,
            checked: Box::pin(ledger.checked()),
            ledger,
            shared: None,
        })
    }
}
