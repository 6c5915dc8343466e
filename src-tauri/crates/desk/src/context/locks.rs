//! Who may decide when: one at a time for a hold, a tab, a press; and which requests are on their way.

use crate::Desk;
use holdfast_domain::{HoldId, OperationId, TabId};
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// Locks that are there while somebody uses them.
pub(crate) type Locks<K> = Mutex<HashMap<K, Arc<tokio::sync::Mutex<()>>>>;

/// The one lock of a hold, or of a tab.
pub(crate) fn one_of<K: Eq + Hash>(locks: &Locks<K>, key: K) -> Arc<tokio::sync::Mutex<()>> {
    let mut locks = locks.lock().unwrap_or_else(PoisonError::into_inner);
    // Nobody waits at most of them any more.
    locks.retain(|_, lock| Arc::strong_count(lock) > 1);
    locks.entry(key).or_default().clone()
}

/// A request on its way.
pub(crate) struct Flight<'a> {
    desk: &'a Desk,
    operation: OperationId,
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        if let Ok(mut flying) = self.desk.in_flight.lock() {
            flying.remove(&self.operation);
        }
    }
}

impl Desk {
    pub(crate) fn turn(&self, hold: HoldId) -> Arc<tokio::sync::Mutex<()>> {
        one_of(&self.turns, hold)
    }

    /// Held from working out what is due on a tab until it is taken. Two who see the same bill would each
    /// take it otherwise, where the hold has room for both.
    pub(crate) fn taking(&self, tab: TabId) -> Arc<tokio::sync::Mutex<()>> {
        one_of(&self.takings, tab)
    }

    /// Marks an operation's request as on its way, for as long as the answer lives.
    pub(crate) fn fly(&self, operation: OperationId) -> Flight<'_> {
        if let Ok(mut flying) = self.in_flight.lock() {
            flying.insert(operation);
        }
        Flight {
            desk: self,
            operation,
        }
    }

    pub(crate) fn is_in_flight(&self, operation: OperationId) -> bool {
        self.in_flight
            .lock()
            .is_ok_and(|flying| flying.contains(&operation))
    }
}
