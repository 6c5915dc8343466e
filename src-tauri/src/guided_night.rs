//! Training's guided night, kept in training's folder.

use crate::till::Till;
use crate::wording;
use holdfast_desk::{AppError, Desk, ErrorCode, GuidedNight, Mode, Practice};
use std::path::PathBuf;

fn folder(till: &Till) -> PathBuf {
    Mode::Training.folder(till.root())
}

fn kept(till: &Till, done: std::io::Result<()>) -> Result<(), AppError> {
    done.map_err(|error| {
        AppError::new(
            ErrorCode::Ledger,
            wording::folder_not_written(&folder(till), &error),
        )
    })
}

/// How far it has come; none while nobody practises.
///
/// # Errors
/// The ledger's.
pub(crate) async fn now(till: &Till, desk: &Desk) -> Result<Option<GuidedNight>, AppError> {
    match Practice::read(&folder(till)) {
        Some(practice) => desk.guided_night(&practice).await.map(Some),
        None => Ok(None),
    }
}

/// Begins, with nothing ticked.
///
/// # Errors
/// [`ErrorCode::Ledger`] when the folder can't be written.
pub(crate) async fn start(till: &Till, desk: &Desk) -> Result<GuidedNight, AppError> {
    let practice = desk.begin_practice();
    kept(till, practice.keep(&folder(till)))?;
    desk.guided_night(&practice).await
}

/// Ends it, however far it came.
///
/// # Errors
/// [`ErrorCode::Ledger`] when the folder can't be written.
pub(crate) fn end(till: &Till) -> Result<(), AppError> {
    kept(till, Practice::end(&folder(till)))
}

/// Guests were invented; `before` is how far it had come.
pub(crate) fn go_on(till: &Till, desk: &Desk, before: Option<GuidedNight>) {
    let Some(before) = before else { return };
    if let Err(error) = desk.go_on_practising(&before).keep(&folder(till)) {
        tracing::warn!(%error, "the guided night counts what was invented");
    }
}
