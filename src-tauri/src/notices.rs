//! What has to be told goes to the system's own notifications, whatever the window shows.

use crate::{leaving, wording};
use holdfast_desk::{Notice, Notifier};
use holdfast_domain::TabId;
use notify_rust::Notification;
use tauri::{AppHandle, Emitter};

/// A name of the desktop's own sounds.
const SOUND: &str = if cfg!(target_os = "macos") {
    "Ping"
} else {
    "message-new-instant"
};

/// What desktops call a press on the notification itself.
#[cfg(all(unix, not(target_os = "macos")))]
const PRESSED: &str = "default";

/// The desktop's notifications. A press on one brings the window forward, at the tab that it's about.
#[derive(Debug, Clone)]
pub(crate) struct SystemNotifier {
    app: AppHandle,
}

impl SystemNotifier {
    pub(crate) fn of(app: &AppHandle) -> Self {
        Self { app: app.clone() }
    }
}

impl Notifier for SystemNotifier {
    fn tell(&self, notice: &Notice) {
        let mut notification = Notification::new();
        notification
            .appname(wording::PROGRAM)
            .icon("holdfast")
            .summary(&notice.title)
            .body(&escaped(&notice.words));
        #[cfg(all(unix, not(target_os = "macos")))]
        notification
            .action(PRESSED, wording::SHOW)
            .urgency(if notice.is_urgent {
                notify_rust::Urgency::Critical
            } else {
                notify_rust::Urgency::Normal
            });
        if notice.has_sound {
            notification.sound_name(SOUND);
        }
        let (app, tab) = (self.app.clone(), notice.tab);
        // The bus may take its time, there may be none, and a notification stays until somebody presses it.
        let showing = std::thread::Builder::new().name("notification".to_owned());
        let started = showing.spawn(move || match notification.show() {
            Ok(shown) => wait_for_press(shown, &app, tab),
            Err(error) => tracing::warn!(%error, "the system could not show a notification"),
        });
        if let Err(error) = started {
            tracing::warn!(%error, "a notification could not be shown");
        }
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn wait_for_press(shown: notify_rust::NotificationHandle, app: &AppHandle, tab: Option<TabId>) {
    shown.wait_for_action(|action| {
        if action == PRESSED {
            pressed(app, tab);
        }
    });
}

/// The other systems tell of presses only programs that registered with them in ways of their own.
#[cfg(not(all(unix, not(target_os = "macos"))))]
fn wait_for_press<Shown>(_: Shown, _: &AppHandle, _: Option<TabId>) {}

#[cfg(all(unix, not(target_os = "macos")))]
fn pressed(app: &AppHandle, tab: Option<TabId>) {
    leaving::show(app);
    if let Some(tab) = tab
        && let Err(error) = app.emit_to("main", "tab_pressed", tab)
    {
        tracing::warn!(%error, "the window could not show the tab");
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
