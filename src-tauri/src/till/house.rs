//! What was typed at the setup, before there was a key, goes to the first ledger with one.

use super::{Till, open::Open};
use anyhow::Result;
use holdfast_desk::{Clock, Mode, Settings, SetupStep, SystemClock};
use holdfast_ledger_sqlite::{LedgerHome, Opening};

impl Till {
    /// Gives a ledger that has no settings yet those of the venue, from what was open `before` or else from another
    /// mode's. Only where the till was set up that way: what somebody called the venue in training is a game.
    pub(super) async fn give_house(&self, opened: &Open, before: Option<&Open>) {
        if !opened.is_real() || !SetupStep::was_begun(&self.root) {
            return;
        }
        let given = match self.house(opened.mode, before).await {
            Ok(Some(house)) => opened.desk.take_house(house).await.map_err(anyhow::Error::from),
            Ok(None) => Ok(()),
            Err(error) => Err(error),
        };
        if let Err(error) = given {
            tracing::warn!(
                error = format!("{error:#}"),
                "the venue’s name has to be typed again"
            );
        }
    }

    async fn house(&self, mode: Mode, before: Option<&Open>) -> Result<Option<Settings>> {
        if let Some(before) = before {
            return Ok(Some(before.desk.settings().await?));
        }
        let others = [Mode::Live, Mode::Sandbox, Mode::Training].into_iter();
        let folders = others
            .filter(|other| *other != mode)
            .map(|other| other.folder(&self.root));
        let Some(folder) = folders
            .into_iter()
            .find(|folder| folder.join("ledger.db").exists())
        else {
            return Ok(None);
        };
        let other = LedgerHome::at(&folder)
            .open(Opening::Staged, SystemClock.now())
            .await?;
        Ok(Some(Settings::of_mode(&other.ledger, &folder).await?))
    }
}
