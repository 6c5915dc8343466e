//! Closing the window, and quitting. As long as anything may end unwatched neither happens unsaid.

use crate::guest_window;
use crate::notices::SystemNotifier;
use crate::wording;
use holdfast_desk::Notifier;
use holdfast_desk::view::VenueSummary;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use tauri::{AppHandle, CloseRequestApi, Emitter, Manager};

/// What closing the window means just now.
#[derive(Debug, Clone, Default)]
enum Closing {
    /// Nothing is watched: it ends the program.
    #[default]
    Quits,
    /// The watch goes on in the tray.
    Hides,
    /// Something is open: a person who quits reads this first.
    Asks(String),
}

/// What is known for the moment when somebody closes the window.
pub(crate) struct Leaving {
    inside: Mutex<Inside>,
    /// Says that staying in the tray was explained.
    explained: PathBuf,
}

#[derive(Default)]
struct Inside {
    closing: Closing,
    /// The question is on the screen; a person who closes once more means it.
    is_asked: bool,
}

impl Leaving {
    pub(crate) fn new(root: &std::path::Path) -> Self {
        Self {
            inside: Mutex::default(),
            explained: root.join("tray-explained"),
        }
    }

    /// Takes note of how the venue stands; none where nothing is watched.
    pub(crate) fn note(&self, standing: Option<&VenueSummary>, keeps_watching: bool, has_tray: bool) {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        inside.closing = match standing {
            None => Closing::Quits,
            Some(_) if keeps_watching && has_tray => Closing::Hides,
            Some(standing) if standing.open_count > 0 => Closing::Asks(standing.quitting.clone()),
            Some(_) => Closing::Quits,
        };
    }

    /// The question was answered with staying.
    pub(crate) fn stays(&self) {
        self.inside
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_asked = false;
    }

    fn explain_once(&self) {
        if self.explained.exists() {
            return;
        }
        SystemNotifier.tell(&wording::still_running());
        if let Err(error) = std::fs::write(&self.explained, "") {
            tracing::warn!(%error, "it will be explained again");
        }
    }
}

/// The window's cross.
pub(crate) fn close_requested(app: &AppHandle, api: &CloseRequestApi) {
    let leaving = app.state::<Leaving>();
    let mut inside = leaving.inside.lock().unwrap_or_else(PoisonError::into_inner);
    match inside.closing.clone() {
        Closing::Quits => {}
        Closing::Hides => {
            api.prevent_close();
            drop(inside);
            hide(app);
            leaving.explain_once();
        }
        Closing::Asks(words) if !inside.is_asked => {
            api.prevent_close();
            inside.is_asked = true;
            drop(inside);
            ask(app, &words);
        }
        Closing::Asks(_) => {}
    }
}

/// The tray's menu.
pub(crate) fn quit_asked(app: &AppHandle) {
    let leaving = app.state::<Leaving>();
    let standing = app.state::<crate::tray_state::TrayState>().standing();
    match standing.filter(|standing| standing.open_count > 0) {
        None => app.exit(0),
        Some(standing) => {
            leaving
                .inside
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .is_asked = true;
            show(app);
            ask(app, &standing.quitting);
        }
    }
}

/// The window asks, for it can be read out and looks like the rest.
fn ask(app: &AppHandle, words: &str) {
    if let Err(error) = app.emit("leaving", words) {
        tracing::warn!(%error, "the window could not ask");
    }
}

/// How often it's asked whether what is on its way has ended.
#[cfg(unix)]
const BUSY_PAUSE: std::time::Duration = std::time::Duration::from_millis(250);

/// The system asks the program to end, by the signal that a package's upgrade, a shutdown and a session's end send. It
/// ends as soon as nothing is on its way to Dojo and no night is being closed; until then it stays.
#[cfg(unix)]
pub(crate) async fn ends_when_the_system_asks(app: AppHandle) {
    use tokio::signal::unix::{SignalKind, signal};
    let mut asked = match signal(SignalKind::terminate()) {
        Ok(asked) => asked,
        Err(error) => {
            tracing::warn!(%error, "the system can’t ask this program to end");
            return;
        }
    };
    asked.recv().await;
    tracing::info!("the system asks this program to end");
    let till = app.state::<crate::till::Till>();
    let mut is_told = false;
    while till.desk().await.is_ok_and(|desk| !desk.may_end()) {
        if !is_told {
            SystemNotifier.tell(&wording::ends_soon());
            is_told = true;
        }
        tokio::time::sleep(BUSY_PAUSE).await;
    }
    SystemNotifier.tell(&wording::ended());
    app.exit(0);
}

/// Windows sends its windows a message, which the web view's own window answers.
#[cfg(not(unix))]
pub(crate) async fn ends_when_the_system_asks(_: AppHandle) {}

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

fn hide(app: &AppHandle) {
    guest_window::close(app);
    let window = app.get_webview_window("main");
    if let Some(Err(error)) = window.map(|window| window.hide()) {
        tracing::warn!(%error, "the window could not be hidden");
    }
}
