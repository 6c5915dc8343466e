//! Leaving: the till forgets where the shared ledger is, and has its own again. The server isn't asked: it may never
//! come back.

use crate::joined::Joined;
use holdfast_desk::{AppError, KeyStore, Mode};
use holdfast_ledger_postgres::forget_own_records;
use std::path::Path;

/// Why a till didn't leave: it still works on the shared ledger.
#[derive(Debug, thiserror::Error)]
pub enum NotLeft {
    /// The mode has its own ledger.
    #[error("This till has a ledger of its own already.")]
    NotShared,
    /// The key store's.
    #[error(transparent)]
    KeyStore(AppError),
    /// The data folder can't be written.
    #[error(
        "The data folder can’t be written: {0}. The till is still on the shared ledger: try again once it can."
    )]
    Folder(std::io::Error),
}

/// Takes the password out of the key store and the file that names the ledger out of the mode's folder. What the mode's
/// own ledger has is left as it is.
///
/// # Errors
/// [`NotLeft`].
pub fn leave(folder: &Path, mode: Mode, keys: &dyn KeyStore) -> Result<(), NotLeft> {
    if !Joined::is_in(folder) {
        return Err(NotLeft::NotShared);
    }
    let joined = Joined::of(folder).ok().flatten();
    // Where the file can't be read, nobody knows whether there is one.
    let is_known = joined.is_some();
    if joined.is_none_or(|joined| joined.has_password)
        && let Err(error) = keys.forget_ledger_password(mode)
        && is_known
    {
        return Err(NotLeft::KeyStore(error));
    }
    Joined::forget(folder).map_err(NotLeft::Folder)?;
    // It would only be of use on that ledger, and has the keys of guests' names.
    forget_own_records(folder);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_desk::no_key_store;
    use holdfast_dojo::ApiKey;
    use std::sync::Mutex;

    /// A key store with a password, or one that refuses.
    struct Keys(Mutex<Option<&'static str>>, bool);

    impl KeyStore for Keys {
        fn key(&self, _: Mode) -> Result<Option<ApiKey>, AppError> {
            Ok(None)
        }

        fn ledger_password(&self, _: Mode) -> Result<Option<String>, AppError> {
            Ok(self.0.lock().unwrap().map(str::to_owned))
        }

        fn keep_ledger_password(&self, _: Mode, _: &str) -> Result<(), AppError> {
            Err(no_key_store())
        }

        fn forget_ledger_password(&self, _: Mode) -> Result<(), AppError> {
            if self.1 {
                return Err(no_key_store());
            }
            *self.0.lock().unwrap() = None;
            Ok(())
        }

        fn keep(&self, _: &ApiKey) -> Result<(), AppError> {
            Err(no_key_store())
        }

        fn forget(&self, _: Mode) -> Result<(), AppError> {
            Err(no_key_store())
        }
    }

    fn joined(folder: &Path, has_password: bool) {
        let joined = Joined {
            address: "host=db.example dbname=holdfast".to_owned(),
            certificates: String::new(),
            role: "holdfast_till_1".to_owned(),
            till: "Bar 2".to_owned(),
            has_password,
        };
        joined.keep(folder).unwrap();
    }

    #[test]
    fn what_names_the_ledger_is_gone_and_the_tills_own_stays_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let own = "shared-ledger-00000000-0000-0000-0000-000000000007.own";
        for name in ["ledger.db", "till.json", own] {
            std::fs::write(folder.path().join(name), name).unwrap();
        }
        joined(folder.path(), true);
        let keys = Keys(Mutex::new(Some("secret")), false);
        leave(folder.path(), Mode::Live, &keys).unwrap();
        assert_eq!(keys.ledger_password(Mode::Live).unwrap(), None);
        assert!(!Joined::is_in(folder.path()));
        let mut left: Vec<_> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        left.sort();
        assert_eq!(left, ["ledger.db", "till.json"]);
        assert!(matches!(
            leave(folder.path(), Mode::Live, &keys),
            Err(NotLeft::NotShared)
        ));
    }

    #[test]
    fn a_password_that_can_t_be_removed_is_said_and_the_till_stays() {
        let folder = tempfile::tempdir().unwrap();
        joined(folder.path(), true);
        let refuses = Keys(Mutex::new(Some("secret")), true);
        let left = leave(folder.path(), Mode::Live, &refuses);
        assert!(matches!(left, Err(NotLeft::KeyStore(_))), "{left:?}");
        assert!(Joined::is_in(folder.path()));
        // One without a password needs no key store, and a file that nobody can read is left all the same.
        joined(folder.path(), false);
        leave(folder.path(), Mode::Live, &refuses).unwrap();
        std::fs::write(folder.path().join("shared-ledger.json"), "{").unwrap();
        leave(folder.path(), Mode::Live, &refuses).unwrap();
        assert!(!Joined::is_in(folder.path()));
    }
}
