//! What every folder stands on: errors, the clock, the mode.

pub(crate) mod clock;
pub(crate) mod error;
pub(crate) mod mode;
