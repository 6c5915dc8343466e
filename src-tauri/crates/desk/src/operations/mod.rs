//! One operation on one hold, from the decision to its outcome; opening tabs; the bill and the details of a tab.

mod accept_reading;
pub(crate) mod bill;
pub(crate) mod consent;
pub(crate) mod edit_details;
pub(crate) mod execute;
pub(crate) mod forget;
pub(crate) mod move_bill;
pub(crate) mod open;
pub(crate) mod open_form;
mod put_aside;
pub(crate) mod refund;
pub(crate) mod request;
mod turns;
pub(crate) mod typed;

use crate::context::Context;
use crate::context::locks::Locks;
use crate::gateway::Gateway;
use crate::reconcile::Reconciler;
use holdfast_domain::{HoldId, OperationId, TabId};
use std::sync::Arc;

/// How often a decision is made again because its hold was written meanwhile.
pub(crate) const MOST_TRIES_TO_DECIDE: u8 = 4;

/// Carries decisions out, one operation on one hold at a time. It has the reconciler read and settle; the
/// reconciler knows nothing of it.
pub(crate) struct Executor {
    context: Arc<Context>,
    gateway: Arc<Gateway>,
    reconciler: Arc<Reconciler>,
    /// One decision at a time gets from its reading to its row in the ledger, hold by hold.
    turns: Locks<HoldId>,
    /// One press at a time of those that open something, by its decision.
    openings: Locks<OperationId>,
    /// One taking of a bill at a time, from working out what is due until it is taken, tab by tab.
    takings: Locks<TabId>,
    /// One at a time changes a bill or closes a tab: [`Executor::billing`].
    bills: tokio::sync::Mutex<()>,
}

impl Executor {
    /// With nothing under way.
    pub(crate) fn new(context: Arc<Context>, gateway: Arc<Gateway>, reconciler: Arc<Reconciler>) -> Self {
        Self {
            context,
            gateway,
            reconciler,
            turns: Locks::default(),
            openings: Locks::default(),
            takings: Locks::default(),
            bills: tokio::sync::Mutex::default(),
        }
    }
}
