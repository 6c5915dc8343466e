//! The till's own settings: who works here, how the window looks and sounds, where this PC's backups go. They are in a
//! file of the till's, for several tills share the venue's.

use super::Settings;
use super::stored::Stored;
use crate::context::Context;
use crate::context::own::{Own, OwnSettings, Read};
use crate::{AppError, ErrorCode};
use holdfast_domain::FloorOrder;
use holdfast_ledger::Ledger;
use serde_json::Value;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// The setting that the order of the floor was in before the till had a file.
const FORMER_ORDER: &str = "floor_order";

/// The names of the till's own among the settings.
const NAMES: [&str; 7] = [
    "staffName",
    "theme",
    "warningSound",
    "keepInTray",
    "backupFolder",
    "backupFolderSince",
    "backupRecipient",
];

impl Default for OwnSettings {
    fn default() -> Self {
        Self::of(&Settings::default(), FloorOrder::default())
    }
}

impl OwnSettings {
    pub(super) fn of(settings: &Settings, floor_order: FloorOrder) -> Self {
        Self {
            staff_name: settings.staff_name.clone(),
            theme: settings.theme.clone(),
            warning_sound: settings.warning_sound,
            keep_in_tray: settings.keep_in_tray,
            backup_folder: settings.backup_folder.clone(),
            backup_folder_since: settings.backup_folder_since,
            backup_recipient: settings.backup_recipient.clone(),
            floor_order,
        }
    }

    /// Puts them in force among the venue's.
    pub(super) fn put_into(&self, settings: &mut Settings) {
        settings.staff_name.clone_from(&self.staff_name);
        settings.theme.clone_from(&self.theme);
        settings.warning_sound = self.warning_sound;
        settings.keep_in_tray = self.keep_in_tray;
        settings.backup_folder.clone_from(&self.backup_folder);
        settings.backup_folder_since = self.backup_folder_since;
        settings.backup_recipient.clone_from(&self.backup_recipient);
    }

    /// Whether each is one that a person could have set.
    fn is_sound(&self) -> bool {
        let mut settings = Settings::default();
        self.put_into(&mut settings);
        settings.problems().is_empty()
    }
}

/// The venue's settings as the ledger keeps them: without the till's own.
pub(super) fn of_venue(settings: &Settings) -> Result<String, AppError> {
    let mut all = serde_json::to_value(settings).map_err(internal)?;
    if let Some(all) = all.as_object_mut() {
        all.retain(|name, _| !NAMES.contains(&name.as_str()));
    }
    serde_json::to_string(&all).map_err(internal)
}

fn internal(error: serde_json::Error) -> AppError {
    AppError::new(ErrorCode::Internal, error.to_string())
}

/// What the ledger has of the till's own since before they were in a file. What stood beside it was in force.
async fn former(ledger: &dyn Ledger) -> Result<OwnSettings, AppError> {
    let text = ledger.setting("settings").await?;
    let mut settings = Stored::read(text.as_deref()).settings;
    if let Some(beside) = ledger.beside().await?
        && let Ok(Value::Object(kept)) = serde_json::from_str(&beside)
    {
        let text = |name: &str| kept.get(name).and_then(Value::as_str).map(str::to_owned);
        if kept.contains_key("backupFolder") {
            settings.backup_folder = text("backupFolder");
            let since = kept.get("backupFolderSince").cloned().unwrap_or_default();
            settings.backup_folder_since = serde_json::from_value(since).ok();
        }
        settings.backup_recipient = text("backupRecipient").or(settings.backup_recipient);
    }
    let order = ledger.setting(FORMER_ORDER).await?;
    let order = order.and_then(|order| serde_json::from_str(&order).ok());
    Ok(OwnSettings::of(&settings, order.unwrap_or_default()))
}

impl Settings {
    /// Those of a mode that isn't open: the venue's of its ledger, and the till's own of its folder.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn of_mode(ledger: &dyn Ledger, folder: &Path) -> Result<Self, AppError> {
        let text = ledger.setting("settings").await?;
        let mut settings = Stored::read(text.as_deref()).settings;
        let own = match Own::read(folder) {
            Read::Known(own) if own.is_sound() => own,
            Read::Known(_) | Read::Missing | Read::Broken => former(ledger).await?,
        };
        own.put_into(&mut settings);
        Ok(settings)
    }
}

impl Context {
    /// The till's own settings.
    pub(crate) async fn own_settings(&self) -> Result<OwnSettings, AppError> {
        let cell = self.own.kept.get_or_try_init(|| self.look_at_own()).await?;
        Ok(cell.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    /// The first look. What the ledger had of them before there was a file is taken over, once.
    async fn look_at_own(&self) -> Result<Mutex<OwnSettings>, AppError> {
        let read = self.own.folder().map_or(Read::Missing, Own::read);
        let is_missing = matches!(read, Read::Missing);
        if let Read::Known(own) = read {
            if own.is_sound() {
                return Ok(Mutex::new(own));
            }
            tracing::error!("the till’s own settings have a value that nobody can set");
        }
        // On a ledger that tills share they were another till's, whose ledger was moved there.
        let mut own = match self.session {
            Some(_) => OwnSettings::default(),
            None => former(self.ledger.as_ref()).await?,
        };
        if !is_missing {
            // The file stays as it is until somebody saves others.
            self.own.note_unreadable();
            return Ok(Mutex::new(own));
        }
        // The folder of a backup that was put back may be one that nobody here knows of: it's told above the floor as
        // one that was just chosen.
        let restored = self.ledger.restored().await?;
        if own.backup_folder.is_some() && restored.is_some_and(|restored| restored.read_again_at.is_none()) {
            own.backup_folder_since = Some(self.clock.now());
        }
        if let Err(error) = self.own.write(&own) {
            tracing::error!(%error, "the till’s own settings can’t be kept in a file");
        }
        Ok(Mutex::new(own))
    }

    /// Keeps the till's own settings: in its file first, so that what is in force is what the next start finds.
    pub(super) async fn keep_own(&self, own: OwnSettings) -> Result<(), AppError> {
        let cell = self.own.kept.get_or_try_init(|| self.look_at_own()).await?;
        let mut kept = cell.lock().unwrap_or_else(PoisonError::into_inner);
        if *kept == own && !self.own.is_unreadable() {
            return Ok(());
        }
        self.own.write(&own).map_err(|error| {
            let words = crate::wording::settings::own_not_written(&error);
            AppError::new(ErrorCode::Ledger, words)
        })?;
        *kept = own;
        Ok(())
    }

    pub(crate) async fn floor_order(&self) -> Result<FloorOrder, AppError> {
        Ok(self.own_settings().await?.floor_order)
    }

    /// Puts the floor of this till in another order, and keeps it so.
    pub(crate) async fn set_floor_order(&self, order: FloorOrder) -> Result<(), AppError> {
        let own = OwnSettings {
            floor_order: order,
            ..self.own_settings().await?
        };
        self.keep_own(own).await?;
        self.changed();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_venue_s_part_has_nothing_of_the_till_s_own() {
        let settings = Settings {
            venue: "The Bell".to_owned(),
            staff_name: "Sam".to_owned(),
            backup_folder: Some("/media/stick".to_owned()),
            ..Settings::default()
        };
        let text = of_venue(&settings).unwrap();
        assert!(text.contains("The Bell"), "{text}");
        for name in NAMES {
            assert!(!text.contains(name), "{name}: {text}");
        }
        let mut read = Stored::read(Some(&text)).settings;
        assert_ne!(read, settings);
        OwnSettings::of(&settings, FloorOrder::default()).put_into(&mut read);
        assert_eq!(read, settings);
    }
}
