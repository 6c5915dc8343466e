//! Which till this is, where several share a ledger: whose request an operation is, and who has a duty.

use crate::context::Context;
use holdfast_dojo::Until;
use holdfast_domain::{Operation, Sender, Session};
use holdfast_ledger::{Duty, Lease, LedgerError, Permit};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Whose request an operation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose {
    /// This till's, as it runs now or ran before: it alone knows whether the request is on its way.
    Ours,
    /// Another till's, which may be about to send it.
    Another,
}

/// How often a duty's lease is asked for again, as a share of it: an answer or two may be lost meanwhile.
const ASKED_AGAIN_AFTER: u32 = 4;

/// A lease that was given.
#[derive(Debug, Clone, Copy)]
struct LeaseHeld {
    /// By the steady count, before the ledger was asked.
    since: Duration,
    /// None while no other till has the ledger.
    lasts: Option<Duration>,
}

impl LeaseHeld {
    fn has_to_be_asked_again(self, now: Duration) -> bool {
        self.lasts
            .is_some_and(|lasts| now.saturating_sub(self.since) >= lasts / ASKED_AGAIN_AFTER)
    }

    fn is_over(self, now: Duration) -> bool {
        self.lasts
            .is_some_and(|lasts| now.saturating_sub(self.since) >= lasts)
    }
}

/// The duties that this till has.
#[derive(Debug, Default)]
pub(crate) struct Duties(Mutex<HashMap<Duty, LeaseHeld>>);

/// Until when an operation's request may begin to leave.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ticket {
    permit: Permit,
    /// By [`crate::Clock::since_boot`], before the ledger was asked.
    since: Duration,
}

impl Ticket {
    pub(crate) const fn new(permit: Permit, since: Duration) -> Self {
        Self { permit, since }
    }
}

impl Context {
    /// Until when a request may begin to leave, as the wire asks it; none where that may take as long as it likes.
    pub(crate) fn until(&self, ticket: Ticket) -> Option<Until> {
        let Permit::For(span) = ticket.permit else {
            return None;
        };
        let clock = self.clock.clone();
        let end = ticket.since.saturating_add(span);
        Some(Until::new(Arc::new(move || clock.since_boot()), end))
    }

    /// What an operation that is decided now is signed with.
    pub(crate) fn sender(&self) -> Option<Sender> {
        self.session.map(|session| Sender {
            session,
            attempt: self.clock.uuid(),
        })
    }

    /// Whose request an operation is. Where one till has the ledger, each is its own.
    pub(crate) fn whose(&self, operation: &Operation) -> Whose {
        let till = |session: Session| session.till;
        match (
            self.session.map(till),
            operation.sender.map(|sender| till(sender.session)),
        ) {
            (Some(ours), Some(theirs)) if ours != theirs => Whose::Another,
            _ => Whose::Ours,
        }
    }

    /// Whether this till has a duty, which it takes if nobody else has it. Where nobody can say, it hasn't: no money
    /// rests on it, and another till may have it. Alone on the ledger it has every duty.
    pub(crate) async fn has(&self, duty: Duty) -> bool {
        if self.session.is_none() {
            return true;
        }
        let now = self.clock.steady();
        let held = self.duties.known(duty);
        if let Some(held) = held.filter(|held| !held.has_to_be_asked_again(now)) {
            return !held.is_over(now);
        }
        let lease = self.ledger.lease(duty).await;
        if matches!(lease, Err(LedgerError::Fenced)) {
            self.heard_of_ledger(&lease);
        }
        let held = match lease {
            Ok(Lease::Elsewhere) => None,
            Ok(Lease::Endless) => Some(LeaseHeld {
                since: now,
                lasts: None,
            }),
            Ok(Lease::For(lasts)) => Some(LeaseHeld {
                since: now,
                lasts: Some(lasts),
            }),
            Err(error) => {
                tracing::warn!(?duty, %error, "nobody can say who has a duty");
                held
            }
        };
        self.duties.keep(duty, held);
        held.is_some_and(|held| !held.is_over(now))
    }
}

impl Duties {
    fn known(&self, duty: Duty) -> Option<LeaseHeld> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&duty).copied()
    }

    fn keep(&self, duty: Duty, held: Option<LeaseHeld>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match held {
            Some(held) => all.insert(duty, held),
            None => all.remove(&duty),
        };
    }
}
