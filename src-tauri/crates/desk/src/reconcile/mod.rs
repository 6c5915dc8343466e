//! Reading Dojo's records: what they say of holds and operations, and what to do when they differ from the ledger.

pub(crate) mod audit;
pub(crate) mod contradiction;
mod create_outcome;
pub(crate) mod echo;
pub(crate) mod external_changes;
mod findings;
pub(crate) mod import;
pub(crate) mod import_open;
mod interrupted;
pub(crate) mod lapse;
mod lost_create;
pub(crate) mod observe;
pub(crate) mod reconciler;
pub(crate) mod resync;
