//! Reading the open tabs: from what the till keeps of them, where that is all.

use crate::PostgresLedger;
use crate::heard;
use crate::mirror::Kept;
use crate::rows;
use holdfast_domain::TabId;
use holdfast_ledger::{Account, LedgerError};
use tokio_postgres::types::Type;

/// Open tabs that are kept. A venue that has more reads them from the server each time.
const MOST_KEPT: usize = 2_000;

/// Changed tabs that are read one by one. Where there are more, all open ones are.
const MOST_CHANGED: usize = 256;

impl PostgresLedger {
    /// The open tabs, the newest first: from what the till knows, where that is all.
    pub(crate) async fn open_tabs(&self, limit: i64) -> Result<Vec<Account>, LedgerError> {
        let mut kept = self.mirror.kept.lock().await;
        if !self.mirror.is_all(&kept) {
            self.bring_up_to_date(&mut kept).await?;
        }
        if kept.until.is_some() {
            return Ok(kept.newest(limit));
        }
        drop(kept);
        self.read_open(limit).await
    }

    async fn read_open(&self, limit: i64) -> Result<Vec<Account>, LedgerError> {
        let those = "SELECT id FROM holdfast.tab WHERE closed_at IS NULL
                      ORDER BY opened_at DESC, id DESC LIMIT $1";
        self.accounts_of(those, &[(&limit, Type::INT8)]).await
    }

    /// Reads what was changed since, or all of it where that isn't known. What changes between the two questions is
    /// read again the next time.
    async fn bring_up_to_date(&self, kept: &mut Kept) -> Result<(), LedgerError> {
        let written = self.mirror.calls();
        let heard = heard::since(&self.lanes, kept.until).await?;
        let changed = heard.changes.as_ref().map(heard::tabs).transpose()?;
        if let Some(ids) = changed.filter(|changed| changed.len() <= MOST_CHANGED) {
            self.read_again(kept, &ids).await?;
        } else {
            *kept = Kept::default();
            let most = i64::try_from(MOST_KEPT).unwrap_or(i64::MAX);
            let open = self.read_open(most.saturating_add(1)).await?;
            if open.len() > MOST_KEPT {
                return Ok(());
            }
            kept.open = open
                .into_iter()
                .map(|account| (account.tab.id, account))
                .collect();
        }
        kept.until = Some(heard.newest);
        kept.written = written;
        Ok(())
    }

    /// Puts these tabs in the place of what was known of them. A failure leaves what was known as it was.
    async fn read_again(&self, kept: &mut Kept, tabs: &[uuid::Uuid]) -> Result<(), LedgerError> {
        if tabs.is_empty() {
            return Ok(());
        }
        let keys = rows::keys(tabs);
        let those = "SELECT id FROM holdfast.tab WHERE id = ANY ($1) AND closed_at IS NULL";
        let open = self.accounts_of(those, &[(&keys, Type::BYTEA_ARRAY)]).await?;
        for tab in tabs {
            kept.open.remove(&TabId(*tab));
        }
        kept.open
            .extend(open.into_iter().map(|account| (account.tab.id, account)));
        Ok(())
    }
}
