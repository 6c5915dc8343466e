//! What has to be told goes to the system's own notifications, whatever the window shows.

use crate::wording;
use holdfast_desk::{Notice, Notifier};
use notify_rust::Notification;

/// A name of the desktop's own sounds.
const SOUND: &str = if cfg!(target_os = "macos") {
    "Ping"
} else {
    "message-new-instant"
};

/// The desktop's notifications.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SystemNotifier;

impl Notifier for SystemNotifier {
    fn tell(&self, notice: &Notice) {
        let mut notification = Notification::new();
        notification
            .appname(wording::PROGRAM)
            .icon("holdfast")
            .summary(&notice.title)
            .body(&escaped(&notice.words));
        #[cfg(all(unix, not(target_os = "macos")))]
        notification.urgency(if notice.is_urgent {
            notify_rust::Urgency::Critical
        } else {
            notify_rust::Urgency::Normal
        });
        if notice.has_sound {
            notification.sound_name(SOUND);
        }
        // The bus may take its time, and there may be none.
        tauri::async_runtime::spawn_blocking(move || {
            if let Err(error) = notification.show() {
                tracing::warn!(%error, "the system could not show a notification");
            }
        });
    }
}

/// Linux reads a body as markup, and a guest's name is anything.
fn escaped(text: &str) -> String {
    if cfg!(all(unix, not(target_os = "macos"))) {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    } else {
        text.to_owned()
    }
}
