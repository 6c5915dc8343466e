//! The loops: reading what is open, warning staff, redrawing what time alone changes.

pub(crate) mod alerts;
pub(crate) mod clock_tick;
mod feed;
mod forget;
pub(crate) mod poller;
