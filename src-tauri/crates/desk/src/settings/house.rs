//! What the setup of a new till asks for, handed from the ledger in which it was typed to the first one with a key.

use crate::context::Context;
use crate::{AppError, Settings};

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
