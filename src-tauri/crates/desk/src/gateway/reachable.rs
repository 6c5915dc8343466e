//! Whether Dojo can be reached, by its last answer.

use crate::gateway::Gateway;
use chrono::{DateTime, Utc};
use holdfast_dojo::{Obstacle, Unsent};
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use tokio::sync::watch;

impl Gateway {
    /// Whether Dojo answered the last time it was asked.
    pub(crate) fn online(&self) -> watch::Receiver<bool> {
        self.online.subscribe()
    }

    /// Takes note of an answer's clock, that Dojo can be reached, and that it took the key.
    pub(crate) fn heard(&self, server: Option<DateTime<Utc>>) {
        self.key_is_refused(false);
        self.heard_by(server, true, None);
    }

    /// The same of a refusal with this status: Dojo answers, and may not take the key.
    pub(crate) fn heard_refusal(&self, status: u16, server: Option<DateTime<Utc>>) {
        self.key_is_refused(is_of_the_key(status));
        self.heard_by(server, true, None);
    }

    fn key_is_refused(&self, is: bool) {
        if self.is_key_refused.swap(is, Ordering::Relaxed) != is {
            self.context.changed();
        }
    }

    /// Whether Dojo refused the key when it answered last. An answer that proves nothing says nothing of the key.
    pub(crate) fn refuses_key(&self) -> bool {
        self.is_key_refused.load(Ordering::Relaxed)
    }

    /// Takes note of an answer's clock and whether Dojo can be reached, with what stood in the way.
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

    /// Takes note that a request didn't leave this computer. One that was refused here says nothing of Dojo.
    pub(crate) fn heard_unsent(&self, why: Unsent, obstacle: Option<Obstacle>) {
        match why {
            Unsent::TooLate | Unsent::Unsendable => {}
            Unsent::Refused | Unsent::NotInTime | Unsent::Unreachable | Unsent::Barred(_) => {
                self.heard_by(None, false, obstacle);
            }
        }
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

/// Whether a refusal with this status is about the key, and not about what was asked.
pub(crate) const fn is_of_the_key(status: u16) -> bool {
    matches!(status, 401 | 403)
}
