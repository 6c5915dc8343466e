//! What a supporter is sent, line by line; and the connection test.

use std::fmt::Display;

pub(crate) const CONNECTED: &str = "Dojo answers and accepts the key.";

pub(crate) const PROGRAM: &str = "Program";
pub(crate) const INTERFACE: &str = "Dojo’s interface";
pub(crate) const WRITTEN: &str = "Written";
pub(crate) const CLOCK: &str = "Clock";
pub(crate) const CLOCK_AGREES: &str = "agrees";
pub(crate) const REACHED: &str = "Dojo can be reached";
pub(crate) const FORMAT: &str = "Ledger’s format";
pub(crate) const BACKUPS: &str = "Backups";
pub(crate) const NEWEST_BACKUP: &str = "Newest backup";
pub(crate) const NO_BACKUP: &str = "none";
pub(crate) const SETTINGS: &str = "Settings";

/// The settings that decide about money and time; hours before a deadline.
pub(crate) fn settings(currency: &str, action: &str, safe_hours: u8, warning_hours: &[u16]) -> String {
    format!("{currency}, at the deadline {action}, safe {safe_hours} h before, warned at {warning_hours:?} h")
}

/// The newest lines of the log, at the end.
pub(crate) fn newest_lines(log: &str) -> String {
    format!("\nThe log’s newest lines\n\n{log}\n")
}

/// Why the file couldn't be written.
pub(crate) fn not_written(path: &str, error: impl Display) -> String {
    format!("{path} can’t be written: {error}.")
}
