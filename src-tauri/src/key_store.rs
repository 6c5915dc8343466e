//! The operating system's key store as the desk's port.

use crate::wording;
use holdfast_desk::{AppError, ErrorCode, KeyStore, Mode};
use holdfast_dojo::ApiKey;
use keyring::{Entry, Error};

/// Secret Service, Keychain or Credential Manager.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SystemKeyStore;

const SERVICE: &str = "app.holdfast.desk";

fn entry(mode: Mode) -> Result<Entry, AppError> {
    Entry::new(SERVICE, mode.name()).map_err(|error| refused(&error))
}

/// The store's own words go to the log, for they are not made for staff.
fn refused(error: &Error) -> AppError {
    tracing::warn!(%error, "the key store refused");
    AppError::new(ErrorCode::KeyStore, wording::KEY_STORE)
}

impl KeyStore for SystemKeyStore {
    fn key(&self, mode: Mode) -> Result<Option<ApiKey>, AppError> {
        match entry(mode)?.get_password() {
            Ok(text) => Ok(ApiKey::parse(&text).ok()),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(refused(&error)),
        }
    }

    fn keep(&self, key: &ApiKey) -> Result<(), AppError> {
        entry(Mode::of(key))?
            .set_password(key.reveal())
            .map_err(|error| refused(&error))
    }

    fn forget(&self, mode: Mode) -> Result<(), AppError> {
        match entry(mode)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(refused(&error)),
        }
    }
}
