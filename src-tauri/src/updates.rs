//! The notice of a new version: off until somebody wants it. It reads what this computer's own updates know.

use crate::till::Till;
use crate::wording;
use holdfast_desk::view::{NewVersion, UpdateNotice};
use holdfast_desk::{AppError, ErrorCode};
use holdfast_process::{Update, is_updated_by_apt, waiting};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// What the package is called.
const PACKAGE: &str = "holdfast";

/// The computer's own updates look once or twice a day.
const LOOKED_AT_EVERY: Duration = Duration::from_secs(60 * 60);

/// What was read last, and when.
#[derive(Default)]
pub(crate) struct Updates(Mutex<Option<(Instant, Option<Update>)>>);

fn file(root: &Path) -> PathBuf {
    root.join("tell-of-updates")
}

fn is_on(root: &Path) -> bool {
    file(root).exists()
}

/// Switches it on or off.
///
/// # Errors
/// [`ErrorCode::Ledger`] when the data folder can't be written.
pub(crate) fn set(root: &Path, on: bool) -> Result<(), AppError> {
    let path = file(root);
    let done = match on {
        true => holdfast_process::write_whole(&path, b""),
        false if !path.exists() => Ok(()),
        false => std::fs::remove_file(&path),
    };
    done.map_err(|error| AppError::new(ErrorCode::Ledger, wording::folder_not_written(&path, &error)))
}

/// What there is to tell at this moment. Nothing is looked at before somebody asked to be told.
///
/// # Errors
/// The ledger's.
pub(crate) async fn notice(till: &Till, updates: &Updates) -> Result<UpdateNotice, AppError> {
    let is_on = is_on(till.root());
    let told = is_on && till.desk().await?.may_tell_of_update().await?;
    let update = if told { updates.known().await } else { None };
    Ok(UpdateNotice {
        is_possible: is_on || is_updated_by_apt(PACKAGE),
        is_on,
        update: update.map(|Update { version, notes }| NewVersion { version, notes }),
    })
}

impl Updates {
    async fn known(&self) -> Option<Update> {
        if let Some((at, update)) = self.0.lock().ok()?.clone()
            && at.elapsed() < LOOKED_AT_EVERY
        {
            return update;
        }
        // Another program is started, and waited for.
        let update = tokio::task::spawn_blocking(|| waiting(PACKAGE))
            .await
            .ok()
            .flatten();
        *self.0.lock().ok()? = Some((Instant::now(), update.clone()));
        update
    }
}
