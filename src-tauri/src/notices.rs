//! What has to be told goes to the system's own notifications, whatever the window shows.

#[cfg(target_os = "linux")]
mod desktop_bus;
#[cfg(not(target_os = "linux"))]
mod other_systems;

#[cfg(target_os = "linux")]
use desktop_bus as system;
#[cfg(not(target_os = "linux"))]
use other_systems as system;

use crate::main_window;
use async_trait::async_trait;
use holdfast_desk::{Notice, Notifier};
use tauri::AppHandle;

pub(crate) use system::Shown;

/// The desktop's notifications. A press on one brings the window forward, at the tab that it's about.
#[derive(Debug, Clone)]
pub(crate) struct SystemNotifier {
    app: AppHandle,
}

impl SystemNotifier {
    pub(crate) fn of(app: &AppHandle) -> Self {
        Self { app: app.clone() }
    }

    /// Tells it without waiting for the system.
    pub(crate) fn say(self, notice: Notice) {
        tauri::async_runtime::spawn(async move { self.tell(&notice).await });
    }
}

#[async_trait]
impl Notifier for SystemNotifier {
    async fn tell(&self, notice: &Notice) -> bool {
        match system::show(&self.app, notice).await {
            Ok(()) => true,
            Err(error) => {
                tracing::warn!(%error, notice.is_urgent, "the system could not show a notification");
                // There is no other way to be heard on this desktop.
                if notice.is_urgent {
                    main_window::call_to(&self.app);
                }
                false
            }
        }
    }
}
