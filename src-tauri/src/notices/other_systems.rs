//! Notifications of Windows and macOS, which tell of presses only programs that registered with them in ways of their
//! own. Untried: it was written with neither.

use crate::wording;
use holdfast_desk::Notice;
use notify_rust::Notification;
use tauri::AppHandle;

/// A name of macOS's own sounds; Windows has others, and plays its usual one.
const SOUND: &str = "Ping";

/// As the installer names the program to the system: without it a notification goes out in another program's name.
const PROGRAM_ID: &str = "app.holdfast.desk";

/// Nothing is kept of what is shown there.
#[derive(Default)]
pub(crate) struct Shown;

/// Shows a notification.
///
/// # Errors
/// The system's.
pub(super) async fn show(_: &AppHandle, notice: &Notice) -> anyhow::Result<()> {
    let notification = made(notice);
    // The system may take its time.
    let shown = tauri::async_runtime::spawn_blocking(move || notification.show().map(drop));
    Ok(shown.await??)
}

fn made(notice: &Notice) -> Notification {
    let mut notification = Notification::new();
    notification
        .appname(wording::PROGRAM)
        .summary(&notice.title)
        .body(&notice.words);
    #[cfg(target_os = "windows")]
    {
        use notify_rust::Urgency;
        let urgency = if notice.is_urgent {
            Urgency::Critical
        } else {
            Urgency::Normal
        };
        notification.app_id(PROGRAM_ID).urgency(urgency);
    }
    // It can be named once; from then on it stays.
    #[cfg(target_os = "macos")]
    if let Err(error) = notify_rust::set_application(PROGRAM_ID) {
        tracing::debug!(%error, "notifications go out in the name that was set before");
    }
    if notice.has_sound {
        notification.sound_name(SOUND);
    }
    notification
}
