//! Starting with the computer: off until somebody wants it, offered once.

use crate::wording;
use auto_launch::{AutoLaunch, AutoLaunchBuilder};
use holdfast_desk::{AppError, ErrorCode};
use std::path::Path;

fn launch() -> Option<AutoLaunch> {
    let program = std::env::current_exe().ok()?;
    AutoLaunchBuilder::new()
        .set_app_name(wording::PROGRAM)
        .set_app_path(&program.display().to_string())
        .set_args(&["--hidden"])
        .build()
        .inspect_err(|error| tracing::warn!(%error, "this system starts nothing by itself"))
        .ok()
}

/// Whether Holdfast starts with the computer.
pub(crate) fn is_on() -> bool {
    launch().is_some_and(|launch| launch.is_enabled().unwrap_or(false))
}

/// Whether it was never offered, and may be.
pub(crate) fn may_offer(root: &Path) -> bool {
    !root.join("autostart-offered").exists() && !is_on()
}

/// Sets it, which answers the offer too.
///
/// # Errors
/// [`ErrorCode::Internal`] when the system refuses.
pub(crate) fn set(root: &Path, on: bool) -> Result<(), AppError> {
    if let Err(error) = std::fs::write(root.join("autostart-offered"), "") {
        tracing::warn!(%error, "it will be offered again");
    }
    let is_set = launch().is_some_and(|launch| {
        let done = match (on, launch.is_enabled().unwrap_or(false)) {
            (true, _) => launch.enable(),
            (false, true) => launch.disable(),
            (false, false) => Ok(()),
        };
        done.inspect_err(|error| tracing::warn!(%error, "the system refused"))
            .is_ok()
    });
    is_set
        .then_some(())
        .ok_or_else(|| AppError::new(ErrorCode::Internal, wording::NO_AUTOSTART))
}
