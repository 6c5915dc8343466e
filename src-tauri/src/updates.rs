//! The notice of a new version: off until somebody wants it. It reads what this computer's own updates know.

use crate::till::Till;
use crate::wording;
use holdfast_desk::view::{NewVersion, UpdateNotice};
use holdfast_desk::{AppError, ErrorCode};
use holdfast_process::{Known, Update, is_updated_by_apt, known};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What the package is called.
const PACKAGE: &str = "holdfast";

/// The computer's own updates look once or twice a day.
const LOOKED_AT_EVERY: Duration = Duration::from_secs(60 * 60);

/// What was read last, and when.
#[derive(Default)]
pub(crate) struct Updates(Mutex<Option<(Instant, Option<Known>)>>);

fn file(root: &Path) -> PathBuf {
    root.join("tell-of-updates")
}

fn is_on(root: &Path) -> bool {
    file(root).exists()
}

/// Switches it on or off, and forgets what was read: the next answer is of that moment, not of up to an hour before.
///
/// # Errors
/// [`ErrorCode::Ledger`] when the data folder can't be written.
pub(crate) fn set(root: &Path, updates: &Updates, on: bool) -> Result<(), AppError> {
    updates.forget();
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
    let known = if is_on { updates.known().await } else { None };
    let may_tell = is_on && till.desk().await?.may_tell_of_update().await?;
    let is_listed = known.as_ref().is_none_or(|known| known.is_listed);
    let update = known.and_then(|known| known.update).filter(|_| may_tell);
    Ok(UpdateNotice {
        is_possible: is_on || is_updated_by_apt(PACKAGE),
        is_on,
        is_listed,
        update: update.map(|Update { version, notes }| NewVersion { version, notes }),
    })
}

impl Updates {
    fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    async fn known(&self) -> Option<Known> {
        if let Some((at, found)) = self.0.lock().ok()?.clone()
            && at.elapsed() < LOOKED_AT_EVERY
        {
            return found;
        }
        // Another program is started, and waited for.
        let found = tokio::task::spawn_blocking(|| known(PACKAGE))
            .await
            .ok()
            .flatten();
        *self.0.lock().ok()? = Some((Instant::now(), found.clone()));
        found
    }
}
