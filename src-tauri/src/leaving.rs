//! Closing the window, and quitting. As long as anything may end unwatched neither happens unsaid.

use crate::notices::SystemNotifier;
use crate::question::{self, Question};
use crate::till::Till;
use crate::tray::Tray;
use crate::tray_state::{LastTold, TrayState};
use crate::{main_window, wording};
#[cfg(unix)]
use holdfast_desk::Notifier;
use std::path::PathBuf;
#[cfg(unix)]
use std::sync::{Mutex, PoisonError};
#[cfg(unix)]
use std::{path::Path, process::Command, time::Duration};
use tauri::{AppHandle, CloseRequestApi, Manager};

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

/// What is known for the moment when the program ends.
pub(crate) struct Leaving {
    /// Says that staying in the tray was explained.
    explained: PathBuf,
    /// The program that took this one's place on the disk, once it is to be started.
    #[cfg(unix)]
    successor: Mutex<Option<Command>>,
}

impl Leaving {
    pub(crate) fn new(root: &std::path::Path) -> Self {
        Self {
            explained: root.join("tray-explained"),
            #[cfg(unix)]
            successor: Mutex::default(),
        }
    }

    /// Who takes this program's place, if anybody does.
    #[cfg(unix)]
    fn successor(&self) -> std::sync::MutexGuard<'_, Option<Command>> {
        self.successor.lock().unwrap_or_else(PoisonError::into_inner)
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

/// What closing means. A desktop's tray comes and goes with its panel, so it's asked for at this moment. Without one
/// nobody could get a hidden window back. `off` is what quitting means while the watch is wanted and off.
fn closing(known: &LastTold, has_tray: bool, off: Option<String>) -> Closing {
    match &known.venue {
        Some(_) if known.keeps_watching && has_tray => Closing::Hides,
        Some(venue) if venue.open_count > 0 && known.keeps_watching => {
            Closing::Asks(wording::no_tray(&venue.quitting))
        }
        Some(venue) if venue.open_count > 0 => Closing::Asks(venue.quitting.clone()),
        // A hidden window would come forward again at once, for as long as it's off.
        Some(_) | None => off.map_or(Closing::Quits, Closing::Asks),
    }
}

/// The window's cross.
pub(crate) fn close_requested(app: &AppHandle, api: &CloseRequestApi) {
    let off = app.state::<Till>().quitting_while_off();
    let known = app.state::<TrayState>().last_told();
    match closing(&known, app.state::<Tray>().is_there(), off) {
        Closing::Quits => {}
        Closing::Hides => {
            api.prevent_close();
            main_window::hide(app);
            app.state::<Leaving>().explain_once(app);
        }
        Closing::Asks(words) if !app.state::<Question>().is_asked() => {
            api.prevent_close();
            question::ask(app, &words);
        }
        Closing::Asks(_) => {}
    }
}

/// The tray's menu, and a Mac's.
pub(crate) fn quit_asked(app: &AppHandle) {
    let venue = app.state::<TrayState>().last_told().venue;
    let means = venue
        .filter(|venue| venue.open_count > 0)
        .map(|venue| venue.quitting)
        .or_else(|| app.state::<Till>().quitting_while_off());
    match means {
        None => app.exit(0),
        Some(words) => {
            main_window::show(app);
            question::ask(app, &words);
        }
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
pub(crate) async fn end_when_the_system_asks(app: AppHandle) {
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
        let successor = restarted(&program, main_window::is_hidden(&app));
        *app.state::<Leaving>().successor() = Some(successor);
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

/// Starts the new version, once everything is closed. It runs in the same process, so that the package's scripts, which
/// wait for it, and the desktop, which started it, still know it.
#[cfg(unix)]
pub(crate) fn hand_over(app: &AppHandle) {
    use std::os::unix::process::CommandExt;
    let successor = app.state::<Leaving>().successor().take();
    if let Some(mut successor) = successor {
        let error = successor.exec();
        tracing::error!(%error, "the new version could not be started");
    }
}

/// Elsewhere an installer asks its person to close the program first.
#[cfg(not(unix))]
pub(crate) fn hand_over(_: &AppHandle) {}

/// Windows sends its windows a message, which the web view's own window answers.
#[cfg(not(unix))]
pub(crate) async fn end_when_the_system_asks(_: AppHandle) {}
