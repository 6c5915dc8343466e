//! Reading: rows of a query as the types that they keep, with the keys that these need.

use crate::PostgresLedger;
use crate::keys::Keys;
use crate::rows;
use crate::values::Value;
use holdfast_ledger::LedgerError;
use holdfast_ledger::stored::Stored;
use uuid::Uuid;

impl PostgresLedger {
    /// Every `T` in `from`.
    pub(crate) async fn all<T: Stored>(
        &self,
        from: &str,
        values: &[Value<'_>],
    ) -> Result<Vec<T>, LedgerError> {
        let found = self.lanes.query(&rows::select::<T>(from), values).await?;
        self.with_keys(Keys::none(), |keys| rows::read_all(&found, keys))
            .await
    }

    /// The first `T` in `from`, if there is one.
    pub(crate) async fn first<T: Stored>(
        &self,
        from: &str,
        values: &[Value<'_>],
    ) -> Result<Option<T>, LedgerError> {
        Ok(self.all(from, values).await?.into_iter().next())
    }

    /// The `T` in `from`. [`LedgerError::NotFound`].
    pub(crate) async fn one<T: Stored>(&self, from: &str, values: &[Value<'_>]) -> Result<T, LedgerError> {
        self.first(from, values).await?.ok_or(LedgerError::NotFound)
    }

    /// The ids in a query's first column.
    pub(crate) async fn ids(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Uuid>, LedgerError> {
        let found = self.lanes.query(sql, values).await?;
        found.iter().map(|row| rows::id(row, 0)).collect()
    }

    /// Keys for writing: those that were used before are at hand.
    pub(crate) fn used_keys(&self) -> Keys {
        Keys::used(&self.used)
    }

    /// Does `work` with all the keys that it asks for: [`Keys::lend`].
    pub(crate) async fn with_keys<T>(
        &self,
        keys: Keys,
        work: impl Fn(&Keys) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        keys.lend(&self.lanes, &self.used, work).await
    }
}
