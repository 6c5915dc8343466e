//! Whose key it is. A key of another Dojo account would have new guests' money go there.

use crate::context::Context;
use crate::gateway::Gateway;
use crate::wording::keys as words;
use crate::{AppError, ErrorCode};
use holdfast_dojo::{Client, Failure};
use holdfast_domain::{Edit, Event};
use serde_json::Value;

/// The setting in which the ledger keeps which key it worked with last: its hint, never the key.
const HINT: &str = "key_hint";

/// What the journal calls the key.
const FIELD: &str = "dojoKey";

/// How many of the newest intents tell whose key it is.
const MOST_INTENTS_ASKED: usize = 3;

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

/// Whether this ledger may work with the key from now on.
pub(crate) async fn accept(context: &Context, gateway: &Gateway, key: NewKey<'_>) -> Result<(), AppError> {
    let known = context.ledger.setting(HINT).await?;
    let before = key
        .instead_of
        .map(str::to_owned)
        .or_else(|| known.filter(|known| known != key.hint));
    refuse_others(context, gateway, key.client).await?;
    let Some(before) = before else {
        return Ok(());
    };
    agreed(key.typed, words::change(&before, key.hint))
}

/// A key of another mode closes the one that is open: whether a person who read what that `means` agreed in words.
///
/// # Errors
/// [`ErrorCode::Unconfirmed`] until then.
pub fn agreed_to_leave(typed: Option<&str>, means: &str) -> Result<(), AppError> {
    agreed(typed, words::leaves(means))
}

fn agreed(typed: Option<&str>, asked: String) -> Result<(), AppError> {
    let typed = typed.unwrap_or_default();
    if words::is_confirmed(typed) {
        return Ok(());
    }
    Err(if typed.trim().is_empty() {
        AppError::new(ErrorCode::Unconfirmed, asked)
    } else {
        AppError {
            code: ErrorCode::Unconfirmed,
            message: asked,
            ..AppError::field("confirm", words::not_confirmed())
        }
    })
}

/// Takes note of the key that the ledger is opened with. One that changed outside Holdfast is looked at first.
pub(crate) async fn opened_with(
    context: &Context,
    gateway: &Gateway,
    client: &Client,
    hint: &str,
) -> Result<(), AppError> {
    let known = context.ledger.setting(HINT).await?;
    if known.as_deref() == Some(hint) {
        return Ok(());
    }
    if known.is_some()
        && let Err(error) = refuse_others(context, gateway, client).await
    {
        return match error.code {
            // Dojo can't say just now; it's asked again when the ledger is opened next, and the watch goes on.
            ErrorCode::NotSent | ErrorCode::Unclear | ErrorCode::Rejected | ErrorCode::Unauthorised => Ok(()),
            ErrorCode::NotAllowed
            | ErrorCode::Ledger
            | ErrorCode::Invalid
            | ErrorCode::NotFound
            | ErrorCode::Changed
            | ErrorCode::Unconfirmed
            | ErrorCode::KeyStore
            | ErrorCode::Internal => Err(error),
        };
    }
    let by = context.settings().await?.actor();
    let mut note = context.note(by, None, Event::SettingsChanged);
    note.personal.edits = vec![Edit {
        field: FIELD.to_owned(),
        was: Some(known.map_or(Value::Null, Value::String).to_string()),
        is: Some(Value::String(hint.to_owned()).to_string()),
    }];
    Ok(context.ledger.set_setting(HINT, hint, note).await?)
}

/// Whether the ledger was opened with this key before, if it was with any.
pub(crate) async fn refuse_other(context: &Context, hint: &str) -> Result<(), AppError> {
    match context.ledger.setting(HINT).await? {
        Some(known) if known != hint => Err(AppError::new(
            ErrorCode::NotAllowed,
            words::other_than(&known, hint),
        )),
        _ => Ok(()),
    }
}

/// Asks Dojo under this key for the newest intents that the ledger knows: none of them is another account's sign.
async fn refuse_others(context: &Context, gateway: &Gateway, client: &Client) -> Result<(), AppError> {
    let intents = newest_intents(context).await?;
    for intent in &intents {
        match client.get(intent).await {
            Ok(_) => return Ok(()),
            Err(Failure::Rejected { status: 404, .. }) => {}
            Err(failure) => {
                let error = gateway.unread(failure);
                return Err(AppError {
                    message: words::not_known_whose(&error.message),
                    ..error
                });
            }
        }
    }
    if intents.is_empty() {
        return Ok(());
    }
    Err(AppError::new(ErrorCode::NotAllowed, words::ANOTHER_ACCOUNT))
}

async fn newest_intents(context: &Context) -> Result<Vec<String>, AppError> {
    let mut holds = context.ledger.every_hold().await?;
    // Their ids sort by time.
    holds.sort_unstable_by(|one, other| other.cmp(one));
    let mut intents = Vec::new();
    for hold in holds {
        if intents.len() == MOST_INTENTS_ASKED {
            break;
        }
        intents.extend(context.ledger.hold(hold).await?.intent_id);
    }
    Ok(intents)
}
