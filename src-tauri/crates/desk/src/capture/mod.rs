//! Taking: how what is due is split over the holds, and one operation on each.

mod ask_rest;
mod confirm;
mod figures;
pub(crate) mod split;
mod take;

pub use confirm::Agreed;
pub(crate) use confirm::ToConfirm;
pub(crate) use figures::{Rest, TakeFigures, dropping, rests};
pub use split::TakeTyped;
pub(crate) use split::{HoldShare, TakeSums, split, sums};
pub use take::{Take, Taken, UnsentPart};

use crate::context::Context;
use crate::operations::Executor;
use crate::reconcile::Reconciler;
use std::sync::Arc;

/// Takes what is due on a bill: a plan over all holds, then the executor's decisions one after another.
pub(crate) struct Taker {
    context: Arc<Context>,
    reconciler: Arc<Reconciler>,
    executor: Arc<Executor>,
    /// One at a time goes on with what takes left to be asked for.
    asking: tokio::sync::Mutex<()>,
}

impl Taker {
    /// With nothing under way.
    pub(crate) fn new(context: Arc<Context>, reconciler: Arc<Reconciler>, executor: Arc<Executor>) -> Self {
        Self {
            context,
            reconciler,
            executor,
            asking: tokio::sync::Mutex::default(),
        }
    }
}
