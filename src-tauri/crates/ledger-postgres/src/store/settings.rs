//! Values by name, and the text beside the ledger.

use crate::PostgresLedger;
use crate::write::Said;
use async_trait::async_trait;
use holdfast_ledger::stored::StoredSetting;
use holdfast_ledger::{LedgerError, Note, SettingSeen, Settings};
use serde_json::json;
use tokio_postgres::types::Type;

#[async_trait]
impl Settings for PostgresLedger {
    async fn setting(&self, name: &str) -> Result<Option<String>, LedgerError> {
        let of_it = "holdfast.setting r WHERE r.name = $1";
        let found: Option<StoredSetting> = self.first(of_it, &[(&name, Type::TEXT)]).await?;
        Ok(found.map(|setting| setting.value))
    }

    async fn set_setting(
        &self,
        name: &str,
        value: &str,
        seen: SettingSeen<'_>,
        note: Note,
    ) -> Result<(), LedgerError> {
        let seen = match seen {
            SettingSeen::Anything => None,
            SettingSeen::Was(was) => Some(json!({ "was": was })),
        };
        let said = Said::note(&note);
        let said = self.with_keys(self.used_keys(), |keys| said.json(keys)).await?;
        self.write(
            "set_setting",
            vec![name.into(), value.into(), seen.into(), said.into()],
        )
        .await
    }

    async fn beside(&self) -> Result<Option<String>, LedgerError> {
        let found = self.lanes.query("SELECT text FROM holdfast.beside", &[]).await?;
        Ok(found.first().and_then(|row| row.try_get(0).ok()))
    }

    async fn set_beside(&self, text: &str) -> Result<(), LedgerError> {
        self.write("set_beside", vec![text.into()]).await
    }
}
