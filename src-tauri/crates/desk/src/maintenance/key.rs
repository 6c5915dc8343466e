//! Whose key it is. A key of another Dojo account would have new guests' money go there.

use crate::context::Context;
use crate::gateway::whose_key::{LastKey, newest_intents, refuse_others};
use crate::wording::keys as words;
use crate::{AppError, ErrorCode, Field};
use holdfast_dojo::Client;

/// The operating system's key store can't be used: what its adapter answers.
pub fn no_key_store() -> AppError {
    AppError::new(ErrorCode::KeyStore, words::NO_KEY_STORE)
}

/// The key store keeps the key from being read.
pub fn key_not_read() -> AppError {
    AppError::new(ErrorCode::KeyStore, words::KEY_NOT_READ)
}

/// A key that somebody wants to work with.
#[derive(Debug, Clone, Copy)]
pub struct NewKey<'a> {
    /// Dojo with that key.
    pub client: &'a Client,
    /// Enough to tell it from another.
    pub hint: &'a str,
    /// The hint of the key in use; none where there is none, or where it's the very same key.
    pub instead_of: Option<&'a str>,
    /// What a person typed to confirm the change.
    pub typed: Option<&'a str>,
}

/// What a ledger says of a key that is to take the place of its own. Dojo is asked with the ledger closed: it may be
/// slow.
#[derive(Debug)]
pub struct KeyQuestion {
    intents: Vec<String>,
    /// The key that the ledger worked with last.
    known: Option<String>,
}

impl KeyQuestion {
    pub(crate) async fn of(context: &Context) -> Result<Self, AppError> {
        Ok(Self {
            intents: newest_intents(context).await?,
            known: LastKey::of(context).await?.map(|last| last.hint().to_owned()),
        })
    }

    /// Asks Dojo whose key it is, and a person whether to change it.
    ///
    /// # Errors
    /// [`ErrorCode::NotAllowed`] for a key of another Dojo account, [`ErrorCode::Unconfirmed`] until the change is
    /// confirmed in words; what kept Dojo from saying whose key it is.
    pub async fn ask(self, key: NewKey<'_>) -> Result<(), AppError> {
        let before = key
            .instead_of
            .map(str::to_owned)
            .or_else(|| self.known.filter(|known| known != key.hint));
        refuse_others(key.client, &self.intents).await?;
        match before {
            Some(before) => confirm(key.typed, words::change(&before, key.hint)),
            None => Ok(()),
        }
    }
}

/// A key of another mode closes the one that is open: whether a person who read what that `means` agreed in words.
///
/// # Errors
/// [`ErrorCode::Unconfirmed`] until then.
pub fn agreed_to_leave(typed: Option<&str>, means: &str) -> Result<(), AppError> {
    confirm(typed, words::leaves(means))
}

fn confirm(typed: Option<&str>, asked: String) -> Result<(), AppError> {
    let typed = typed.unwrap_or_default();
    if words::is_confirmed(typed) {
        return Ok(());
    }
    Err(unconfirmed(typed, asked, words::not_confirmed()))
}

/// Whether the key may be removed: a person said so in words.
pub(crate) async fn confirm_removal(context: &Context, typed: Option<&str>) -> Result<(), AppError> {
    let typed = typed.unwrap_or_default();
    if words::is_removal_confirmed(typed) {
        return Ok(());
    }
    let last = LastKey::of(context).await?;
    let asked = words::removal(last.as_ref().map(LastKey::hint));
    Err(unconfirmed(typed, asked, words::removal_not_confirmed()))
}

/// What a person reads who typed nothing, or `otherwise` at the field where they typed something else.
fn unconfirmed(typed: &str, asked: String, otherwise: String) -> AppError {
    if typed.trim().is_empty() {
        return AppError::new(ErrorCode::Unconfirmed, asked);
    }
    AppError {
        code: ErrorCode::Unconfirmed,
        message: asked,
        ..AppError::field(Field::Confirm, otherwise)
    }
}

/// Whether the ledger was opened with this key before, if it was with any.
pub(crate) async fn refuse_other(context: &Context, hint: &str) -> Result<(), AppError> {
    match LastKey::of(context).await? {
        Some(last) if last.hint() != hint => Err(AppError::new(
            ErrorCode::NotAllowed,
            words::other_than(last.hint(), hint),
        )),
        Some(_) | None => Ok(()),
    }
}
