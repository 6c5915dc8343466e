//! What waits for a person, and when it ends.

use crate::{AppError, Desk};
use holdfast_domain::Finding;
use holdfast_ledger::LedgerError;

impl Desk {
    /// What is not true any more waits for nobody.
    pub(crate) async fn end_findings(&self, keys: &[String]) -> Result<(), AppError> {
        let mut ended = Vec::new();
        for key in keys {
            ended.extend(self.ledger.finding(key).await?.map(|known| Finding {
                ended_at: known.ended_at.or_else(|| Some(self.now())),
                seen_by: None,
                ..known
            }));
        }
        if !ended.is_empty() {
            self.ledger.put_findings(ended, Vec::new()).await?;
        }
        Ok(())
    }

    /// Somebody has seen a finding: it is not told again.
    ///
    /// # Errors
    /// [`crate::ErrorCode::NotFound`], and the ledger's.
    pub async fn acknowledge(&self, key: &str) -> Result<(), AppError> {
        let known = self.ledger.finding(key).await?.ok_or(LedgerError::NotFound)?;
        if !known.is_open() {
            return Ok(());
        }
        let by = self.settings().await?.staff_name;
        let note = self.note(&by, known.tab, format!("Seen: {}", known.words));
        let seen = Finding {
            ended_at: Some(self.now()),
            seen_by: Some(by),
            ..known
        };
        self.ledger.put_findings(vec![seen], vec![note]).await?;
        self.changed();
        Ok(())
    }
}
