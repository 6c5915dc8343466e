//! Starting with the computer: off until somebody wants it, offered once.

use crate::wording;
use holdfast_desk::{AppError, ErrorCode, view};
use holdfast_process::{Autostart, Starts};
use std::path::Path;

fn entry() -> Option<Autostart> {
    Autostart::of_this_program(wording::PROGRAM)
        .inspect_err(|error| tracing::warn!(%error, "this system starts nothing by itself"))
        .ok()
}

/// Whether Holdfast starts with the computer.
pub(crate) fn is_on() -> bool {
    entry().is_some_and(|entry| entry.is_on())
}

/// The same for Settings, with what is wrong with the entry.
pub(crate) fn view() -> view::Autostart {
    let starts = entry().map_or(Starts::Nothing, |entry| entry.starts());
    view::Autostart {
        on: starts != Starts::Nothing,
        trouble: match starts {
            Starts::Nothing | Starts::This => None,
            Starts::Missing(program) => Some(wording::starts_missing(&program)),
            Starts::Another(program) => Some(wording::starts_another(&program)),
        },
    }
}

/// An entry that names the place where this program was before names this one from now on.
pub(crate) fn repair() {
    match entry().map(|entry| entry.repair()) {
        Some(Ok(true)) => {
            tracing::info!("the computer starts this program now, and no longer one of another place")
        }
        Some(Err(error)) => tracing::warn!(%error, "the computer still starts a program of another place"),
        Some(Ok(false)) | None => {}
    }
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
    if let Err(error) = holdfast_process::write_whole(&root.join("autostart-offered"), b"") {
        tracing::warn!(%error, "it will be offered again");
    }
    let set = entry().map(|entry| {
        entry
            .set(on)
            .inspect_err(|error| tracing::warn!(%error, "the system refused"))
    });
    match set {
        Some(Ok(())) => Ok(()),
        _ => Err(AppError::new(ErrorCode::Internal, wording::NO_AUTOSTART)),
    }
}
