//! What people should know of, each once.

use crate::PostgresLedger;
use crate::write::Said;
use async_trait::async_trait;
use holdfast_domain::{Finding, FindingKey};
use holdfast_ledger::{Findings, LedgerError, Note};
use tokio_postgres::types::Type;

#[async_trait]
impl Findings for PostgresLedger {
    async fn put_findings(&self, findings: Vec<Finding>, notes: Vec<Note>) -> Result<(), LedgerError> {
        let said = Said {
            findings: &findings,
            ..Said::notes(&notes)
        };
        let said = self.with_keys(self.used_keys(), |keys| said.json(keys)).await?;
        self.write("tell", vec![said.into()]).await
    }

    async fn findings(&self) -> Result<Vec<Finding>, LedgerError> {
        let open = r#"holdfast.finding r WHERE r.ended_at IS NULL ORDER BY r.key COLLATE "C""#;
        self.all(open, &[]).await
    }

    async fn finding(&self, key: &FindingKey) -> Result<Option<Finding>, LedgerError> {
        let key = key.to_string();
        self.first("holdfast.finding r WHERE r.key = $1", &[(&key, Type::TEXT)])
            .await
    }

    /// Kind 0 is a deadline.
    async fn warnings(&self) -> Result<Vec<Finding>, LedgerError> {
        let from = r#"holdfast.finding r WHERE r.key IN (
            SELECT f.key FROM holdfast.hold h JOIN holdfast.finding f ON f.venue = h.venue AND f.hold = h.id
             WHERE h.over = 0 AND f.kind = 0
             UNION SELECT key FROM holdfast.finding WHERE ended_at IS NULL AND kind = 0 AND hold IS NOT NULL)
           ORDER BY r.key COLLATE "C""#;
        self.all(from, &[]).await
    }
}
