//! Backups and restoring one, the support bundle, the connection test, exports.

use crate::gateway::whose_key;
use crate::maintenance::connection::{self, Connection};
use crate::maintenance::key::{self, KeyQuestion};
use crate::maintenance::restore::{self, BackupView, RestorePreview};
use crate::maintenance::support;
use crate::maintenance::update_hours;
use crate::{AppError, Desk, Export, ExportKind, RecoveryPhrase, Settings};
use chrono::NaiveDate;
use holdfast_dojo::Client;
use holdfast_ledger::BackedUp;
use std::path::Path;

impl Desk {
    /// Backs the ledger up now, with a second copy where the settings say so.
    ///
    /// # Errors
    /// The ledger's; a second copy that could not be made is part of the answer.
    pub async fn back_up(&self) -> Result<BackedUp, AppError> {
        self.backups.back_up().await
    }

    /// Shows above the floor, for as long as it lasts, what keeps anything from being recorded in the data folder.
    pub fn say_folder_trouble(&self, words: Option<String>) {
        self.folder.say(words);
    }

    /// Says what this till is called in a second folder, where its copies lie apart from other tills'.
    pub fn name_till(&self, name: String) {
        self.backups.name_till(name);
    }

    /// The last thing before the ledger is closed. A failure is logged and stops nobody from closing.
    pub async fn close(&self) {
        self.backups.close().await
    }

    /// Draws a recovery phrase for encrypted copies of backups. It's shown this once, and counts once it's confirmed.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Internal`] when the system has no random numbers.
    pub fn draw_recovery_phrase(&self) -> Result<RecoveryPhrase, AppError> {
        self.backups.draw_phrase()
    }

    /// Encrypts copies in the second folder from now on, to the phrase that was shown last; `typed` are the words that
    /// were asked for.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] for the fields `word0` and `word1`, [`crate::ErrorCode::NotFound`] when none was
    /// shown; the ledger's.
    pub async fn confirm_recovery_phrase(&self, typed: &[String]) -> Result<Settings, AppError> {
        self.backups.confirm_phrase(typed).await
    }

    /// The backups beside the ledger, the newest first.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn backups(&self) -> Result<Vec<BackupView>, AppError> {
        self.backups.backups().await
    }

    /// What putting one of [`Desk::backups`] back would change.
    ///
    /// # Errors
    /// [`crate::ErrorCode::NotFound`] for any other name, [`crate::ErrorCode::NotAllowed`] when the backup is damaged.
    pub async fn preview_restore(&self, name: &str) -> Result<RestorePreview, AppError> {
        self.backups.preview_restore(name).await
    }

    /// Whether a backup may be put back at this moment.
    ///
    /// # Errors
    /// [`crate::ErrorCode::NotAllowed`] while a request is on its way or the night is being closed.
    pub fn refuse_restore(&self) -> Result<(), AppError> {
        restore::refuse(self.night.is_running(), self.context.in_flight.is_any())
    }

    /// Whether the program may end without anybody's word: nothing is on its way and no night is being closed.
    pub fn may_end(&self) -> bool {
        self.refuse_restore().is_ok()
    }

    /// Whether staff may be told of a new version now: nothing is on its way, no night is being closed, and at the
    /// venue it's neither evening nor night.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn may_tell_of_update(&self) -> Result<bool, AppError> {
        let days = self.context.business_days().await?;
        Ok(self.may_end() && update_hours::is_open(self.context.now(), &days))
    }

    /// Asks Dojo for what was made within the last minute: a reading that changes nothing.
    pub async fn test_connection(&self) -> Connection {
        connection::test(&self.context, &self.gateway).await
    }

    /// What this ledger says of another key; it need not stay open while Dojo is asked about that.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn key_question(&self) -> Result<KeyQuestion, AppError> {
        KeyQuestion::of(&self.context).await
    }

    /// Why nothing is asked of Dojo any more: the key that this was opened with is of another account.
    pub fn key_of_another(&self) -> Option<AppError> {
        self.gateway.key_of_another()
    }

    /// Takes note of the key that this ledger is opened with, by its hint; the journal keeps every change. While Dojo
    /// can't say whose it is, the ledger is opened all the same, and Dojo is asked again before anything is read or
    /// moved.
    ///
    /// # Errors
    /// [`crate::ErrorCode::NotAllowed`] for a key of another Dojo account; the ledger's.
    pub async fn opened_with(&self, client: &Client, hint: &str) -> Result<(), AppError> {
        self.gateway.opened_with(client, hint).await
    }

    /// Whether the key may be removed.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Unconfirmed`] until a person says so in words; the ledger's.
    pub async fn confirm_key_removal(&self, typed: Option<&str>) -> Result<(), AppError> {
        key::confirm_removal(&self.context, typed).await
    }

    /// Takes note that the key was removed from the key store.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn key_removed(&self) -> Result<(), AppError> {
        whose_key::removed(&self.context).await
    }

    /// Whether this is the key that the window works with; only there can it be changed.
    ///
    /// # Errors
    /// [`crate::ErrorCode::NotAllowed`] for another one; the ledger's.
    pub async fn refuse_other_key(&self, hint: &str) -> Result<(), AppError> {
        key::refuse_other(&self.context, hint).await
    }

    /// Versions, settings without names, counts and the newest lines of the log.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn support(&self, program: &str, log: &str) -> Result<String, AppError> {
        support::text(&self.context, &self.gateway, program, log).await
    }

    /// Saves what was read as it was read, under `root`; the answer is where.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Ledger`] when the folder can't be written.
    pub async fn save_support(&self, root: &Path, text: &str) -> Result<String, AppError> {
        support::save(&self.context, root, text).await
    }

    /// What moved on the business days from `from` to `to`, both included.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] for the fields `from` and `to`; the ledger's.
    pub async fn export(&self, kind: ExportKind, from: NaiveDate, to: NaiveDate) -> Result<Export, AppError> {
        self.reports.export(kind, from, to).await
    }
}
