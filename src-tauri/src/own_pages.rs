//! Keeps a window on the program's own pages. The content policy doesn't govern where a page itself goes, which windows
//! it opens, or what it has downloaded.

use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, Url, WebviewWindowBuilder, Wry};

/// The same window, which goes nowhere else, opens no other and downloads nothing.
pub(crate) fn keep_on<'a>(
    window: WebviewWindowBuilder<'a, Wry, AppHandle>,
) -> WebviewWindowBuilder<'a, Wry, AppHandle> {
    window
        .on_navigation(|url| {
            let is_ours = is_ours(url);
            if !is_ours {
                // Its scheme alone: an address may say whom it is about.
                tracing::warn!(scheme = url.scheme(), "the window was to leave its page");
            }
            is_ours
        })
        .on_new_window(|_, _| {
            tracing::warn!("the window was to open another one");
            NewWindowResponse::Deny
        })
        .on_download(|_, _| {
            tracing::warn!("the window was to download something");
            false
        })
}

/// Tauri serves the pages as `tauri://localhost`; as `http(s)://tauri.localhost` on Windows, where WebView2 knows no
/// schemes of a program's own. Elsewhere that would be whatever listens on this computer.
fn is_ours(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        "http" | "https" => {
            cfg!(windows) && url.host_str() == Some("tauri.localhost") && url.port().is_none()
        }
        _ => false,
    }
}
