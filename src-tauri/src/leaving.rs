//! Closing the window, and quitting. As long as anything may end unwatched neither happens unsaid.

use crate::guest_window;
use crate::notices::SystemNotifier;
use crate::tray::Tray;
use crate::wording;
use holdfast_desk::Notifier;
use holdfast_desk::view::VenueSummary;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tauri::{AppHandle, CloseRequestApi, Emitter, Manager};

/// What closing the window means just now.
#[derive(Debug, Clone)]
enum Closing {
    /// Nothing is watched: it ends the program.
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
    /// None where nothing is watched.
    standing: Option<VenueSummary>,
    /// The settings want the watch to go on behind a closed window.
    keeps_watching: bool,
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
    pub(crate) fn note(&self, standing: Option<VenueSummary>, keeps_watching: bool) {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        (inside.standing, inside.keeps_watching) = (standing, keeps_watching);
    }

    /// The question was answered with staying.
    pub(crate) fn stays(&self) {
        self.inside
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_asked = false;
    }

    fn explain_once(&self, app: &AppHandle) {
        if self.explained.exists() {
            return;
        }
        SystemNotifier::of(app).tell(&wording::still_running());
        if let Err(error) = std::fs::write(&self.explained, "") {
            tracing::warn!(%error, "it will be explained again");
        }
    }
}

impl Inside {
    /// A desktop's tray comes and goes with its panel, so it's asked for at this moment. Without one nobody could get a
    /// hidden window back.
    fn closing(&self, has_tray: bool) -> Closing {
        match &self.standing {
            None => Closing::Quits,
            Some(_) if self.keeps_watching && has_tray => Closing::Hides,
            Some(standing) if standing.open_count == 0 => Closing::Quits,
            Some(standing) if self.keeps_watching => Closing::Asks(wording::no_tray(&standing.quitting)),
            Some(standing) => Closing::Asks(standing.quitting.clone()),
        }
    }
}

/// The window's cross.
pub(crate) fn close_requested(app: &AppHandle, api: &CloseRequestApi) {
    let leaving = app.state::<Leaving>();
    let mut inside = leaving.inside.lock().unwrap_or_else(PoisonError::into_inner);
    match inside.closing(app.state::<Tray>().is_there()) {
        Closing::Quits => {}
        Closing::Hides => {
            api.prevent_close();
            drop(inside);
            hide(app);
            leaving.explain_once(app);
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
const BUSY_PAUSE: Duration = Duration::from_millis(250);

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
            SystemNotifier::of(&app).tell(&wording::ends_soon());
            is_told = true;
        }
        tokio::time::sleep(BUSY_PAUSE).await;
    }
    SystemNotifier::of(&app).tell(&wording::ended());
    app.exit(0);
}

/// Windows sends its windows a message, which the web view's own window answers.
#[cfg(not(unix))]
pub(crate) async fn ends_when_the_system_asks(_: AppHandle) {}

/// Brings the window forward where it's hidden; a person who has it before them is left alone.
pub(crate) fn show_if_hidden(app: &AppHandle) {
    if is_hidden(app) {
        show(app);
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

fn hide(app: &AppHandle) {
    guest_window::close(app);
    let window = app.get_webview_window("main");
    if let Some(Err(error)) = window.map(|window| window.hide()) {
        tracing::warn!(%error, "the window could not be hidden");
    }
}
