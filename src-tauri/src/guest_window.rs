//! The guest's own window: one hold, on the screen that the till isn't on.

use crate::{own_pages, wording};
use holdfast_domain::HoldId;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use tauri::{AppHandle, Emitter, Manager, WebviewUrl, WebviewWindowBuilder};

/// Its name in `build.rs`, which says what it may do.
pub(crate) const LABEL: &str = "guest";

/// The hold that it shows. The window can't name another one.
#[derive(Default)]
pub(crate) struct ShownHold(Mutex<Option<HoldId>>);

/// Which hold the guest's window shows; none while there is no such window.
pub(crate) fn shown(app: &AppHandle) -> Option<HoldId> {
    *app.state::<ShownHold>()
        .0
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
}

fn show(app: &AppHandle, hold: Option<HoldId>) {
    *app.state::<ShownHold>()
        .0
        .lock()
        .unwrap_or_else(PoisonError::into_inner) = hold;
}

/// Opens it, or turns it to another hold. On one screen it's a window like any other, on two it fills the second one.
/// The web view keeps its files in `files`.
///
/// # Errors
/// The desktop's.
pub(crate) fn open(app: &AppHandle, files: &Path, hold: HoldId) -> tauri::Result<()> {
    show(app, Some(hold));
    if let Some(window) = app.get_webview_window(LABEL) {
        app.emit_to(LABEL, "changed", ())?;
        return window.set_focus();
    }
    let mut window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App("guest.html".into()))
        .title(wording::GUEST_WINDOW)
        .inner_size(1024.0, 700.0)
        .general_autofill_enabled(false)
        .data_directory(files.to_owned());
    let tills = app.get_webview_window("main").map(|main| main.current_monitor());
    if let Some(Some(tills)) = tills.transpose()? {
        let mut screens = app.available_monitors()?.into_iter();
        if let Some(other) = screens.find(|screen| screen.position() != tills.position()) {
            let at = other.position().to_logical::<f64>(other.scale_factor());
            window = window.position(at.x, at.y).fullscreen(true);
        }
    }
    own_pages::keep_on(window).build()?;
    Ok(())
}

/// It was closed: nothing is shown to anybody.
pub(crate) fn closed(app: &AppHandle) {
    show(app, None);
}

/// Closes it: the till is about to stop, or works in another mode.
pub(crate) fn close(app: &AppHandle) {
    show(app, None);
    if let Some(Err(error)) = app.get_webview_window(LABEL).map(|window| window.close()) {
        tracing::warn!(%error, "the guest’s window could not be closed");
    }
}
