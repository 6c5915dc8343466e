//! Training, sandbox and live: three worlds that never share a folder, a ledger or a key.

use crate::AppError;
use holdfast_dojo::{ApiKey, Environment};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use ts_rs::TS;

/// Which world the till works in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Mode {
    /// The simulator inside the app: no key, no network, no money.
    Training,
    /// Dojo with a test key: no real money.
    Sandbox,
    /// Dojo with a live key: real money.
    Live,
}

impl Mode {
    /// What a key opens. Its prefix decides, nobody chooses.
    pub fn of(key: &ApiKey) -> Self {
        match key.environment() {
            Environment::Sandbox => Self::Sandbox,
            Environment::Live => Self::Live,
        }
    }

    /// Its name, in the key store and on disk.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Training => "training",
            Self::Sandbox => "sandbox",
            Self::Live => "live",
        }
    }

    /// The mode of that name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Training, Self::Sandbox, Self::Live]
            .into_iter()
            .find(|mode| mode.name() == name)
    }

    /// Where its ledger is, under the data folder.
    pub fn folder(self, root: &Path) -> PathBuf {
        root.join(self.name())
    }
}

/// Where the secret keys are, as a port. Fails closed: without a store there is no key.
pub trait KeyStore: Send + Sync {
    /// The key of a mode, if one was kept.
    ///
    /// # Errors
    /// [`crate::ErrorCode::KeyStore`].
    fn key(&self, mode: Mode) -> Result<Option<ApiKey>, AppError>;
    /// Whether the key of a mode is there and locked: asking for it brings up the store's own question to a person. A
    /// store that can't tell answers no.
    fn is_locked(&self, mode: Mode) -> bool {
        let _ = mode;
        false
    }
    /// Whether the data folder was copied from another, whose keys stayed with that one, and has none of its own yet.
    fn is_of_copied_folder(&self) -> bool {
        false
    }
    /// The password with which the till connects to a mode's shared ledger, if one was kept.
    ///
    /// # Errors
    /// [`crate::ErrorCode::KeyStore`].
    fn ledger_password(&self, mode: Mode) -> Result<Option<String>, AppError>;
    /// Keeps that password, in the place of the one before.
    ///
    /// # Errors
    /// [`crate::ErrorCode::KeyStore`].
    fn keep_ledger_password(&self, mode: Mode, password: &str) -> Result<(), AppError>;
    /// Forgets that password; it need not be there.
    ///
    /// # Errors
    /// [`crate::ErrorCode::KeyStore`].
    fn forget_ledger_password(&self, mode: Mode) -> Result<(), AppError>;
    /// Keeps a key under the mode that it opens.
    ///
    /// # Errors
    /// [`crate::ErrorCode::KeyStore`].
    fn keep(&self, key: &ApiKey) -> Result<(), AppError>;
    /// Forgets a mode's key; it need not be there.
    ///
    /// # Errors
    /// [`crate::ErrorCode::KeyStore`].
    fn forget(&self, mode: Mode) -> Result<(), AppError>;
}
