//! Whether Dojo can be reached, by its last answer.

use crate::gateway::Gateway;
use chrono::{DateTime, Utc};
use holdfast_dojo::Obstacle;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use tokio::sync::watch;

impl Gateway {
    /// Whether Dojo answered the last time it was asked.
    pub(crate) fn online(&self) -> watch::Receiver<bool> {
        self.online.subscribe()
    }

    /// Takes note of an answer's clock and that Dojo can be reached.
    pub(crate) fn heard(&self, server: Option<DateTime<Utc>>, reached: bool) {
        self.heard_by(server, reached, None);
    }

    /// The same, with what stood in the way.
    pub(crate) fn heard_by(&self, server: Option<DateTime<Utc>>, reached: bool, obstacle: Option<Obstacle>) {
        self.context.heard_time(server);
        let before = std::mem::replace(
            &mut *self.obstacle.lock().unwrap_or_else(PoisonError::into_inner),
            obstacle,
        );
        if before != obstacle {
            self.context.changed();
        }
        self.online
            .send_if_modified(|online| std::mem::replace(online, reached) != reached);
    }

    /// What stood in the way when Dojo was asked last, where that is known.
    pub(crate) fn obstacle(&self) -> Option<Obstacle> {
        *self.obstacle.lock().unwrap_or_else(PoisonError::into_inner)
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
