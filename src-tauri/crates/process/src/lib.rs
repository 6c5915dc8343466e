//! What a program on a PC needs around the desk: starting with it, one window a data folder, a log that neither grows
//! nor tells, small files that are whole, and what it draws with. Knows neither Tauri nor money.

mod autostart;
mod boot_clock;
mod capped_log;
mod core_dump;
mod data_folder;
mod disk;
mod graphics;
mod instance;
mod panics;
mod private;
mod scrub;
mod updates;
mod whole_file;

pub use autostart::{Autostart, Starts, replaced_by};
pub use boot_clock::since_boot;
pub use capped_log::CappedLog;
pub use core_dump::dump_no_memory;
pub use data_folder::{FolderTrouble, folder_trouble, unless_silent};
pub use disk::{DiskEncryption, disk_encryption};
pub use graphics::drawing;
pub use instance::{Instance, Listener, is_answered, look};
pub use panics::log_panics;
pub use private::keep_private;
pub use scrub::{ScrubbedStderr, scrubbed};
pub use updates::{Known, Update, is_updated_by_apt, known};
pub use whole_file::write_whole;
