//! Who may decide when: one at a time for a hold, a tab, a press; and which requests are on their way.

use holdfast_domain::OperationId;
use std::collections::{HashMap, HashSet};
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

/// Operations whose request is on its way in this process. The sender marks it; a reader of Dojo's record
/// leaves its outcome alone meanwhile.
#[derive(Debug, Default)]
pub(crate) struct InFlight(Mutex<HashSet<OperationId>>);

/// A request on its way.
pub(crate) struct Flight<'a> {
    all: &'a InFlight,
    operation: OperationId,
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        if let Ok(mut flying) = self.all.0.lock() {
            flying.remove(&self.operation);
        }
    }
}

impl InFlight {
    /// Marks an operation's request as on its way, for as long as the answer lives.
    pub(crate) fn fly(&self, operation: OperationId) -> Flight<'_> {
        if let Ok(mut flying) = self.0.lock() {
            flying.insert(operation);
        }
        Flight { all: self, operation }
    }

    /// Whether this operation's request is on its way.
    pub(crate) fn has(&self, operation: OperationId) -> bool {
        self.0.lock().is_ok_and(|flying| flying.contains(&operation))
    }

    /// Whether any request is on its way; yes where nobody can tell.
    pub(crate) fn is_any(&self) -> bool {
        self.0.lock().map_or(true, |flying| !flying.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_that_nobody_waits_at_is_forgotten() {
        let locks = Locks::default();
        let held = one_of(&locks, 1);
        drop(one_of(&locks, 2));
        let again = one_of(&locks, 1);
        assert!(Arc::ptr_eq(&held, &again), "one hold has one lock");
        let all = locks.lock().unwrap_or_else(PoisonError::into_inner);
        assert_eq!(all.keys().collect::<Vec<_>>(), [&1]);
    }
}
