//! The loops: reading what is open, warning staff, redrawing what time alone changes.

pub(crate) mod alerts;
pub(crate) mod away;
pub(crate) mod clock_tick;
mod clocks;
mod feed;
mod forget;
pub(crate) mod poller;
