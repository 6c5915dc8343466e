//! The word that something has changed.

use crate::context::Context;
use tokio::sync::watch;

impl Context {
    /// Counts up whenever something that the window may show has changed.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    pub(crate) fn changed(&self) {
        self.changes.send_modify(|count| *count = count.wrapping_add(1));
    }
}
