//! The word that something has changed.

use crate::Desk;
use tokio::sync::watch;

impl Desk {
    /// Counts up whenever something that the window may show has changed.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    pub(crate) fn changed(&self) {
        self.changes.send_modify(|count| *count = count.wrapping_add(1));
    }
}
