//! Which mode is open, and its desk.

use crate::leaving::{self, Leaving};
use crate::notices::SystemNotifier;
use crate::put_back;
use crate::training::{self, TrainingClock};
use crate::tray::Tray;
use anyhow::Context;
use holdfast_desk::{
    AppError, CHECK_SHOWN_AFTER, Clock, Desk, ErrorCode, KeyStore, Mode, SystemClock,
    view::{Keys, Standing, Start},
};
use holdfast_dojo::{ApiKey, Client, HttpTransport};
use holdfast_ledger::LedgerError;
use holdfast_ledger::prelude::*;
use holdfast_ledger_sqlite::{CheckGate, Opened, SqliteLedger};
use holdfast_simulator::Running;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, Weak};
use std::time::Duration;
use tauri::{AppHandle, Emitter, Manager};
use tokio::sync::{Mutex, Notify};
use tokio::task::AbortHandle;

/// The longest that one request to Dojo may take, from connecting to the answer's last byte.
const HTTP_TIMEOUT: Duration = Duration::from_secs(30);

/// For so long the check of the ledger waits for a floor to be painted; in the tray none is.
const MOST_HELD_BACK: Duration = Duration::from_secs(5);

/// Changes that come within this time are told as one.
const CHANGES_JOINED_FOR: Duration = Duration::from_millis(40);

/// The till: at most one mode is open.
pub(crate) struct Till {
    app: AppHandle,
    root: PathBuf,
    dojo: String,
    keys: Arc<dyn KeyStore>,
    open: Mutex<Option<Open>>,
    /// The mode to begin with when none was in use before, until one is opened or left.
    first: std::sync::Mutex<Option<Mode>>,
    /// From now on each ledger is looked at whole first: one that was opened at once was not sound, or could not be
    /// opened.
    looks_whole: AtomicBool,
    /// Told whenever a floor has been painted.
    painted: Notify,
}

struct Open {
    mode: Mode,
    desk: Arc<Desk>,
    simulator: Option<Arc<Running>>,
    tasks: Vec<AbortHandle>,
}

impl Open {
    /// Real holds are at stake; in training nothing has to be watched.
    fn is_real(&self) -> bool {
        self.simulator.is_none()
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

impl Till {
    pub(crate) fn new(
        app: AppHandle,
        root: PathBuf,
        dojo: String,
        keys: Arc<dyn KeyStore>,
        first: Option<Mode>,
    ) -> Self {
        Self {
            app,
            root,
            dojo,
            keys,
            open: Mutex::new(None),
            first: std::sync::Mutex::new(first),
            looks_whole: AtomicBool::new(false),
            painted: Notify::new(),
        }
    }

    /// What the window has to know; opens the mode that was in use last.
    pub(crate) async fn start(&self) -> Start {
        let mut open = self.open.lock().await;
        let mut notice = None;
        if open.is_none()
            && let Some(mode) = self.last_mode().or_else(|| *self.first())
        {
            let opened = self.open(mode, None).await;
            match opened.and_then(|opened| self.remember(Some(mode)).map(|()| opened)) {
                Ok(opened) => *open = Some(opened),
                Err(error) => notice = Some(error.message),
            }
        }
        let mode = open.as_ref().map(|open| open.mode);
        let desk = open
            .as_ref()
            .filter(|open| open.is_real())
            .map(|open| Arc::clone(&open.desk));
        drop(open);
        let can_bring_in = match &desk {
            Some(desk) => desk.is_empty().await.unwrap_or(false),
            None => false,
        };
        Start {
            mode,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            data_folder: self.root.display().to_string(),
            keys: self.hints().await,
            notice,
            can_bring_in,
            may_offer_autostart: desk.is_some() && crate::autostart::may_offer(&self.root),
        }
    }

    /// There is a floor to be seen, and what takes the processor may begin.
    pub(crate) fn floor_painted(&self) {
        self.painted.notify_waiters();
    }

    /// Where everything is kept.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Opens a mode, closing the one that is open.
    ///
    /// # Errors
    /// [`ErrorCode::KeyStore`], [`ErrorCode::Ledger`], or [`ErrorCode::Unauthorised`] without a key.
    pub(crate) async fn choose(&self, mode: Mode) -> Result<Start, AppError> {
        {
            let mut open = self.open.lock().await;
            if open.as_ref().map(|o| o.mode) != Some(mode) {
                let opened = self.open(mode, None).await?;
                if let Some(closed) = open.replace(opened) {
                    closed.desk.close().await;
                }
            }
            self.remember(Some(mode))?;
        }
        Ok(self.start().await)
    }

    /// Keeps a key and opens the mode that it opens.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for the field `key`, and those of [`Till::choose`].
    pub(crate) async fn enter_key(&self, text: &str) -> Result<Start, AppError> {
        let key = ApiKey::parse(text).map_err(|problem| AppError::field("key", problem.to_string()))?;
        let mode = Mode::of(&key);
        self.in_key_store(move |keys| keys.keep(&key)).await?;
        // A new key for the mode that is open takes the place of the old one.
        self.close_if(|open| open.mode == mode).await;
        self.choose(mode).await
    }

    /// Forgets a mode's key, and leaves the mode.
    ///
    /// # Errors
    /// [`ErrorCode::KeyStore`].
    pub(crate) async fn forget_key(&self, mode: Mode) -> Result<Start, AppError> {
        self.in_key_store(move |keys| keys.forget(mode)).await?;
        if self.close_if(|open| open.mode == mode).await {
            self.remember(None)?;
        }
        Ok(self.start().await)
    }

    /// Where lists go on a system that has no folder for downloads.
    pub(crate) fn exports(&self) -> PathBuf {
        self.root.join("exports")
    }

    /// Back to the first choice.
    ///
    /// # Errors
    /// [`ErrorCode::Ledger`] when the data folder can't be written.
    pub(crate) async fn leave(&self) -> Result<Start, AppError> {
        self.remember(None)?;
        self.close().await;
        Ok(self.start().await)
    }

    /// Closes whatever is open, with a last backup.
    pub(crate) async fn close(&self) {
        self.close_if(|_| true).await;
    }

    async fn close_if(&self, wanted: impl FnOnce(&mut Open) -> bool) -> bool {
        let Some(closed) = self.open.lock().await.take_if(wanted) else {
            return false;
        };
        closed.desk.close().await;
        show_standing(&self.app, None, false);
        true
    }

    /// The desk of the mode that is open.
    ///
    /// # Errors
    /// [`ErrorCode::NotAllowed`] before a mode was chosen.
    pub(crate) async fn desk(&self) -> Result<Arc<Desk>, AppError> {
        let open = self.open.lock().await;
        open.as_ref()
            .map(|open| Arc::clone(&open.desk))
            .ok_or_else(closed)
    }

    /// The simulator, in training.
    ///
    /// # Errors
    /// [`ErrorCode::NotAllowed`] in any other mode.
    pub(crate) async fn simulator(&self) -> Result<Arc<Running>, AppError> {
        let open = self.open.lock().await;
        open.as_ref()
            .and_then(|open| open.simulator.clone())
            .ok_or_else(|| AppError::new(ErrorCode::NotAllowed, "That is for training only."))
    }

    /// Opens a mode; in training on a simulator that runs already, if there is one.
    async fn open(&self, mode: Mode, running: Option<Arc<Running>>) -> Result<Open, AppError> {
        match self.open_now(mode, running.clone()).await {
            // Its check may have found harm before anything stood on it.
            Err(error)
                if error.code == ErrorCode::Ledger && !self.looks_whole.swap(true, Ordering::Relaxed) =>
            {
                tracing::warn!(%error, "the ledger is opened once more, and looked at whole first");
                self.open_now(mode, running).await
            }
            done => done,
        }
    }

    async fn open_now(&self, mode: Mode, running: Option<Arc<Running>>) -> Result<Open, AppError> {
        let folder = mode.folder(&self.root);
        let opened = self.open_ledger(folder.clone()).await?;
        let (ledger, check_gate) = (Arc::new(opened.ledger), opened.check_gate);
        let checked = ledger.checked();
        let (key, address, simulator) = match mode {
            Mode::Training => {
                let simulator = match running {
                    Some(running) => running,
                    None => training::start(&folder).await.map_err(internal)?,
                };
                (parsed(training::KEY)?, simulator.base_url(), Some(simulator))
            }
            Mode::Sandbox | Mode::Live => {
                let key = self.in_key_store(move |keys| keys.key(mode)).await?;
                let key = key.ok_or_else(|| {
                    AppError::new(
                        ErrorCode::Unauthorised,
                        "There is no key for this mode yet. Enter it.",
                    )
                })?;
                (key, self.dojo.clone(), None)
            }
        };
        let transport =
            HttpTransport::new(&address, HTTP_TIMEOUT).map_err(|e| AppError::new(ErrorCode::Internal, e))?;
        let clock: Arc<dyn Clock> = match &simulator {
            Some(simulator) => Arc::new(TrainingClock(Arc::clone(simulator))),
            None => Arc::new(SystemClock),
        };
        let is_new = !ledger.has_tabs().await?;
        // What is invented is written, and what writes waits for the check.
        let check_gate = check_gate.filter(|_| !is_new);
        let desk = Arc::new(Desk::new(ledger, Client::new(Arc::new(transport), key), clock));
        if let Some(simulator) = simulator.as_ref().filter(|_| is_new)
            && let Err(error) = training::invent_tabs(&desk, simulator).await
        {
            tracing::warn!(%error, "the training tabs could not be invented");
        }
        let of = Arc::downgrade(&desk);
        tokio::spawn(hear_of_the_check(self.app.clone(), check_gate, checked, of));
        Ok(self.watched(mode, desk, simulator))
    }

    /// A ledger that was closed a moment ago lets go of its lock when its thread has ended.
    async fn open_ledger(&self, folder: PathBuf) -> Result<Opened, AppError> {
        let open = if self.looks_whole.load(Ordering::Relaxed) {
            SqliteLedger::open_or_restore
        } else {
            SqliteLedger::open_staged
        };
        let mut tries = 0;
        loop {
            match open(&folder, SystemClock.now()) {
                // Staff hear of it on the floor: the ledger itself keeps what was restored.
                Ok(opened) => return Ok(opened),
                Err(LedgerError::InUse) if tries < 10 => tries += 1,
                Err(error) => return Err(error.into()),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// The ledger under this desk was found damaged: it is closed, unless it was before, and opened again as a
    /// damaged one is.
    async fn open_again(&self, desk: Weak<Desk>) {
        let mut open = self.open.lock().await;
        let Some(closing) = open.take_if(|open| Arc::as_ptr(&open.desk) == desk.as_ptr()) else {
            return;
        };
        self.looks_whole.store(true, Ordering::Relaxed);
        let (mode, simulator) = (closing.mode, closing.simulator.clone());
        drop(closing);
        // Whoever waits for Dojo does so for half a minute at most, and is then told that the ledger is not sound.
        while put_back::still_used(desk.clone()).await.is_some() {
            tracing::warn!("somebody still works with the damaged ledger");
        }
        match self.open(mode, simulator).await {
            Ok(opened) => *open = Some(opened),
            Err(error) => {
                tracing::error!(error = error.message, "the damaged ledger was not made good");
                // Nothing is watched any more, and whoever closed the window to the tray has to know.
                show_standing(&self.app, None, false);
                leaving::show(&self.app);
            }
        }
        drop(open);
        tell(&self.app, "reopened");
    }

    /// A desk at work: the watch is kept, and the window hears of changes.
    fn watched(&self, mode: Mode, desk: Arc<Desk>, simulator: Option<Arc<Running>>) -> Open {
        let tasks = vec![
            tokio::spawn(make_search_ready(Arc::clone(&desk))).abort_handle(),
            tokio::spawn(Arc::clone(&desk).keep_watch()).abort_handle(),
            tokio::spawn(Arc::clone(&desk).keep_warning(Arc::new(SystemNotifier))).abort_handle(),
            tokio::spawn(tell_changes(
                self.app.clone(),
                Arc::clone(&desk),
                simulator.is_none(),
            ))
            .abort_handle(),
        ];
        Open {
            mode,
            desk,
            simulator,
            tasks,
        }
    }

    /// Puts a backup in the ledger's place. Commands that come meanwhile wait for the desk that stands
    /// on it; when it can't be done, they find the one that was there.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] for what is no backup of this mode's, [`ErrorCode::NotAllowed`] while
    /// something is on its way, [`ErrorCode::Ledger`].
    pub(crate) async fn put_back(&self, name: &str) -> Result<Start, AppError> {
        {
            let mut open = self.open.lock().await;
            let Some(closing) = open.take() else {
                return Err(closed());
            };
            let (mode, simulator) = (closing.mode, closing.simulator.clone());
            if let Err(error) = put_back::may(&closing.desk, name).await {
                *open = Some(closing);
                return Err(error);
            }
            let desk = Arc::downgrade(&closing.desk);
            drop(closing);
            if let Some(desk) = put_back::still_used(desk).await {
                *open = Some(self.watched(mode, desk, simulator));
                return Err(put_back::busy());
            }
            let done = put_back::swap(mode.folder(&self.root), name.to_owned()).await;
            // Whatever became of it, there is a ledger to go on with.
            *open = Some(self.open(mode, simulator).await?);
            done?;
        }
        Ok(self.start().await)
    }

    /// Key stores block, and may ask their user to unlock them.
    async fn in_key_store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn KeyStore) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let keys = Arc::clone(&self.keys);
        tokio::task::spawn_blocking(move || work(keys.as_ref()))
            .await
            .map_err(internal)?
    }

    async fn hints(&self) -> Keys {
        let hints = self.in_key_store(|keys| {
            let hint = |mode| Ok::<_, AppError>(keys.key(mode)?.map(|key| key.hint()));
            Ok(Keys {
                sandbox: hint(Mode::Sandbox)?,
                live: hint(Mode::Live)?,
            })
        });
        hints.await.unwrap_or_default()
    }

    fn last_mode(&self) -> Option<Mode> {
        let name = std::fs::read_to_string(self.root.join("mode")).ok()?;
        Mode::named(name.trim())
    }

    fn first(&self) -> std::sync::MutexGuard<'_, Option<Mode>> {
        self.first.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, mode: Option<Mode>) -> Result<(), AppError> {
        *self.first() = None;
        let path = self.root.join("mode");
        let written = std::fs::create_dir_all(&self.root)
            .and_then(|()| std::fs::write(&path, mode.map_or("", Mode::name)));
        written.map_err(|error| {
            let words = format!(
                "The data folder can’t be written: {error}. See {}.",
                path.display()
            );
            AppError::new(ErrorCode::Ledger, words)
        })
    }
}

/// The check begins when the floor is painted. When it takes long, the window says so until it is over; what it finds
/// is made good.
///
/// In a box, for what is opened then is checked again.
fn hear_of_the_check(
    app: AppHandle,
    check_gate: Option<CheckGate>,
    checked: impl Future<Output = Result<(), LedgerError>> + Send + 'static,
    desk: Weak<Desk>,
) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async move {
        if let Some(check_gate) = check_gate {
            let till = app.state::<Till>();
            // Painted or not, it has waited for long enough.
            let _ = tokio::time::timeout(MOST_HELD_BACK, till.painted.notified()).await;
            drop(check_gate);
        }
        tokio::pin!(checked);
        let found = match tokio::time::timeout(CHECK_SHOWN_AFTER, &mut checked).await {
            Ok(found) => found,
            Err(_) => {
                tell(&app, "changed");
                let found = checked.await;
                tell(&app, "changed");
                found
            }
        };
        if found.is_err() {
            app.state::<Till>().open_again(desk).await;
        }
    })
}

/// A word to the window, which then asks for what it shows.
fn tell(app: &AppHandle, word: &str) {
    if let Err(error) = app.emit(word, ()) {
        tracing::warn!(%error, word, "the window could not be told");
    }
}

/// The first real search should not be the one that waits until all is read.
async fn make_search_ready(desk: Arc<Desk>) {
    if let Err(error) = desk.search("").await {
        tracing::warn!(%error, "searching could not be made ready");
    }
}

/// The window asks again for what it shows; nothing is sent to it unasked.
async fn tell_changes(app: AppHandle, desk: Arc<Desk>, is_real: bool) {
    let (mut changes, mut online) = (desk.changes(), desk.online());
    loop {
        if is_real {
            tell_standing(&app, &desk).await;
        }
        tokio::select! {
            Ok(()) = changes.changed() => {}
            Ok(()) = online.changed() => {}
            else => return,
        }
        tell(&app, "changed");
        tokio::time::sleep(CHANGES_JOINED_FOR).await;
    }
}

fn closed() -> AppError {
    AppError::new(ErrorCode::NotAllowed, "Choose training or enter a key first.")
}

/// How the venue stands, for the tray and for whoever closes the window.
async fn tell_standing(app: &AppHandle, desk: &Desk) {
    match (desk.standing().await, desk.settings().await) {
        (Ok(standing), Ok(settings)) => show_standing(app, Some(standing), settings.keep_in_tray),
        (Err(error), _) | (_, Err(error)) => tracing::warn!(%error, "the tray shows what was known last"),
    }
}

fn show_standing(app: &AppHandle, standing: Option<Standing>, keeps_watching: bool) {
    let tray = app.state::<Tray>();
    tray.show(app, standing.as_ref());
    app.state::<Leaving>()
        .note(standing.as_ref(), keeps_watching, tray.is_there());
    app.state::<Told>().tell(standing);
}

/// How the venue stood when it was told last; none where nothing is watched.
#[derive(Default)]
pub(crate) struct Told(std::sync::Mutex<Option<Standing>>);

impl Told {
    pub(crate) fn standing(&self) -> Option<Standing> {
        self.0.lock().ok()?.clone()
    }

    fn tell(&self, standing: Option<Standing>) {
        if let Ok(mut told) = self.0.lock() {
            *told = standing;
        }
    }
}

fn parsed(key: &str) -> Result<ApiKey, AppError> {
    ApiKey::parse(key)
        .context("the training key is no key")
        .map_err(internal)
}

fn internal(error: impl std::fmt::Display) -> AppError {
    AppError::new(
        ErrorCode::Internal,
        format!("Something went wrong inside Holdfast: {error}."),
    )
}
