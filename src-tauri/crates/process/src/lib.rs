//! What a program on a PC needs around the desk: starting with it, one window a data folder, a log that neither grows
//! nor tells, and what it draws with. Knows neither Tauri nor money.

mod autostart;
mod capped_log;
mod graphics;
mod instance;

pub use autostart::Autostart;
pub use capped_log::{CappedLog, scrubbed};
pub use graphics::drawing;
pub use instance::{Instance, Listener, look};
