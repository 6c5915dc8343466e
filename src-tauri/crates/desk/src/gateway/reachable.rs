//! Whether Dojo can be reached, by its last answer.

use crate::gateway::Gateway;
use chrono::{DateTime, Utc};
use std::sync::atomic::Ordering;
use tokio::sync::watch;

impl Gateway {
    /// Whether Dojo answered the last time it was asked.
    pub(crate) fn online(&self) -> watch::Receiver<bool> {
        self.online.subscribe()
    }

    /// Takes note of an answer's clock and that Dojo can be reached.
    pub(crate) fn heard(&self, server: Option<DateTime<Utc>>, reached: bool) {
        self.context.heard_time(server);
        self.online
            .send_if_modified(|online| std::mem::replace(online, reached) != reached);
    }

    /// Whether Dojo could be reached when it was asked last.
    pub(crate) fn is_online(&self) -> bool {
        *self.online.borrow()
    }

    /// Whether Dojo has pushed back since that was forgotten.
    pub(crate) fn was_pushed_back(&self) -> bool {
        self.pushed_back.load(Ordering::Relaxed)
    }

    pub(crate) fn forget_push_back(&self) {
        self.pushed_back.store(false, Ordering::Relaxed);
    }
}
