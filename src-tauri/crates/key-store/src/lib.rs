//! The operating system's key store as the desk's port: an entry for each data folder and mode.

#[cfg(all(unix, not(target_os = "macos")))]
mod locked;
mod till_id;

use holdfast_desk::{AppError, KeyStore, Mode, key_not_read, no_key_store};
use holdfast_dojo::ApiKey;
use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error};
use std::path::{Path, PathBuf};

#[cfg(target_os = "macos")]
use apple_native_keyring_store::keychain::Store;
#[cfg(target_os = "windows")]
use windows_native_keyring_store::Store;
#[cfg(all(unix, not(target_os = "macos")))]
use zbus_secret_service_keyring_store::Store;

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

/// The same where a key was to be read.
fn unreadable(error: &impl std::fmt::Display) -> AppError {
    tracing::warn!(%error, "the key could not be read");
    key_not_read()
}

impl SystemKeyStore {
    /// The keys of the till whose data folder this is.
    pub fn of(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    /// Two tills on one computer share no entry.
    fn name(&self, mode: Mode) -> std::io::Result<String> {
        Ok(format!("{} {}", mode.name(), till_id::of(&self.root)?))
    }

    /// The entry of the password with which a mode's shared ledger is reached.
    fn ledger_name(&self, mode: Mode) -> std::io::Result<String> {
        Ok(format!("ledger {}", self.name(mode)?))
    }

    /// Whether Holdfast 0.1's one key a mode may have been this folder's: it has worked in the mode, and is no copy.
    fn had_the_former_key(&self, mode: Mode) -> bool {
        mode.folder(&self.root).join("ledger.db").exists() && !till_id::is_copied(&self.root)
    }

    fn entry(&self, mode: Mode) -> Result<Entry, AppError> {
        let name = self.name(mode).map_err(|error| refused(&error))?;
        entry_named(&name).map_err(|error| refused(&error))
    }
}

/// What the till of this data folder is called where several tills' files meet; none where the folder can't be read or
/// written.
pub fn till_name(root: &Path) -> Option<String> {
    let number = till_id::of(root)
        .inspect_err(|error| tracing::warn!(%error, "the till has no name"))
        .ok()?;
    // Its beginning is the time at which it was drawn.
    let end = number.get(number.len().saturating_sub(TILL_NAME_DIGITS)..)?;
    Some(format!("till-{end}"))
}

/// Enough to tell the tills of a venue apart, and few enough to be read out.
const TILL_NAME_DIGITS: usize = 8;

/// The store is reached afresh each time. One that isn't there at a start may be there later, one that was restarted
/// has forgotten us, and a call that waits for a person to unlock it must not make the next one wait.
fn entry_named(name: &str) -> Result<Entry, Error> {
    Store::new()?.build(SERVICE, name, modifiers().as_ref())
}

/// Windows would let an entry follow its user to every computer of the domain; a till's key stays with the till. An
/// entry that is written again takes it over. Untried: it was written without a Windows.
#[cfg(target_os = "windows")]
fn modifiers() -> Option<std::collections::HashMap<&'static str, &'static str>> {
    Some(std::collections::HashMap::from([("persistence", "local")]))
}

/// The other systems' stores keep an entry where it was made.
#[cfg(not(target_os = "windows"))]
fn modifiers() -> Option<std::collections::HashMap<&'static str, &'static str>> {
    None
}

impl KeyStore for SystemKeyStore {
    fn key(&self, mode: Mode) -> Result<Option<ApiKey>, AppError> {
        let name = self.name(mode).map_err(|error| unreadable(&error))?;
        let entry = entry_named(&name).map_err(|error| unreadable(&error))?;
        match entry.get_password() {
            Ok(text) => Ok(ApiKey::parse(&text).ok()),
            Err(Error::NoEntry) if self.had_the_former_key(mode) => take_over(&entry, mode),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(unreadable(&error)),
        }
    }

    #[cfg(all(unix, not(target_os = "macos")))]
    fn is_locked(&self, mode: Mode) -> bool {
        self.name(mode)
            .is_ok_and(|name| locked::is_locked(SERVICE, &name))
    }

    fn keep(&self, key: &ApiKey) -> Result<(), AppError> {
        self.entry(Mode::of(key))?
            .set_password(key.reveal())
            .map_err(|error| refused(&error))?;
        till_id::note_key(&self.root).map_err(|error| refused(&error))
    }

    fn ledger_password(&self, mode: Mode) -> Result<Option<String>, AppError> {
        let name = self.ledger_name(mode).map_err(|error| unreadable(&error))?;
        let entry = entry_named(&name).map_err(|error| unreadable(&error))?;
        match entry.get_password() {
            Ok(password) => Ok(Some(password)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(unreadable(&error)),
        }
    }

    fn keep_ledger_password(&self, mode: Mode, password: &str) -> Result<(), AppError> {
        let name = self.ledger_name(mode).map_err(|error| refused(&error))?;
        let entry = entry_named(&name).map_err(|error| refused(&error))?;
        entry.set_password(password).map_err(|error| refused(&error))
    }

    fn forget_ledger_password(&self, mode: Mode) -> Result<(), AppError> {
        let name = self.ledger_name(mode).map_err(|error| refused(&error))?;
        let entry = entry_named(&name).map_err(|error| refused(&error))?;
        forget(&entry)
    }

    fn is_of_copied_folder(&self) -> bool {
        till_id::is_copied(&self.root)
    }

    fn forget(&self, mode: Mode) -> Result<(), AppError> {
        forget(&self.entry(mode)?)
    }
}

/// It need not be there.
fn forget(entry: &Entry) -> Result<(), AppError> {
    match entry.delete_credential() {
        Ok(()) | Err(Error::NoEntry) => Ok(()),
        Err(error) => Err(refused(&error)),
    }
}

/// Holdfast 0.1 kept one key a mode, whatever the data folder. The first till that has worked in the mode and looks
/// for it has it; Dojo is asked whose it is, as of any key.
fn take_over(entry: &Entry, mode: Mode) -> Result<Option<ApiKey>, AppError> {
    let former = entry_named(mode.name()).map_err(|error| unreadable(&error))?;
    let text = match former.get_password() {
        Ok(text) => text,
        Err(Error::NoEntry) => return Ok(None),
        Err(error) => return Err(unreadable(&error)),
    };
    entry.set_password(&text).map_err(|error| refused(&error))?;
    if let Err(error) = former.delete_credential() {
        tracing::warn!(%error, "the former entry stays in the key store");
    }
    Ok(ApiKey::parse(&text).ok())
}
