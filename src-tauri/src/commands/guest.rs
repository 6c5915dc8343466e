//! The guest's side: on the till's own screen, or in a window of its own.

use super::{Answer, Shell};
use crate::{guest_window, wording};
use holdfast_desk::{AppError, ErrorCode, GuestPage, GuestWindow};
use holdfast_domain::HoldId;

pub(super) async fn guest_page(shell: &Shell, hold_id: HoldId) -> Answer<GuestPage> {
    shell.desk().await?.guest_page(hold_id).await
}

pub(super) async fn open_guest_window(shell: &Shell, hold_id: HoldId) -> Answer<()> {
    // Nobody opens a window on a hold that isn't there.
    shell.desk().await?.guest_page(hold_id).await?;
    let files = shell.till().root().join("window");
    guest_window::open(&shell.app, &files, hold_id).map_err(|error| {
        tracing::warn!(%error, "the guest’s window could not be opened");
        AppError::new(ErrorCode::Internal, wording::NO_GUEST_WINDOW)
    })
}

pub(super) async fn guest_window(shell: &Shell) -> Answer<Option<GuestWindow>> {
    let Some(hold) = guest_window::shown(&shell.app) else {
        return Ok(None);
    };
    let (mode, desk) = shell.till().open_desk().await?;
    desk.guest_window(hold, mode).await.map(Some)
}
