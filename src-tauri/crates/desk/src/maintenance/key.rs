//! Whose key it is. A key of another Dojo account would have new guests' money go there.

use crate::context::Context;
use crate::gateway::Gateway;
use crate::wording::keys as words;
use crate::{AppError, ErrorCode, Field};
use holdfast_dojo::{Client, Failure};
use holdfast_domain::{Edit, Event};
use holdfast_ledger::Note;
use serde_json::Value;

/// The setting in which the ledger keeps which key it worked with last: its hint, never the key.
const HINT: &str = "key_hint";

/// The key that a ledger worked with last, by its hint.
#[derive(Debug, Clone, PartialEq, Eq)]
enum LastKey {
    InUse(String),
    /// Somebody removed it since.
    Removed(String),
}

impl LastKey {
    /// What stands in the setting before the hint of a key that was removed. Ledgers out there have it.
    const REMOVED: &str = "removed:";

    fn of(kept: String) -> Self {
        match kept.strip_prefix(Self::REMOVED) {
            Some(hint) => Self::Removed(hint.to_owned()),
            None => Self::InUse(kept),
        }
    }

    /// As the setting has it.
    fn kept(&self) -> String {
        match self {
            Self::InUse(hint) => hint.clone(),
            Self::Removed(hint) => format!("{}{hint}", Self::REMOVED),
        }
    }

    fn hint(&self) -> &str {
        match self {
            Self::InUse(hint) | Self::Removed(hint) => hint,
        }
    }
}

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
    let known = last_key(context).await?;
    let other = known
        .as_ref()
        .map(LastKey::hint)
        .filter(|known| *known != key.hint);
    let before = key.instead_of.or(other);
    refuse_others(context, gateway, key.client).await?;
    let Some(before) = before else {
        return Ok(());
    };
    agreed(key.typed, words::change(before, key.hint))
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
            ..AppError::field(Field::Confirm, words::not_confirmed())
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
    let known = last_key(context).await?;
    let was = match &known {
        Some(LastKey::InUse(known)) if known == hint => return Ok(()),
        Some(LastKey::InUse(known)) => Some(known.clone()),
        Some(LastKey::Removed(_)) | None => None,
    };
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
    let note = change_note(context, was, Some(hint.to_owned())).await?;
    let kept = LastKey::InUse(hint.to_owned()).kept();
    Ok(context.ledger.set_setting(HINT, &kept, note).await?)
}

/// Whether the key may be removed: a person said so in words.
pub(crate) async fn confirm_removal(context: &Context, typed: Option<&str>) -> Result<(), AppError> {
    let typed = typed.unwrap_or_default();
    if words::is_removal_confirmed(typed) {
        return Ok(());
    }
    let known = last_key(context).await?;
    let asked = words::removal(known.as_ref().map(LastKey::hint));
    Err(if typed.trim().is_empty() {
        AppError::new(ErrorCode::Unconfirmed, asked)
    } else {
        AppError {
            code: ErrorCode::Unconfirmed,
            message: asked,
            ..AppError::field(Field::Confirm, words::removal_not_confirmed())
        }
    })
}

/// Takes note that the key was removed. Which it was stays known, so that another one in its place is asked about.
pub(crate) async fn removed(context: &Context) -> Result<(), AppError> {
    let Some(LastKey::InUse(hint)) = last_key(context).await? else {
        return Ok(());
    };
    let note = change_note(context, Some(hint.clone()), None).await?;
    let kept = LastKey::Removed(hint).kept();
    Ok(context.ledger.set_setting(HINT, &kept, note).await?)
}

/// The key that the ledger worked with last, and whether it was removed since.
async fn last_key(context: &Context) -> Result<Option<LastKey>, AppError> {
    Ok(context.ledger.setting(HINT).await?.map(LastKey::of))
}

async fn change_note(context: &Context, was: Option<String>, is: Option<String>) -> Result<Note, AppError> {
    let json = |hint: Option<String>| Some(hint.map_or(Value::Null, Value::String).to_string());
    let by = context.settings().await?.actor();
    let mut note = context.note(by, None, Event::SettingsChanged);
    note.personal.edits = vec![Edit {
        field: Field::DojoKey.as_str().to_owned(),
        was: json(was),
        is: json(is),
    }];
    Ok(note)
}

/// Whether the ledger was opened with this key before, if it was with any.
pub(crate) async fn refuse_other(context: &Context, hint: &str) -> Result<(), AppError> {
    match last_key(context).await? {
        Some(known) if known.hint() != hint => Err(AppError::new(
            ErrorCode::NotAllowed,
            words::other_than(known.hint(), hint),
        )),
        Some(_) | None => Ok(()),
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
                    message: words::not_known_whose(&error),
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
