//! What a till keeps of the ledger that it joined: all but the password, which is in the system's key store.

use holdfast_desk::{AppError, KeyStore, Mode};
use holdfast_ledger::LedgerError;
use holdfast_ledger_postgres::{PostgresLedger, Server};
use holdfast_process::write_whole;
use serde::{Deserialize, Serialize};
use std::io::ErrorKind;
use std::path::Path;

/// In the folder of the mode. A mode without it has a ledger of its own.
const FILE: &str = "shared-ledger.json";

/// The shared ledger of a till in a mode.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joined {
    /// The server as libpq writes it, without a role.
    pub address: String,
    /// Certificates of the venue's own (PEM) that the server's is verified against.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub certificates: String,
    /// The role that the till connects as.
    pub role: String,
    /// What people call the till: `Bar 2`.
    pub till: String,
    /// Whether the key store has a password: a server on this computer may let the till in without one.
    pub has_password: bool,
}

/// Why the shared ledger isn't opened.
#[derive(Debug, thiserror::Error)]
pub enum NotOpened {
    /// The file that names it can't be read. No other ledger is opened in its place.
    #[error(
        "The file that says which shared ledger this till works on can’t be read: {0}. Have the till join again."
    )]
    Unreadable(String),
    /// The key store has no password for it.
    #[error(
        "This PC’s key store has no password for the shared ledger. Have the till join again with a new code."
    )]
    NoPassword,
    /// The key store's.
    #[error(transparent)]
    KeyStore(AppError),
    /// The ledger's.
    #[error(transparent)]
    Ledger(LedgerError),
}

impl NotOpened {
    /// Whether the till has to join again, by a new code.
    pub const fn wants_code(&self) -> bool {
        matches!(
            self,
            Self::Unreadable(_) | Self::NoPassword | Self::Ledger(LedgerError::NotAdmitted)
        )
    }
}

impl Joined {
    /// The shared ledger of the mode in this folder; none where it has its own.
    ///
    /// # Errors
    /// [`NotOpened::Unreadable`].
    pub fn of(folder: &Path) -> Result<Option<Self>, NotOpened> {
        let path = folder.join(FILE);
        let unreadable = |why: String| NotOpened::Unreadable(format!("{}: {why}", path.display()));
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                let joined = serde_json::from_str(&text);
                joined.map(Some).map_err(|error| unreadable(error.to_string()))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(unreadable(error.to_string())),
        }
    }

    /// Whether the mode in this folder works on a shared ledger, readable or not.
    pub fn is_in(folder: &Path) -> bool {
        folder.join(FILE).exists()
    }

    pub(crate) fn keep(&self, folder: &Path) -> std::io::Result<()> {
        let text = serde_json::to_string_pretty(self)?;
        write_whole(&folder.join(FILE), text.as_bytes())
    }

    /// Takes that file away: the mode has its own ledger again.
    pub(crate) fn forget(folder: &Path) -> std::io::Result<()> {
        std::fs::remove_file(folder.join(FILE))
    }

    /// The password from the key store, which may ask a person; none where the server wants none.
    ///
    /// # Errors
    /// [`NotOpened::KeyStore`], [`NotOpened::NoPassword`].
    pub fn password(&self, mode: Mode, keys: &dyn KeyStore) -> Result<Option<String>, NotOpened> {
        if !self.has_password {
            return Ok(None);
        }
        let kept = keys.ledger_password(mode).map_err(NotOpened::KeyStore)?;
        kept.map(Some).ok_or(NotOpened::NoPassword)
    }

    /// Opens it, which fences out this till where it runs elsewhere. The till's own record is in the mode's folder.
    ///
    /// # Errors
    /// [`NotOpened::Ledger`].
    pub async fn open(&self, folder: &Path, password: Option<&str>) -> Result<PostgresLedger, NotOpened> {
        let server = Server::new(&self.address, self.certificates.as_bytes()).map_err(NotOpened::Ledger)?;
        let opened = PostgresLedger::open_with_record(server.as_role(&self.role, password), folder).await;
        opened.map_err(NotOpened::Ledger)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_can_t_be_read_is_no_reason_to_open_another_ledger() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Joined::of(folder.path()).unwrap().is_none());
        let joined = Joined {
            address: "host=db.example dbname=holdfast".to_owned(),
            certificates: String::new(),
            role: "holdfast_till_1".to_owned(),
            till: "Bar 2".to_owned(),
            has_password: true,
        };
        joined.keep(folder.path()).unwrap();
        assert_eq!(Joined::of(folder.path()).unwrap(), Some(joined));
        std::fs::write(folder.path().join(FILE), "{").unwrap();
        let refused = Joined::of(folder.path());
        assert!(matches!(refused, Err(NotOpened::Unreadable(_))));
        assert!(Joined::is_in(folder.path()));
    }
    /// What says to join again has to be followed where it's said.
    #[test]
    fn what_a_new_code_puts_right_asks_for_one_and_nothing_else_does() {
        let unreadable = NotOpened::Unreadable(String::new());
        let refused = NotOpened::Ledger(LedgerError::NotAdmitted);
        for wants in [unreadable, NotOpened::NoPassword, refused] {
            assert!(wants.wants_code(), "{wants}");
        }
        let away = NotOpened::Ledger(LedgerError::Unreachable);
        assert!(!away.wants_code());
    }
}
