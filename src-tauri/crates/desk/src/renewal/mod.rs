//! Renewing a hold: a second hold, and the release of the first once the second is there.

pub(crate) mod renew;

use crate::context::Context;
use crate::operations::Executor;
use crate::reconcile::Reconciler;
use std::sync::Arc;

/// Carries renewals to their end, by the executor's decisions.
pub(crate) struct Renewer {
    context: Arc<Context>,
    reconciler: Arc<Reconciler>,
    executor: Arc<Executor>,
    /// One at a time goes on with a renewal, or gives one up.
    renewing: tokio::sync::Mutex<()>,
}

impl Renewer {
    /// With nothing under way.
    pub(crate) fn new(context: Arc<Context>, reconciler: Arc<Reconciler>, executor: Arc<Executor>) -> Self {
        Self {
            context,
            reconciler,
            executor,
            renewing: tokio::sync::Mutex::default(),
        }
    }
}
