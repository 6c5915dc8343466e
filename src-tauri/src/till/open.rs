//! Opening a mode: its ledger, its desk, what keeps watch over it, and the check of the ledger behind the window.

use super::ledger::OpenedLedger;
use super::shared::OpenShared;
use super::{Till, internal};
use crate::notices::SystemNotifier;
use crate::simulator::Simulator;
use crate::training::{self, TrainingClock};
use crate::{main_window, restore_backup, tray_state, wording};
use anyhow::Context;
use holdfast_desk::{
    AppError, CHECK_SHOWN_AFTER, Clock, Desk, ErrorCode, KeyQuestion, Mode, NewKey, SystemClock,
    view::SharedLedger,
};
use holdfast_dojo::{ApiKey, Client, Environment, HttpTransport};
use holdfast_ledger::LedgerError;
use holdfast_ledger_sqlite::{CheckGate, LedgerHome, Opening};
use holdfast_shared_ledger::Joined;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tauri::{AppHandle, Emitter, Manager};
use tokio::task::AbortHandle;

/// The longest that one request to Dojo may take, from connecting to the answer's last byte.
const HTTP_TIMEOUT: Duration = Duration::from_secs(30);

/// The check of the ledger waits this long for a floor to be painted; in the tray none is.
const CHECK_DELAYED_AT_MOST: Duration = Duration::from_secs(5);

/// Changes that come within this time are told as one.
const CHANGES_JOINED_FOR: Duration = Duration::from_millis(40);

/// A mode that is open.
pub(super) struct Open {
    pub(super) mode: Mode,
    pub(super) desk: Arc<Desk>,
    pub(super) simulator: Option<Arc<Simulator>>,
    /// The ledger that it shares with other tills; none where this one has it alone.
    pub(super) shared: Option<SharedLedger>,
    tasks: Vec<AbortHandle>,
    /// The watch, the warnings and hearing of other tills, which never end by themselves.
    endless: [AbortHandle; 3],
}

impl Open {
    /// Whether a fault in the program has ended the watch or the warnings.
    pub(super) fn has_died(&self) -> bool {
        self.endless.iter().any(AbortHandle::is_finished)
    }

    /// Real holds are at stake; in training nothing has to be watched.
    pub(super) fn is_real(&self) -> bool {
        self.simulator.is_none()
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        for task in self.tasks.iter().chain(&self.endless) {
            task.abort();
        }
    }
}

impl Till {
    /// Opens a mode; in training on a simulator that runs already, if there is one.
    pub(super) async fn open(&self, mode: Mode, running: Option<Arc<Simulator>>) -> Result<Open, AppError> {
        let has_file = !Joined::is_in(&mode.folder(&self.root));
        match self.open_now(mode, running.clone()).await {
            // Its check may have found harm before anything stood on it.
            Err(error)
                if error.code == ErrorCode::Ledger
                    && has_file
                    && !self.looks_whole.swap(true, Ordering::Relaxed) =>
            {
                tracing::warn!(%error, "the ledger is opened once more, and looked at whole first");
                self.open_now(mode, running).await
            }
            done => done,
        }
    }

    async fn open_now(&self, mode: Mode, running: Option<Arc<Simulator>>) -> Result<Open, AppError> {
        // First of all, for it's what may be tried again many times.
        let key = match mode {
            Mode::Training => None,
            Mode::Sandbox | Mode::Live => {
                let read = self.read_key_store(move |keys| Ok((keys.key(mode)?, keys.is_of_copied_folder())));
                let (key, is_copy) = read.await?;
                let why = if is_copy {
                    wording::NO_KEY_IN_COPY
                } else {
                    wording::NO_KEY
                };
                Some(key.ok_or_else(|| AppError::new(ErrorCode::Unauthorised, why))?)
            }
        };
        let folder = mode.folder(&self.root);
        let OpenedLedger {
            ledger,
            check_gate,
            checked,
            shared,
        } = self.open_ledger(mode).await?;
        let (key, address, simulator) = match key {
            None => {
                let simulator = match running {
                    Some(running) => running,
                    None => self.simulator_in(&folder).await?,
                };
                let key = parsed(simulator.key())?;
                (key, simulator.base_url(), Some(simulator))
            }
            Some(key) => {
                let address = self.address(&key)?;
                (key, address, None)
            }
        };
        let hint = key.hint();
        let client = client(&address, key)?;
        let clock: Arc<dyn Clock> = match &simulator {
            Some(simulator) => Arc::new(TrainingClock(Arc::clone(simulator))),
            None => Arc::new(SystemClock),
        };
        // On a shared ledger another till may be inventing them.
        let is_new = shared.is_none() && !ledger.has_tabs().await?;
        let desk = Arc::new(match &shared {
            Some(shared) => Desk::of_till(ledger, client.clone(), clock, shared.ledger.session()),
            None => Desk::new(ledger, client.clone(), clock),
        });
        desk.keep_settings_in(&folder);
        if let Some(name) = holdfast_key_store::till_name(&self.root) {
            desk.name_till(name);
        }
        if simulator.is_none() {
            desk.opened_with(&client, &hint).await?;
        }
        if let Some(simulator) = simulator.as_ref().filter(|_| is_new)
            && let Err(error) = training::invent_tabs(&desk, simulator).await
        {
            tracing::warn!(%error, "the training tabs could not be invented");
        }
        let of = Arc::downgrade(&desk);
        tokio::spawn(hear_of_the_check(self.app.clone(), check_gate, checked, of));
        Ok(self.watched(mode, desk, simulator, shared))
    }

    /// The simulator that training practises on.
    async fn simulator_in(&self, folder: &Path) -> Result<Arc<Simulator>, AppError> {
        let address =
            match &self.practises_on {
                Some(address) => {
                    let address = holdfast_dojo::address(Some(address), Environment::Sandbox);
                    Some(address.map_err(|error| {
                        AppError::new(ErrorCode::NotAllowed, wording::misdirected(&error))
                    })?)
                }
                None => None,
            };
        training::start(folder, address.as_deref())
            .await
            .map_err(internal)
    }

    /// Where this key is sent.
    fn address(&self, key: &ApiKey) -> Result<String, AppError> {
        let address = holdfast_dojo::address(self.dojo.as_deref(), key.environment());
        address.map_err(|error| AppError::new(ErrorCode::NotAllowed, wording::misdirected(&error)))
    }

    /// Whether the mode's ledger may work with this key: one that is open is asked itself.
    pub(super) async fn accept_key(
        &self,
        mode: Mode,
        key: &ApiKey,
        typed: Option<&str>,
    ) -> Result<(), AppError> {
        let client = client(&self.address(key)?, key.clone())?;
        // A key store that can't be used is told when the key is to be kept.
        let in_use = self
            .read_key_store(move |keys| keys.key(mode))
            .await
            .ok()
            .flatten();
        let in_use = in_use.filter(|in_use| in_use != key).map(|in_use| in_use.hint());
        let (hint, instead_of) = (key.hint(), in_use.as_deref());
        let new = NewKey {
            client: &client,
            hint: &hint,
            instead_of,
            typed,
        };
        match self.key_question(mode, &client).await? {
            Some(question) => question.ask(new).await,
            None => Ok(()),
        }
    }

    /// What the mode's ledger says of a new key; none where there is no ledger. Dojo may take long to answer, and is
    /// asked when nothing waits for it any more.
    async fn key_question(&self, mode: Mode, client: &Client) -> Result<Option<KeyQuestion>, AppError> {
        let open = self.open.lock().await;
        if let Some(open) = open.as_ref().filter(|open| open.mode == mode) {
            return open.desk.key_question().await.map(Some);
        }
        let folder = mode.folder(&self.root);
        // On a shared ledger Dojo is asked whose key it is when the mode is opened.
        if Joined::is_in(&folder) || !folder.join("ledger.db").exists() {
            return Ok(None);
        }
        // Held meanwhile, so that nobody opens it for work.
        let opened = LedgerHome::at(&folder)
            .open(Opening::Staged, SystemClock.now())
            .await?;
        let desk = Desk::new(Arc::new(opened.ledger), client.clone(), Arc::new(SystemClock));
        desk.key_question().await.map(Some)
    }

    /// The key turned out to be of another account once Dojo could be asked: nothing is watched with it. A
    /// further try to open the mode is told the same.
    async fn close_for(&self, desk: Weak<Desk>, key_of_another: AppError) {
        if self
            .close_if(|open| Arc::as_ptr(&open.desk) == desk.as_ptr())
            .await
        {
            main_window::show(&self.app);
            self.set_trouble(Some(key_of_another));
            self.reopened();
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
        // Callers that wait for Dojo do so for half a minute at most, and are then told that the ledger is not sound.
        while restore_backup::still_used(desk.clone()).await.is_some() {
            tracing::warn!("somebody still works with the damaged ledger");
        }
        match self.open(mode, simulator).await {
            Ok(opened) => *open = Some(opened),
            Err(error) => {
                tracing::error!(error = error.message, "the damaged ledger was not made good");
                // Nothing is watched any more, and a person who closed the window to the tray has to know.
                tray_state::show(&self.app, None, false);
                main_window::show(&self.app);
                self.set_trouble(Some(error));
            }
        }
        drop(open);
        self.reopened();
    }

    /// A desk at work: the watch is kept, and the window hears of changes.
    pub(super) fn watched(
        &self,
        mode: Mode,
        desk: Arc<Desk>,
        simulator: Option<Arc<Simulator>>,
        shared: Option<OpenShared>,
    ) -> Open {
        let tasks = vec![
            tokio::spawn(make_search_ready(Arc::clone(&desk))).abort_handle(),
            tokio::spawn(tell_changes(
                self.app.clone(),
                Arc::clone(&desk),
                simulator.is_none().then(|| mode.folder(&self.root)),
            ))
            .abort_handle(),
        ];
        let notifier = Arc::new(SystemNotifier::of(&self.app));
        let endless = [
            tokio::spawn(Arc::clone(&desk).keep_watch()).abort_handle(),
            tokio::spawn(Arc::clone(&desk).keep_warning(notifier)).abort_handle(),
            tokio::spawn(Arc::clone(&desk).keep_hearing()).abort_handle(),
        ];
        Open {
            mode,
            desk,
            simulator,
            shared: shared.map(|shared| shared.shown),
            tasks,
            endless,
        }
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
            let _ = tokio::time::timeout(CHECK_DELAYED_AT_MOST, till.painted.notified()).await;
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
pub(super) fn tell(app: &AppHandle, word: &str) {
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
/// `real` is the folder of a mode of Dojo's.
async fn tell_changes(app: AppHandle, desk: Arc<Desk>, real: Option<PathBuf>) {
    let (mut changes, mut online) = (desk.changes(), desk.online());
    loop {
        if let Some(folder) = &real {
            tray_state::tell(&app, &desk, folder).await;
        }
        if let Some(error) = desk.key_of_another() {
            let (app, of) = (app.clone(), Arc::downgrade(&desk));
            // On its own, for closing ends this task.
            tokio::spawn(async move { app.state::<Till>().close_for(of, error).await });
            return;
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

fn client(address: &str, key: ApiKey) -> Result<Client, AppError> {
    let transport =
        HttpTransport::new(address, HTTP_TIMEOUT).map_err(|e| AppError::new(ErrorCode::Internal, e))?;
    Ok(Client::new(Arc::new(transport), key))
}

fn parsed(key: &str) -> Result<ApiKey, AppError> {
    ApiKey::parse(key)
        .context("the training key is no key")
        .map_err(internal)
}
