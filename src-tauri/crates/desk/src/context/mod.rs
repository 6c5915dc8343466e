//! What every folder stands on: errors, the clock, the mode.

mod changes;
pub(crate) mod clock;
pub(crate) mod error;
pub(crate) mod frame;
mod journal;
pub(crate) mod locks;
pub(crate) mod mode;
