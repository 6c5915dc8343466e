//! The watch is never off unnoticed. What keeps the last mode from opening is told outside the window too, and tried
//! again until it's open or somebody chooses otherwise.

use super::Till;
use super::last_mode::{self, LastMode};
use super::open::{Open, tell};
use crate::notices::SystemNotifier;
use crate::question::Question;
use crate::{data_folder, main_window, tray_state, wording};
use holdfast_desk::{AppError, ErrorCode, Mode};
use holdfast_shared_ledger::Joined;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};
use tauri::Manager;

/// How often it's looked whether the watch is on. A locked key store is asked as often whether it was unlocked.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// The longest pause between two tries. Each opens the ledger, or brings up the key store's question.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// How often it's tried whether anything can be recorded. Each try writes to the disk.
const TRY_FOLDER_EVERY: Duration = Duration::from_secs(20);

/// It's told again after this time, as warnings are.
const TOLD_EVERY: Duration = Duration::from_secs(30 * 60);

/// What was told, and when.
struct ToldWords {
    words: String,
    at: Instant,
}

impl ToldWords {
    fn now(words: String) -> Self {
        Self {
            words,
            at: Instant::now(),
        }
    }
}

/// What was told, if it was this and need not be told again yet.
fn told_lately(told: Option<ToldWords>, words: &str) -> Option<ToldWords> {
    told.filter(|told| told.words == words && told.at.elapsed() < TOLD_EVERY)
}

impl Till {
    /// Opens the mode that was in use last, and sees to it that it's open for as long as the program runs. Where none
    /// is, a hidden window comes forward: a hidden program that watches nothing helps nobody.
    pub(crate) async fn keep_open(&self) {
        let mut told: Option<ToldWords> = None;
        let (mut left, mut full) = (None, None);
        let mut looked_at = Instant::now();
        let (mut pause, mut next) = (LOOK_EVERY, Instant::now());
        loop {
            match self.try_to_open(Instant::now() >= next).await {
                Ok(true) => {
                    if told.take().is_some() {
                        SystemNotifier::of(&self.app).say(wording::watching_again());
                        self.reopened();
                    }
                    pause = LOOK_EVERY;
                }
                Ok(false) => {
                    told = None;
                    // There is nothing to watch before somebody chooses, and nobody can in a hidden window.
                    main_window::show_if_hidden(&self.app);
                }
                Err(error) => {
                    if Instant::now() >= next {
                        pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
                        next = Instant::now() + pause;
                    }
                    told = Some(self.say_that_it_is_off(told, &error));
                    main_window::show_if_hidden(&self.app);
                }
            }
            left = self.remind_of_what_was_left(left);
            if looked_at.elapsed() >= TRY_FOLDER_EVERY {
                full = self.tell_of_folder(full).await;
                looked_at = Instant::now();
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// A disk that fills up while the till works: nothing can be recorded any more. Staff who closed the window
    /// have to know.
    async fn tell_of_folder(&self, told: Option<ToldWords>) -> Option<ToldWords> {
        let desk = self
            .open
            .lock()
            .await
            .as_ref()
            .map(|open| Arc::clone(&open.desk))?;
        let root = self.root.clone();
        let words = tokio::task::spawn_blocking(move || data_folder::trouble_at_work(&root)).await;
        let words = words.unwrap_or_default();
        desk.say_folder_trouble(words.clone());
        let words = words?;
        Some(told_lately(told, &words).unwrap_or_else(|| {
            tracing::error!(words, "nothing can be recorded");
            SystemNotifier::of(&self.app).say(wording::not_recording(&words));
            main_window::show_if_hidden(&self.app);
            ToldWords::now(words)
        }))
    }

    /// Live was left with something open in it: training would go on hidden from one login to the next, and a hold end.
    fn remind_of_what_was_left(&self, told: Option<ToldWords>) -> Option<ToldWords> {
        let words = self.left_open()?;
        // At a start it may not be there yet, and would never come forward.
        self.app.get_webview_window("main")?;
        Some(told_lately(told, &words).unwrap_or_else(|| {
            tracing::warn!("live was left with something open in it");
            SystemNotifier::of(&self.app).say(wording::not_watching(&words));
            main_window::show_if_hidden(&self.app);
            ToldWords::now(words)
        }))
    }

    /// The window is told that another ledger, or the same one again, is open: what it asked is over.
    pub(super) fn reopened(&self) {
        self.app.state::<Question>().end();
        tell(&self.app, "reopened");
    }

    /// Whether a mode is open; tries to open the last one if none is. Between two tries a locked key store alone is
    /// looked at, which costs nothing.
    async fn try_to_open(&self, is_due: bool) -> Result<bool, AppError> {
        let mut open = self.open.lock().await;
        if open.as_ref().is_some_and(Open::has_died) {
            tracing::error!("the watch has ended by a fault; the ledger is opened again");
            *open = None;
            let died = AppError::new(ErrorCode::Internal, wording::WATCH_DIED);
            self.set_trouble(Some(died.clone()));
            return Err(died);
        }
        if open.is_some() {
            return Ok(true);
        }
        if let Some(error) = self.trouble() {
            let is_locked = self.is_key_locked().await;
            let was_locked = std::mem::replace(&mut *self.was_locked(), is_locked);
            // Staff who have just unlocked it need not wait for the next try.
            if is_locked || !(is_due || was_locked) {
                return Err(error);
            }
        }
        self.open_last(&mut open).await
    }

    /// Opens the mode that was in use last, if one was; whether it's open.
    pub(super) async fn open_last(&self, open: &mut Option<Open>) -> Result<bool, AppError> {
        let opened = match self.wanted().await {
            Ok(None) => Ok(None),
            Ok(Some(mode)) => self.open_and_remember(mode).await.map(Some),
            Err(error) => Err(error),
        };
        self.set_trouble(opened.as_ref().err().cloned());
        *open = opened?;
        Ok(open.is_some())
    }

    async fn open_and_remember(&self, mode: Mode) -> Result<Open, AppError> {
        let opened = self.open(mode, None).await?;
        self.remember(Some(mode))?;
        Ok(opened)
    }

    /// The mode to begin with. Where the file that names it was emptied, the only one of Dojo's that has a ledger, or
    /// the only one of those that has a key.
    async fn wanted(&self) -> Result<Option<Mode>, AppError> {
        match last_mode::read(&self.root) {
            LastMode::Known(mode) => return Ok(Some(mode)),
            LastMode::None => return Ok(*self.first()),
            LastMode::Lost => {}
        }
        let has_ledger = |mode: &Mode| {
            let folder = mode.folder(&self.root);
            folder.join("ledger.db").exists() || Joined::is_in(&folder)
        };
        let used: Vec<Mode> = [Mode::Live, Mode::Sandbox]
            .into_iter()
            .filter(has_ledger)
            .collect();
        let mode = match used[..] {
            [] => return Ok(*self.first()),
            [mode] => mode,
            _ => {
                let keys = self.hints().await;
                match (keys.live, keys.sandbox) {
                    (Some(_), None) => Mode::Live,
                    (None, Some(_)) => Mode::Sandbox,
                    _ => return Err(AppError::new(ErrorCode::NotFound, wording::MODE_LOST)),
                }
            }
        };
        tracing::warn!(mode = mode.name(), "the file that names the mode was emptied");
        Ok(Some(mode))
    }

    /// Tells what isn't told yet, or was long ago.
    fn say_that_it_is_off(&self, told: Option<ToldWords>, error: &AppError) -> ToldWords {
        if let Some(told) = told_lately(told, &error.message) {
            return told;
        }
        tracing::error!(error = error.message, "nothing is watched");
        tray_state::show(&self.app, None, false);
        // In training there is nothing to lose, and a window to say it.
        if last_mode::read(&self.root) != LastMode::Known(Mode::Training) {
            SystemNotifier::of(&self.app).say(wording::not_watching(&error.message));
        }
        ToldWords::now(error.message.clone())
    }

    /// What keeps the last mode from opening.
    pub(super) fn trouble(&self) -> Option<AppError> {
        self.trouble
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(super) fn set_trouble(&self, trouble: Option<AppError>) {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
    }

    fn was_locked(&self) -> std::sync::MutexGuard<'_, bool> {
        self.was_locked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the last mode's key is there and locked. To ask for it would bring up the store's own question again.
    async fn is_key_locked(&self) -> bool {
        let LastMode::Known(mode) = last_mode::read(&self.root) else {
            return false;
        };
        let asked = self.in_key_store(move |keys| Ok(keys.is_locked(mode)));
        asked.await.unwrap_or(false)
    }
}
