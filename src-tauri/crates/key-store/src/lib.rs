//! The operating system's key store as the desk's port: an entry for each data folder and mode.

mod till_id;

use holdfast_desk::{AppError, KeyStore, Mode, no_key_store};
use holdfast_dojo::ApiKey;
use keyring::{Entry, Error};
use std::path::{Path, PathBuf};

/// Secret Service, Keychain or Credential Manager.
#[derive(Debug, Clone)]
pub struct SystemKeyStore {
    root: PathBuf,
}

const SERVICE: &str = "app.holdfast.desk";

/// The store's own words go to the log, for they are not made for staff.
fn refused(error: &impl std::fmt::Display) -> AppError {
    tracing::warn!(%error, "the key store refused");
    no_key_store()
}

impl SystemKeyStore {
    /// The keys of the till whose data folder this is.
    pub fn of(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    /// Two tills on one computer share no entry.
    fn entry(&self, mode: Mode) -> Result<Entry, AppError> {
        let till = till_id::of(&self.root).map_err(|error| refused(&error))?;
        Entry::new(SERVICE, &format!("{} {till}", mode.name())).map_err(|error| refused(&error))
    }
}

impl KeyStore for SystemKeyStore {
    fn key(&self, mode: Mode) -> Result<Option<ApiKey>, AppError> {
        let entry = self.entry(mode)?;
        match entry.get_password() {
            Ok(text) => Ok(ApiKey::parse(&text).ok()),
            Err(Error::NoEntry) => take_over(&entry, mode),
            Err(error) => Err(refused(&error)),
        }
    }

    fn keep(&self, key: &ApiKey) -> Result<(), AppError> {
        self.entry(Mode::of(key))?
            .set_password(key.reveal())
            .map_err(|error| refused(&error))
    }

    fn forget(&self, mode: Mode) -> Result<(), AppError> {
        match self.entry(mode)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(refused(&error)),
        }
    }
}

/// Holdfast 0.1 kept one key a mode, whatever the data folder. The first till that looks for it has it.
fn take_over(entry: &Entry, mode: Mode) -> Result<Option<ApiKey>, AppError> {
    let former = Entry::new(SERVICE, mode.name()).map_err(|error| refused(&error))?;
    let text = match former.get_password() {
        Ok(text) => text,
        Err(Error::NoEntry) => return Ok(None),
        Err(error) => return Err(refused(&error)),
    };
    entry.set_password(&text).map_err(|error| refused(&error))?;
    if let Err(error) = former.delete_credential() {
        tracing::warn!(%error, "the former entry stays in the key store");
    }
    Ok(ApiKey::parse(&text).ok())
}
