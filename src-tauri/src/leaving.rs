//! Closing the window, and quitting. As long as anything may end unwatched neither happens unsaid.

use crate::guest_window;
use crate::notices::SystemNotifier;
use crate::till::Till;
use crate::tray::Tray;
use crate::tray_state::TrayState;
use crate::wording;
#[cfg(unix)]
use holdfast_desk::Notifier;
use holdfast_desk::view::VenueSummary;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
#[cfg(unix)]
use std::{path::Path, process::Command, time::Duration};
use tauri::{AppHandle, CloseRequestApi, Emitter, Manager, UserAttentionType};

/// What closing the window means just now.
#[derive(Debug, Clone)]
enum Closing {
    /// Nothing is watched, and nothing is to be: it ends the program.
    Quits,
    /// The watch goes on in the tray.
    Hides,
    /// Something is open, or the watch is wanted and off: a person who quits reads this first.
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
    /// The program that took this one's place on the disk, once it is to be started.
    #[cfg(unix)]
    successor: Option<Command>,
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

    /// Who takes this program's place, if anybody does.
    #[cfg(unix)]
    fn successor(&self) -> Option<Command> {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        inside.successor.take()
    }

    /// The question was answered with staying, or is over.
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
        SystemNotifier::of(app).say(wording::still_running());
        if let Err(error) = holdfast_process::write_whole(&self.explained, b"") {
            tracing::warn!(%error, "it will be explained again");
        }
    }
}

impl Inside {
    /// A desktop's tray comes and goes with its panel, so it's asked for at this moment. Without one nobody could get a
    /// hidden window back. `off` is what quitting means while the watch is wanted and off.
    fn closing(&self, has_tray: bool, off: Option<String>) -> Closing {
        match &self.standing {
            Some(_) if self.keeps_watching && has_tray => Closing::Hides,
            Some(standing) if standing.open_count > 0 && self.keeps_watching => {
                Closing::Asks(wording::no_tray(&standing.quitting))
            }
            Some(standing) if standing.open_count > 0 => Closing::Asks(standing.quitting.clone()),
            // A hidden window would come forward again at once, for as long as it's off.
            Some(_) | None => off.map_or(Closing::Quits, Closing::Asks),
        }
    }
}

/// The window's cross.
pub(crate) fn close_requested(app: &AppHandle, api: &CloseRequestApi) {
    let leaving = app.state::<Leaving>();
    let off = app.state::<Till>().quitting_while_off();
    let mut inside = leaving.inside.lock().unwrap_or_else(PoisonError::into_inner);
    match inside.closing(app.state::<Tray>().is_there(), off) {
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

/// The tray's menu, and a Mac's.
pub(crate) fn quit_asked(app: &AppHandle) {
    let leaving = app.state::<Leaving>();
    let standing = app.state::<TrayState>().standing();
    let means = standing
        .filter(|standing| standing.open_count > 0)
        .map(|standing| standing.quitting)
        .or_else(|| app.state::<Till>().quitting_while_off());
    match means {
        None => app.exit(0),
        Some(words) => {
            leaving
                .inside
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .is_asked = true;
            show(app);
            ask(app, &words);
        }
    }
}

/// The window asks, for it can be read out and looks like the rest.
fn ask(app: &AppHandle, words: &str) {
    if let Err(error) = app.emit("leaving", words) {
        tracing::warn!(%error, "the window could not ask");
    }
}

/// Starts the program in the tray.
#[cfg(unix)]
const HIDDEN: &str = "--hidden";

/// How often it's asked whether what is on its way has ended.
#[cfg(unix)]
const BUSY_PAUSE: Duration = Duration::from_millis(250);

/// The system asks the program to end, by the signal that a package's upgrade, a shutdown and a session's end send. It
/// ends as soon as nothing is on its way to Dojo and no night is being closed; until then it stays. A program that an
/// upgrade has put in its place goes on where it was: nobody would notice that the watch is off.
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
    let till = app.state::<Till>();
    let mut is_told = false;
    while till.desk().await.is_ok_and(|desk| !desk.may_end()) {
        if !is_told {
            SystemNotifier::of(&app).say(wording::ends_soon());
            is_told = true;
        }
        tokio::time::sleep(BUSY_PAUSE).await;
    }
    if let Some(program) = holdfast_process::replaced_by() {
        tracing::info!(program = %program.display(), "an upgrade has replaced this program; the new one goes on");
        let successor = restarted(&program, is_hidden(&app));
        let leaving = app.state::<Leaving>();
        leaving
            .inside
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .successor = Some(successor);
    } else {
        // Waited for, or the end would overtake it.
        SystemNotifier::of(&app).tell(&wording::ended()).await;
    }
    app.exit(0);
}

/// The same program again, told the same, with its window as it is now.
#[cfg(unix)]
fn restarted(program: &Path, is_hidden: bool) -> Command {
    let mut command = Command::new(program);
    command.args(std::env::args_os().skip(1).filter(|word| word != HIDDEN));
    if is_hidden {
        command.arg(HIDDEN);
    }
    command
}

/// Everything is closed: who takes this program's place does so now, in the same process, so that whoever waits for the
/// upgrade's end and whoever started this one know it still.
#[cfg(unix)]
pub(crate) fn hand_over(app: &AppHandle) {
    use std::os::unix::process::CommandExt;
    if let Some(mut successor) = app.state::<Leaving>().successor() {
        let error = successor.exec();
        tracing::error!(%error, "the new version could not be started");
    }
}

/// Elsewhere an installer asks its person to close the program first.
#[cfg(not(unix))]
pub(crate) fn hand_over(_: &AppHandle) {}

/// Windows sends its windows a message, which the web view's own window answers.
#[cfg(not(unix))]
pub(crate) async fn ends_when_the_system_asks(_: AppHandle) {}

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

fn hide(app: &AppHandle) {
    guest_window::close(app);
    let window = app.get_webview_window("main");
    if let Some(Err(error)) = window.map(|window| window.hide()) {
        tracing::warn!(%error, "the window could not be hidden");
    }
}
