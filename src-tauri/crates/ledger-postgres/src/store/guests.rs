//! Forgetting guests: the keys of what is about them are destroyed.

use crate::PostgresLedger;
use crate::lanes::Lanes;
use crate::rows;
use crate::values::{Param, Value};
use crate::write::Said;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use holdfast_domain::TabId;
use holdfast_ledger::{Guests, LedgerError, Note};
use tokio_postgres::types::Type;

/// A key that isn't destroyed, of a tab called `t`.
const IS_REMEMBERED: &str = "EXISTS (SELECT 1 FROM holdfast.guest_key k
    WHERE k.venue = t.venue AND k.tab = t.id AND k.key <> decode(repeat('00', 32), 'hex'))";

impl PostgresLedger {
    /// Forgets whom other tills have forgotten: their keys may be in this till's own record yet. `named` are the tabs
    /// that this till has heard of; where it may have missed some, it asks about those that it has keys of.
    pub(crate) async fn forget_with_others(
        &self,
        lanes: &Lanes,
        named: Option<Vec<TabId>>,
    ) -> Result<(), LedgerError> {
        let Some(record) = self.lanes.own.record() else {
            return Ok(());
        };
        let gone = match named {
            Some(named) => named,
            None => self.gone_of(lanes, &record.opened()).await?,
        };
        if gone.is_empty() {
            return Ok(());
        }
        self.used.forget(&gone);
        record.forget(&gone)
    }

    /// Those of some tabs whose guests are forgotten.
    async fn gone_of(&self, lanes: &Lanes, tabs: &[TabId]) -> Result<Vec<TabId>, LedgerError> {
        if tabs.is_empty() {
            return Ok(Vec::new());
        }
        let keys = rows::keys(tabs.iter().map(|tab| &tab.0));
        let sql = format!("SELECT t.id FROM holdfast.tab t WHERE t.id = ANY ($1) AND NOT {IS_REMEMBERED}");
        let found = lanes.query(&sql, &[(&keys, Type::BYTEA_ARRAY)]).await?;
        found.iter().map(|row| rows::id(row, 0).map(TabId)).collect()
    }

    async fn tab_ids(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<TabId>, LedgerError> {
        Ok(self.ids(sql, values).await?.into_iter().map(TabId).collect())
    }
}

#[async_trait]
impl Guests for PostgresLedger {
    async fn forget(&self, tabs: Vec<TabId>, note: Note) -> Result<(), LedgerError> {
        let (tabs, note) = (&tabs, &note);
        self.write_on("forget", || async move {
            let keys = rows::keys(tabs.iter().map(|tab| &tab.0));
            let sql = format!("SELECT t.id FROM holdfast.tab t WHERE t.id = ANY ($1) AND {IS_REMEMBERED}");
            let remembered = self.tab_ids(&sql, &[(&keys, Type::BYTEA_ARRAY)]).await?;
            // Nothing is noted when there were none.
            let notes = if remembered.is_empty() {
                &[][..]
            } else {
                std::slice::from_ref(note)
            };
            let said = Said::notes(notes);
            let said = self.with_keys(self.used_keys(), |keys| said.json(keys)).await?;
            let count = i64::try_from(remembered.len()).unwrap_or(i64::MAX);
            let ids = tabs.iter().map(|tab| tab.0.into_bytes().to_vec()).collect();
            Ok(vec![Param::Ids(ids), count.into(), said.into()])
        })
        .await?;
        self.used.forget(tabs);
        self.lanes
            .own
            .record()
            .map_or(Ok(()), |record| record.forget(tabs))
    }

    async fn to_forget(&self, closed_before: DateTime<Utc>, limit: i64) -> Result<Vec<TabId>, LedgerError> {
        let sql = format!(
            "SELECT t.id FROM holdfast.tab t WHERE t.closed_at < $1 AND {IS_REMEMBERED}
                AND NOT holdfast.is_busy(t.venue, t.id) ORDER BY t.closed_at LIMIT $2"
        );
        let values: [Value<'_>; 2] = [
            (&closed_before.timestamp_micros(), Type::INT8),
            (&limit, Type::INT8),
        ];
        self.tab_ids(&sql, &values).await
    }

    async fn not_to_forget(&self, tabs: Vec<TabId>) -> Result<Vec<TabId>, LedgerError> {
        let keys = rows::keys(tabs.iter().map(|tab| &tab.0));
        let sql = "SELECT t.id FROM holdfast.tab t WHERE t.id = ANY ($1) AND holdfast.is_busy(t.venue, t.id)";
        self.tab_ids(sql, &[(&keys, Type::BYTEA_ARRAY)]).await
    }
}
