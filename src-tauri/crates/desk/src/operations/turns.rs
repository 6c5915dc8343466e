//! Who waits for whom: decisions on one hold take turns, and so do takes of one bill.

use crate::context::locks::one_of;
use crate::operations::Executor;
use holdfast_domain::{HoldId, TabId};
use std::sync::Arc;
use tokio::sync::MutexGuard;

impl Executor {
    pub(crate) fn turn(&self, hold: HoldId) -> Arc<tokio::sync::Mutex<()>> {
        one_of(&self.turns, hold)
    }

    /// Held from working out what is due on a tab until it is taken. Two who see the same bill would each
    /// take it otherwise, where the hold has room for both.
    pub(crate) fn taking(&self, tab: TabId) -> Arc<tokio::sync::Mutex<()>> {
        one_of(&self.takings, tab)
    }

    /// Held while a line is written, a tab is closed, or what stands on either is decided: from the last look at the
    /// bill until it is in the ledger. Nothing is asked of Dojo meanwhile.
    pub(crate) async fn billing(&self) -> MutexGuard<'_, ()> {
        self.bills.lock().await
    }
}
