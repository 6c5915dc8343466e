//! Joining: the till shows its code once, takes a password of its own, and keeps where the ledger is.

use crate::code::JoinCode;
use crate::joined::Joined;
use holdfast_desk::{AppError, KeyStore, Mode};
use holdfast_ledger::LedgerError;
use holdfast_ledger_postgres::{Server, enrolment};
use std::path::Path;

/// Why a till didn't join. Nothing of the till's was changed, but where it's said.
#[derive(Debug, thiserror::Error)]
pub enum NotJoined {
    /// The server refuses the code's password, or a till has worked with it.
    #[error(
        "This code was used before or was withdrawn. Have the till enrolled again, and use the new code."
    )]
    Used,
    /// The server isn't there.
    #[error("The shared ledger’s server doesn’t answer. Check the network and the server, then try again.")]
    Away,
    /// The ledger's format isn't this program's.
    #[error("{0}")]
    Format(String),
    /// The key store's.
    #[error(transparent)]
    KeyStore(AppError),
    /// The data folder can't be written.
    #[error(
        "The data folder can’t be written: {0}. Have the till enrolled again once it can: this code is used up."
    )]
    NotKept(std::io::Error),
    /// Anything else that the server says.
    #[error("The shared ledger can’t be joined: {0}.")]
    Refused(String),
}

impl From<LedgerError> for NotJoined {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::NotAdmitted => Self::Used,
            LedgerError::Unreachable => Self::Away,
            LedgerError::Newer { .. } | LedgerError::Older { .. } => {
                Self::Format(AppError::from(error).message)
            }
            other @ (LedgerError::Busy
            | LedgerError::Known
            | LedgerError::Closed
            | LedgerError::Fenced
            | LedgerError::TooMuch
            | LedgerError::Changed
            | LedgerError::NotFound
            | LedgerError::InUse
            | LedgerError::Damaged(_)
            | LedgerError::NotSound) => Self::Refused(other.to_string()),
            // What the server said, or what is wrong with its certificate: nothing was written or read yet.
            LedgerError::Storage(why) => Self::Refused(why),
        }
    }
}

/// A till that may join, before it has.
#[derive(Debug)]
pub struct Joining {
    code: JoinCode,
    server: Server,
    till: String,
    password: Option<String>,
}

impl Joining {
    /// Shows the code to the server.
    ///
    /// # Errors
    /// [`NotJoined`].
    pub async fn begin(code: JoinCode) -> Result<Self, NotJoined> {
        let server = Server::new(&code.address, code.certificates.as_bytes())?;
        let till = enrolment::meet(&server.as_role(&code.role, Some(&code.password))).await?;
        if till.has_worked {
            return Err(NotJoined::Used);
        }
        // A server on this computer may let the till in without a password: then it needs none.
        let needs_none = server.is_here() && enrolment::meet(&server.as_role(&code.role, None)).await.is_ok();
        let password = if needs_none {
            None
        } else {
            Some(enrolment::draw_password()?)
        };
        Ok(Self {
            code,
            server,
            till: till.name,
            password,
        })
    }

    /// Keeps the password that the till is to have in the key store, which may ask a person: before the server has it,
    /// so that the till gets in with the one or the other, whatever is cut off.
    ///
    /// # Errors
    /// [`NotJoined::KeyStore`].
    pub fn keep_password(&self, mode: Mode, keys: &dyn KeyStore) -> Result<(), NotJoined> {
        match &self.password {
            Some(password) => keys
                .keep_ledger_password(mode, password)
                .map_err(NotJoined::KeyStore),
            None => Ok(()),
        }
    }

    /// Gives the server the password that was kept, and keeps in the mode's folder where the ledger is. From here on
    /// the code is used up.
    ///
    /// # Errors
    /// [`NotJoined`].
    pub async fn finish(self, folder: &Path) -> Result<Joined, NotJoined> {
        let role = &self.code.role;
        if let Some(password) = &self.password {
            let first = self.server.as_role(role, Some(&self.code.password));
            let changed = enrolment::set_password(&first, password).await;
            // An answer that was lost says nothing; the server does.
            let with_new = enrolment::meet(&self.server.as_role(role, Some(password))).await;
            if with_new.is_err() {
                changed?;
                return Err(NotJoined::Away);
            }
        }
        let joined = Joined {
            address: self.code.address,
            certificates: self.code.certificates,
            role: self.code.role,
            till: self.till,
            has_password: self.password.is_some(),
        };
        joined.keep(folder).map_err(NotJoined::NotKept)?;
        Ok(joined)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_that_nobody_vouches_for_is_said_without_what_was_never_done() {
        let told = NotJoined::from(LedgerError::Storage("nobody vouches for it".to_owned())).to_string();
        assert_eq!(told, "The shared ledger can’t be joined: nobody vouches for it.");
    }
}
