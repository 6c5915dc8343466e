//! Which mode is open, and its desk.

mod house;
mod last_mode;
mod ledger;
mod left_open;
mod open;
mod shared;
mod unwatched;

use crate::simulator::Simulator;
use crate::{guest_window, restore_backup, tray_state, wording};
use holdfast_desk::{
    AppError, Clock, Desk, ErrorCode, Field, KeyStore, Mode, Passed, SetupStep, SystemClock, key_not_read,
    view::{Keys, Start},
};
use holdfast_dojo::ApiKey;
use holdfast_ledger_sqlite::LedgerHome;
use open::Open;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tauri::AppHandle;
use tokio::sync::{Mutex, Notify};

/// A person may take long to unlock the key store. Meanwhile the window says what it waits for.
const KEY_READ_WITHIN: Duration = Duration::from_secs(6);

/// The till: at most one mode is open.
pub(crate) struct Till {
    app: AppHandle,
    root: PathBuf,
    /// What is asked instead of Dojo, if the command line or the environment says so.
    dojo: Option<String>,
    /// What training practises on instead of a simulator of its own.
    practises_on: Option<String>,
    keys: Arc<dyn KeyStore>,
    open: Mutex<Option<Open>>,
    /// The mode to begin with when none was in use before, until one is opened or left.
    first: std::sync::Mutex<Option<Mode>>,
    /// From now on each ledger is looked at whole first: one that was opened at once was not sound, or could not be
    /// opened.
    looks_whole: AtomicBool,
    /// The shared ledger can't be opened before the till has joined it again.
    wants_code: AtomicBool,
    /// What keeps the last mode from opening.
    trouble: std::sync::Mutex<Option<AppError>>,
    /// Its key was locked when it was looked at last.
    was_locked: std::sync::Mutex<bool>,
    /// Why the data folder can't be worked in: nothing is opened then.
    folder_trouble: Option<String>,
    /// Told whenever a floor has been painted.
    painted: Notify,
}

impl Till {
    pub(crate) fn new(
        app: AppHandle,
        root: PathBuf,
        dojo: Option<String>,
        practises_on: Option<String>,
        keys: Arc<dyn KeyStore>,
        first: Option<Mode>,
        folder_trouble: Option<String>,
    ) -> Self {
        Self {
            app,
            root,
            dojo,
            practises_on,
            keys,
            open: Mutex::new(None),
            first: std::sync::Mutex::new(first),
            looks_whole: AtomicBool::new(false),
            wants_code: AtomicBool::new(false),
            trouble: std::sync::Mutex::default(),
            was_locked: std::sync::Mutex::default(),
            folder_trouble,
            painted: Notify::new(),
        }
    }

    /// What the window has to know; opens the mode that was in use last.
    pub(crate) async fn start(&self) -> Start {
        let mut open = self.open.lock().await;
        if open.is_none() && self.trouble().is_none() && self.folder_trouble.is_none() {
            // What comes of it is noted.
            drop(self.open_last(&mut open).await);
        }
        let trouble = self.trouble();
        let mode = open.as_ref().map(|open| open.mode);
        let desk = open
            .as_ref()
            .filter(|open| open.is_real())
            .map(|open| Arc::clone(&open.desk));
        let shared_ledger = open.as_ref().and_then(|open| open.shared.clone());
        drop(open);
        let can_bring_in = match &desk {
            Some(desk) => desk.is_empty().await.unwrap_or(false),
            None => false,
        };
        Start {
            mode,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            data_folder: self.root.display().to_string(),
            instead_of_dojo: self.dojo.clone().filter(|_| mode == Some(Mode::Sandbox)),
            keys: if self.asks_no_keys() {
                Keys::default()
            } else {
                self.hints().await
            },
            notice: trouble.map(|error| error.message),
            left_open: self.left_open(),
            shared_ledger,
            joins_again: self.joins_again(),
            may_leave_ledger: self.may_leave_ledger(),
            folder_trouble: self.folder_trouble.clone(),
            can_bring_in,
            may_offer_autostart: desk.is_some() && crate::autostart::may_offer(&self.root),
            // A share whose server is off answers nobody.
            setup: match self.folder_trouble {
                Some(_) => None,
                None => SetupStep::of_till(&self.root),
            },
            setup_passed: match self.folder_trouble {
                Some(_) => BTreeMap::new(),
                None => SetupStep::passed(&self.root),
            },
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
                self.give_house(&opened, open.as_ref()).await;
                if let Some(closed) = open.replace(opened) {
                    guest_window::close(&self.app);
                    closed.desk.close().await;
                }
            }
            self.remember(Some(mode))?;
            self.set_trouble(None);
        }
        Ok(self.start().await)
    }

    /// Remembers how far setting up has come, and how the step before was left. What is set has to be kept somewhere:
    /// with nothing open that's training's ledger, which hands it to the first ledger with a key.
    ///
    /// # Errors
    /// [`ErrorCode::Ledger`] when the data folder can't be written; those of [`Till::choose`].
    pub(crate) async fn set_up(&self, step: SetupStep, left: Option<Passed>) -> Result<Start, AppError> {
        step.remember(left, &self.root).map_err(|error| {
            AppError::new(ErrorCode::Ledger, wording::folder_not_written(&self.root, &error))
        })?;
        if step != SetupStep::Done && self.open.lock().await.is_none() {
            return self.choose(Mode::Training).await;
        }
        Ok(self.start().await)
    }

    /// Keeps a key and opens the mode that it opens. `typed` confirms that it takes another one's place.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for the field `key`, those of [`holdfast_desk::KeyQuestion::ask`], and of
    /// [`Till::choose`].
    pub(crate) async fn enter_key(&self, text: &str, typed: Option<&str>) -> Result<Start, AppError> {
        let key = ApiKey::parse(text)
            .map_err(|problem| AppError::field(Field::Key, wording::not_a_key(problem)))?;
        let mode = Mode::of(&key);
        self.agreed_to_leave_for(mode, typed).await?;
        self.accept_key(mode, &key, typed).await?;
        self.in_key_store(move |keys| keys.keep(&key)).await?;
        // A new key for the mode that is open takes the place of the old one.
        self.close_if(|open| open.mode == mode).await;
        self.choose(mode).await
    }

    /// Forgets the key of the mode that is open, and leaves the mode. `typed` confirms it.
    ///
    /// # Errors
    /// [`ErrorCode::NotAllowed`] for another mode, [`ErrorCode::Unconfirmed`], [`ErrorCode::KeyStore`],
    /// [`ErrorCode::Ledger`].
    pub(crate) async fn forget_key(&self, mode: Mode, typed: Option<&str>) -> Result<Start, AppError> {
        // Its ledger takes note of it.
        let (open, desk) = self.open_desk().await?;
        if open != mode {
            return Err(closed());
        }
        desk.confirm_key_removal(typed).await?;
        self.in_key_store(move |keys| keys.forget(mode)).await?;
        let noted = desk.key_removed().await;
        drop(desk);
        // Or it would be opened again at once.
        self.remember(None)?;
        noted?;
        self.close_if(|open| open.mode == mode).await;
        Ok(self.start().await)
    }

    /// Where lists go on a system that has no folder for downloads.
    pub(crate) fn exports(&self) -> PathBuf {
        self.root.join(wording::EXPORTS)
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
        guest_window::close(&self.app);
        closed.desk.close().await;
        tray_state::show(&self.app, None, false);
        true
    }

    /// The desk of the mode that is open.
    ///
    /// # Errors
    /// [`ErrorCode::NotAllowed`] before a mode was chosen.
    pub(crate) async fn desk(&self) -> Result<Arc<Desk>, AppError> {
        self.open_desk().await.map(|(_, desk)| desk)
    }

    /// Refuses what is done with a ledger's own file, where the mode that is open shares its ledger.
    ///
    /// # Errors
    /// [`ErrorCode::NotAllowed`].
    pub(crate) async fn refuse_if_shared(&self) -> Result<(), AppError> {
        let open = self.open.lock().await;
        match open.as_ref().and_then(|open| open.shared.as_ref()) {
            Some(_) => Err(shared::backed_up_by_server()),
            None => Ok(()),
        }
    }

    /// The desk, with the mode that it works in.
    ///
    /// # Errors
    /// As [`Till::desk`].
    pub(crate) async fn open_desk(&self) -> Result<(Mode, Arc<Desk>), AppError> {
        let open = self.open.lock().await;
        open.as_ref()
            .map(|open| (open.mode, Arc::clone(&open.desk)))
            .ok_or_else(closed)
    }

    /// The simulator, in training.
    ///
    /// # Errors
    /// [`ErrorCode::NotAllowed`] in any other mode.
    pub(crate) async fn simulator(&self) -> Result<Arc<Simulator>, AppError> {
        let open = self.open.lock().await;
        open.as_ref()
            .and_then(|open| open.simulator.clone())
            .ok_or_else(for_training_only)
    }

    /// Training's desk and its simulator, of one moment: what is invented must never reach a desk that asks Dojo.
    ///
    /// # Errors
    /// [`ErrorCode::NotAllowed`] in any other mode.
    pub(crate) async fn training(&self) -> Result<(Arc<Desk>, Arc<Simulator>), AppError> {
        let open = self.open.lock().await;
        open.as_ref()
            .and_then(|open| Some((Arc::clone(&open.desk), open.simulator.clone()?)))
            .ok_or_else(for_training_only)
    }

    /// Puts a backup in the ledger's place. Commands that come meanwhile wait for the desk that stands
    /// on it; when it can't be done, they find the one that was there.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] for what is no backup of this mode's, [`ErrorCode::NotAllowed`] while
    /// something is on its way, [`ErrorCode::Ledger`].
    pub(crate) async fn restore_backup(&self, name: &str) -> Result<Start, AppError> {
        {
            let mut open = self.open.lock().await;
            let Some(closing) = open.take() else {
                return Err(closed());
            };
            if closing.shared.is_some() {
                *open = Some(closing);
                return Err(shared::backed_up_by_server());
            }
            let (mode, simulator) = (closing.mode, closing.simulator.clone());
            if let Err(error) = restore_backup::refuse_unless_possible(&closing.desk, name).await {
                *open = Some(closing);
                return Err(error);
            }
            let desk = Arc::downgrade(&closing.desk);
            drop(closing);
            if let Some(desk) = restore_backup::still_used(desk).await {
                *open = Some(self.watched(mode, desk, simulator, None));
                return Err(restore_backup::busy());
            }
            let done = LedgerHome::at(mode.folder(&self.root))
                .restore(name, SystemClock.now())
                .await;
            // Whatever became of it, there is a ledger to go on with.
            *open = Some(self.open(mode, simulator).await?);
            done?;
        }
        Ok(self.start().await)
    }

    /// Reads from the key store. One that waits for its person, or hangs, is told as one that can't be read.
    async fn read_key_store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn KeyStore) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let read = tokio::time::timeout(KEY_READ_WITHIN, self.in_key_store(work));
        read.await.unwrap_or_else(|_| Err(key_not_read()))
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
        let hints = self.read_key_store(|keys| {
            let hint = |mode| Ok::<_, AppError>(keys.key(mode)?.map(|key| key.hint()));
            Ok(Keys {
                sandbox: hint(Mode::Sandbox)?,
                live: hint(Mode::Live)?,
            })
        });
        hints.await.unwrap_or_default()
    }

    /// A key store that refused a moment ago would only ask its person again; and which entries are this till's stands
    /// in the data folder.
    fn asks_no_keys(&self) -> bool {
        let has_refused = |error: AppError| error.code == ErrorCode::KeyStore;
        self.folder_trouble.is_some() || self.trouble().is_some_and(has_refused)
    }

    fn first(&self) -> std::sync::MutexGuard<'_, Option<Mode>> {
        self.first.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, mode: Option<Mode>) -> Result<(), AppError> {
        *self.first() = None;
        last_mode::write(&self.root, mode).map_err(|error| {
            AppError::new(ErrorCode::Ledger, wording::folder_not_written(&self.root, &error))
        })
    }
}

fn for_training_only() -> AppError {
    AppError::new(ErrorCode::NotAllowed, wording::TRAINING_ONLY)
}

fn closed() -> AppError {
    AppError::new(ErrorCode::NotAllowed, wording::CHOOSE_FIRST)
}

fn internal(error: impl std::fmt::Display) -> AppError {
    AppError::new(ErrorCode::Internal, wording::something_wrong(&error))
}
