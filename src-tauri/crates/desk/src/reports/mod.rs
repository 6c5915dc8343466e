//! Night reports, the days that they cover, and the files that they are exported to.

pub(crate) mod days;
pub(crate) mod export;
pub(crate) mod make;

use crate::context::Context;
use crate::reconcile::Reconciler;
use std::sync::Arc;

/// Makes night reports and exports from what the ledger has.
pub(crate) struct Reports {
    context: Arc<Context>,
    reconciler: Arc<Reconciler>,
}

impl Reports {
    /// From this ledger.
    pub(crate) const fn new(context: Arc<Context>, reconciler: Arc<Reconciler>) -> Self {
        Self { context, reconciler }
    }
}
