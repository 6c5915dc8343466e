//! What a program on a PC needs around the desk: one window a data folder, and a log that neither grows
//! nor tells. Knows neither Tauri nor money.

mod capped_log;
mod instance;

pub use capped_log::{CappedLog, scrubbed};
pub use instance::{Instance, Listener, look};
