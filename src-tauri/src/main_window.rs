//! The till's own window: whether it's seen, bringing it forward and hiding it.

use crate::guest_window;
use tauri::{AppHandle, Manager, UserAttentionType};

/// Brings the window forward where it's hidden; a person who has it before them is left alone.
pub(crate) fn show_if_hidden(app: &AppHandle) {
    if is_hidden(app) {
        show(app);
    }
}

/// Calls somebody to the window: it comes forward where it's hidden or small, and asks for attention otherwise. A
/// person who types elsewhere isn't interrupted.
pub(crate) fn call_to(app: &AppHandle) {
    let Some(window) = app.get_webview_window("main") else {
        return;
    };
    if is_hidden(app) || window.is_minimized().unwrap_or(false) {
        show(app);
    } else if let Err(error) = window.request_user_attention(Some(UserAttentionType::Critical)) {
        tracing::warn!(%error, "the window could not ask for attention");
    }
}

/// Whether there is a window that nobody can see.
pub(crate) fn is_hidden(app: &AppHandle) -> bool {
    let window = app.get_webview_window("main");
    window.is_some_and(|window| matches!(window.is_visible(), Ok(false)))
}

/// Brings the window forward.
pub(crate) fn show(app: &AppHandle) {
    let Some(window) = app.get_webview_window("main") else {
        return;
    };
    for error in [window.show(), window.unminimize(), window.set_focus()]
        .into_iter()
        .filter_map(Result::err)
    {
        tracing::warn!(%error, "the window could not be brought forward");
    }
}

/// Hides it, and the guest's with it.
pub(crate) fn hide(app: &AppHandle) {
    guest_window::close(app);
    let window = app.get_webview_window("main");
    if let Some(Err(error)) = window.map(|window| window.hide()) {
        tracing::warn!(%error, "the window could not be hidden");
    }
}
