//! What the setup of a new till asks for, handed from the ledger in which it was typed to the first one with a key.

use super::stored::Stored;
use crate::context::Context;
use crate::{AppError, Settings};
use holdfast_ledger::Ledger;

impl Settings {
    /// As a ledger has them, without a desk on it.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn of_ledger(ledger: &dyn Ledger) -> Result<Self, AppError> {
        let text = ledger.setting("settings").await?;
        Ok(Stored::read(text.as_deref()).settings)
    }
}

impl Context {
    /// Takes the venue's name, address and staff over from another ledger. Settings that somebody saved here stay.
    pub(crate) async fn take_house(&self, from: Settings) -> Result<(), AppError> {
        if self.ledger.setting("settings").await?.is_some() {
            return Ok(());
        }
        let settings = Settings {
            venue: from.venue,
            address: from.address,
            statement_name: from.statement_name,
            staff_name: from.staff_name,
            ..self.settings().await?
        };
        self.save_settings(settings).await.map(drop)
    }
}
