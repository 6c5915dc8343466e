//! Whose key it is that Dojo is asked with. Under a key of another account every answer is about another venue's
//! money, so nothing is asked or sent with one, and a key that couldn't be looked up is looked up before anything
//! else.

use crate::context::Context;
use crate::gateway::Gateway;
use crate::gateway::failures::in_words;
use crate::wording::keys as words;
use crate::{AppError, ErrorCode, Field};
use holdfast_dojo::{Client, Failure};
use holdfast_domain::{Edit, Event};
use holdfast_ledger::{Note, SettingSeen};
use serde_json::Value;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// The setting in which the ledger keeps which key it worked with last: its hint, never the key.
const HINT: &str = "key_hint";

/// The key that a ledger worked with last, by its hint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LastKey {
    InUse(String),
    /// Somebody removed it since.
    Removed(String),
}

impl LastKey {
    /// What stands in the setting before the hint of a key that was removed. Ledgers out there have it.
    const REMOVED: &str = "removed:";

    pub(crate) async fn of(context: &Context) -> Result<Option<Self>, AppError> {
        let kept = context.ledger.setting(HINT).await?;
        Ok(kept.map(|kept| match kept.strip_prefix(Self::REMOVED) {
            Some(hint) => Self::Removed(hint.to_owned()),
            None => Self::InUse(kept),
        }))
    }

    /// As the setting has it.
    fn kept(&self) -> String {
        match self {
            Self::InUse(hint) => hint.clone(),
            Self::Removed(hint) => format!("{}{hint}", Self::REMOVED),
        }
    }

    pub(crate) fn hint(&self) -> &str {
        match self {
            Self::InUse(hint) | Self::Removed(hint) => hint,
        }
    }
}

/// How many of the newest intents tell whose key it is.
const MOST_INTENTS_ASKED: usize = 3;

/// Who opens a ledger waits no longer than this for Dojo's word; it's asked again before anything else is.
const LOOKED_UP_WITHIN: Duration = Duration::from_secs(3);

/// What is known of the key in use.
#[derive(Debug, Default)]
pub(crate) enum KeyInUse {
    /// It's of the account that this ledger's money is in, or the ledger has no money anywhere yet.
    #[default]
    Ours,
    /// Dojo couldn't say when the ledger was opened with it.
    NotLookedUp(Pending),
    /// It's of another account.
    OfAnother,
}

/// A key that has yet to be looked up.
#[derive(Debug)]
pub(crate) struct Pending {
    client: Client,
    hint: String,
}

impl Gateway {
    /// Takes note of the key that the ledger is opened with. One that isn't known yet is looked up first, or later
    /// where Dojo can't say now.
    pub(crate) async fn opened_with(&self, client: &Client, hint: &str) -> Result<(), AppError> {
        let last = LastKey::of(&self.context).await?;
        if matches!(last, Some(LastKey::InUse(known)) if known == hint) {
            return Ok(());
        }
        let mut key = self.key.lock().await;
        *key = KeyInUse::NotLookedUp(Pending {
            client: client.clone(),
            hint: hint.to_owned(),
        });
        match tokio::time::timeout(LOOKED_UP_WITHIN, self.look_up(&mut key)).await {
            Ok(Err(error)) if matches!(*key, KeyInUse::NotLookedUp(_)) && error.code != ErrorCode::Ledger => {
                tracing::warn!(%error, "whose key it is will be looked up later");
                Ok(())
            }
            Ok(done) => done,
            Err(_) => Ok(()),
        }
    }

    /// Called before anything is asked of Dojo, or sent.
    ///
    /// # Errors
    /// [`ErrorCode::NotAllowed`] for a key of another account; what keeps Dojo from saying whose it is; the ledger's.
    pub(crate) async fn refuse_key_of_another(&self) -> Result<(), AppError> {
        self.look_up(&mut *self.key.lock().await).await
    }

    /// Called before a request is written down that Dojo isn't asked about first. One that can't be sent yet may be
    /// written.
    ///
    /// # Errors
    /// [`ErrorCode::NotAllowed`] for a key of another account; the ledger's.
    pub(crate) async fn refuse_known_key_of_another(&self) -> Result<(), AppError> {
        match self.refuse_key_of_another().await {
            Err(error) if matches!(error.code, ErrorCode::NotAllowed | ErrorCode::Ledger) => Err(error),
            _ => Ok(()),
        }
    }

    /// Why nothing is asked of Dojo any more: the key turned out to be of another account.
    pub(crate) fn key_of_another(&self) -> Option<AppError> {
        self.is_key_of_another.load(Ordering::Relaxed).then(of_another)
    }

    async fn look_up(&self, key: &mut KeyInUse) -> Result<(), AppError> {
        let pending = match key {
            KeyInUse::Ours => return Ok(()),
            KeyInUse::OfAnother => return Err(of_another()),
            KeyInUse::NotLookedUp(pending) => pending,
        };
        let intents = newest_intents(&self.context).await?;
        match whose(&pending.client, &intents).await {
            Ok(true) => {}
            Ok(false) => {
                tracing::error!("the key is of another Dojo account");
                *key = KeyInUse::OfAnother;
                self.is_key_of_another.store(true, Ordering::Relaxed);
                // Nobody reaches this venue's account from here.
                self.heard_by(None, false, None);
                self.context.changed();
                return Err(of_another());
            }
            Err(failure) => return Err(self.unread(failure)),
        }
        let was = match LastKey::of(&self.context).await? {
            Some(LastKey::InUse(known)) => Some(known),
            Some(LastKey::Removed(_)) | None => None,
        };
        // It's written down already where the opening didn't wait for that.
        if was.as_ref() != Some(&pending.hint) {
            let note = change_note(&self.context, was, Some(pending.hint.clone())).await?;
            let kept = LastKey::InUse(pending.hint.clone()).kept();
            self.context
                .ledger
                .set_setting(HINT, &kept, SettingSeen::Anything, note)
                .await?;
        }
        *key = KeyInUse::Ours;
        Ok(())
    }
}

/// Looks up a key that nothing works with yet, by the ledger's `intents`.
pub(crate) async fn refuse_others(client: &Client, intents: &[String]) -> Result<(), AppError> {
    match whose(client, intents).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(of_another()),
        Err(failure) => {
            let error = in_words(failure);
            Err(AppError {
                message: words::not_known_whose(&error),
                ..error
            })
        }
    }
}

/// Whether Dojo knows one of the intents under this key. None of them is another account's sign.
async fn whose(client: &Client, intents: &[String]) -> Result<bool, Failure> {
    for intent in intents {
        match client.get(intent).await {
            Ok(_) => return Ok(true),
            Err(Failure::Rejected { status: 404, .. }) => {}
            Err(failure) => return Err(failure),
        }
    }
    Ok(intents.is_empty())
}

fn of_another() -> AppError {
    AppError::new(ErrorCode::NotAllowed, words::ANOTHER_ACCOUNT)
}

/// The newest intents that the ledger knows.
pub(crate) async fn newest_intents(context: &Context) -> Result<Vec<String>, AppError> {
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

/// Takes note that the key was removed. Which it was stays known, so that another one in its place is asked about.
pub(crate) async fn removed(context: &Context) -> Result<(), AppError> {
    let Some(LastKey::InUse(hint)) = LastKey::of(context).await? else {
        return Ok(());
    };
    let note = change_note(context, Some(hint.clone()), None).await?;
    let kept = LastKey::Removed(hint).kept();
    Ok(context
        .ledger
        .set_setting(HINT, &kept, SettingSeen::Anything, note)
        .await?)
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
