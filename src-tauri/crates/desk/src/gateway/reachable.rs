//! Whether Dojo can be reached, by its last answer.

use crate::Desk;
use chrono::{DateTime, Utc};
use tokio::sync::watch;

impl Desk {
    /// Whether Dojo answered the last time it was asked.
    pub fn online(&self) -> watch::Receiver<bool> {
        self.online.subscribe()
    }

    /// Takes note of an answer's clock and that Dojo can be reached.
    pub(crate) fn heard(&self, server: Option<DateTime<Utc>>, reached: bool) {
        self.context.heard_time(server);
        self.online
            .send_if_modified(|online| std::mem::replace(online, reached) != reached);
    }
}
