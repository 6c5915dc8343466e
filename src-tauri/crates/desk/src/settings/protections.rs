//! Settings that protect guests. They are kept beside the ledger too, where no restore replaces them: an older ledger,
//! put back by anybody, must not tell Dojo names again or forget guests by another age. Where copies of backups go and
//! whether they're encrypted is in the till's own file, which no restore replaces either.

use super::Settings;
use super::own::of_venue;
use super::stored::{Stored, changed};
use crate::context::Context;
use crate::context::protections::{Kept, Protections};
use crate::wording::settings::OWN_SETTINGS;
use crate::{AppError, Field};
use chrono::{DateTime, Utc};
use holdfast_domain::{Actor, Event};
use holdfast_ledger::{LedgerError, SettingSeen};
use std::sync::Mutex;

impl Protections {
    const fn of(settings: &Settings) -> Self {
        Self {
            names_to_dojo: settings.names_to_dojo,
            forget_after_months: settings.forget_after_months,
            kept: None,
        }
    }

    /// Puts them in force over `settings`. Of names the stricter counts, whichever is the older. After which age guests
    /// are forgotten, which nobody can take back, is as it was chosen last.
    const fn put_into(&self, settings: &mut Settings) {
        settings.names_to_dojo &= self.names_to_dojo;
        settings.forget_after_months = self.forget_after_months;
    }

    /// Whether something is sent more openly than before.
    const fn is_looser(&self, before: &Self) -> bool {
        self.names_to_dojo && !before.names_to_dojo
    }
}

impl Context {
    /// The settings as they are kept, with what stands beside the ledger in force.
    pub(crate) async fn stored_settings(&self) -> Result<Stored, AppError> {
        // First, for that reads what a former version kept beside the ledger, which the next look writes again.
        let own = self.own_settings().await?;
        // Before the ledger is read, for the first look may give it back what it lacks.
        let protections = self.protections().await?;
        let mut stored = self.kept_settings().await?;
        if let Some(protections) = protections {
            protections.put_into(&mut stored.settings);
        }
        own.put_into(&mut stored.settings);
        if self.own.is_unreadable() {
            stored.unreadable.push(OWN_SETTINGS.to_owned());
        }
        Ok(stored)
    }

    async fn kept_settings(&self) -> Result<Stored, AppError> {
        let text = self.ledger.setting("settings").await?;
        let read = Stored::read(text.as_deref());
        Ok(Stored { text, ..read })
    }

    /// What protects, whatever the ledger says; none before any setting was saved.
    pub(crate) async fn protections(&self) -> Result<Option<Protections>, AppError> {
        let cell = self.protections.get_or_try_init(|| self.look_beside()).await?;
        Ok(cell.lock().map_or(None, |known| known.clone()))
    }

    /// The first look, when the ledger was opened: one that is older is given back what it lacks, and its change log
    /// says so.
    async fn look_beside(&self) -> Result<Mutex<Option<Protections>>, AppError> {
        let text = self.ledger.beside().await?;
        let known = text.as_deref().and_then(|text| {
            let read = serde_json::from_str::<Protections>(text);
            read.inspect_err(|error| tracing::error!(%error, "what is kept beside the ledger can’t be read"))
                .ok()
        });
        let Some(known) = known else {
            let Some(text) = self.ledger.setting("settings").await? else {
                return Ok(Mutex::new(None));
            };
            // Nobody kept them there yet.
            let protections = Protections::of(&Stored::read(Some(&text)).settings);
            self.keep_beside(&protections).await;
            return Ok(Mutex::new(Some(protections)));
        };
        let before = self.kept_settings().await?.settings;
        let mut settings = before.clone();
        known.put_into(&mut settings);
        let edits = changed(&before, &settings);
        if edits.is_empty() {
            return Ok(Mutex::new(Some(known)));
        }
        let protections = Protections {
            kept: Some(Kept {
                at: self.clock.now(),
                fields: edits.iter().map(|edit| edit.field.clone()).collect(),
            }),
            ..Protections::of(&settings)
        };
        self.keep_beside(&protections).await;
        let mut note = self.note(Actor::Holdfast, None, Event::SettingsChanged);
        note.personal.edits = edits;
        let text = of_venue(&settings)?;
        // They are in force all the same.
        if let Err(error) = self
            .ledger
            .set_setting("settings", &text, SettingSeen::Anything, note)
            .await
        {
            tracing::warn!(%error, "an older ledger couldn’t be given its settings back");
        }
        Ok(Mutex::new(Some(protections)))
    }

    async fn keep_beside(&self, protections: &Protections) {
        if let Err(error) = self.try_keep_beside(protections).await {
            tracing::error!(%error, "what protects guests can’t be kept beside the ledger");
        }
    }

    async fn try_keep_beside(&self, protections: &Protections) -> Result<(), LedgerError> {
        let text = serde_json::to_string(protections).map_err(|e| LedgerError::Storage(e.to_string()))?;
        self.ledger.set_beside(&text).await
    }

    /// Writes settings that somebody changed into the ledger and what protects beside it: what is stricter first beside
    /// it, what is looser first into the ledger. A cut in between leaves the stricter in force. Refused where another
    /// till has set them since they were `seen`.
    pub(super) async fn write_settings(
        &self,
        settings: &Settings,
        seen: SettingSeen<'_>,
        note: holdfast_ledger::Note,
    ) -> Result<(), AppError> {
        let before = self.protections().await?;
        let protections = Protections {
            kept: before.as_ref().and_then(|before| before.kept.clone()),
            ..Protections::of(settings)
        };
        let is_looser = before
            .as_ref()
            .is_some_and(|before| protections.is_looser(before));
        let is_other = before.as_ref() != Some(&protections);
        if is_other && !is_looser {
            self.try_keep_beside(&protections).await?;
        }
        let text = of_venue(settings)?;
        if let Err(error) = self.ledger.set_setting("settings", &text, seen, note).await {
            // What wasn't saved isn't in force at the next start either.
            if is_other {
                let undone = before.unwrap_or_else(|| Protections::of(&Settings::default()));
                self.keep_beside(&undone).await;
            }
            return Err(error.into());
        }
        if is_looser {
            self.try_keep_beside(&protections).await?;
        }
        if let Some(mut known) = self.protections.get().and_then(|cell| cell.lock().ok()) {
            *known = Some(protections);
        }
        Ok(())
    }

    /// The settings that the ledger put back at `since` had otherwise, and that stayed as they were.
    pub(crate) async fn kept_since(&self, since: DateTime<Utc>) -> Result<Vec<Field>, AppError> {
        let kept = self.protections().await?.and_then(|protections| protections.kept);
        let names = kept.filter(|kept| kept.at >= since).map(|kept| kept.fields);
        let fields = names.unwrap_or_default();
        Ok(fields.iter().filter_map(|name| Field::named(name)).collect())
    }
}
