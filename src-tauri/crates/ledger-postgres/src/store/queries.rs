//! Whole tabs for the screens: the open ones, those that were closed, page by page, and what a search finds.

use crate::PostgresLedger;
use crate::rows;
use crate::values::Value;
use async_trait::async_trait;
use holdfast_domain::TabId;
use holdfast_ledger::{Account, Became, ClosedFilter, Found, LedgerError, Place, Queries};
use tokio_postgres::types::Type;

/// The bounds of time come first and always hold something, so that the index leads to the page; only what stands
/// between them is looked at more closely. Status 0 is created, 3 reversed, 5 cancelled.
const CLOSED_PAGE: &str = "
 SELECT t.id FROM holdfast.tab t
  WHERE t.closed_at >= $2 AND t.closed_at < $3 AND t.closed_at <= $4 AND (t.closed_at < $4 OR t.id < $5)
    AND ($6 IS NULL OR strpos(translate(t.opened_by, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz'),
                              translate($6, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')) > 0)
    AND ($7 IS NULL OR EXISTS (SELECT 1 FROM holdfast.hold h
                                WHERE h.venue = t.venue AND h.tab = t.id AND h.card = $7))
    AND ($8 IS NULL AND $9 IS NULL
         OR (SELECT CASE WHEN sum(h.captured) > 0 THEN sum(h.captured) ELSE sum(h.asked) END
               FROM holdfast.hold h WHERE h.venue = t.venue AND h.tab = t.id)
            BETWEEN coalesce($8, 0) AND coalesce($9, 9223372036854775807))
    AND CASE $10
          WHEN 'taken' THEN EXISTS (SELECT 1 FROM holdfast.hold h
               WHERE h.venue = t.venue AND h.tab = t.id AND h.captured > 0)
          WHEN 'refunded' THEN EXISTS (SELECT 1 FROM holdfast.hold h
               WHERE h.venue = t.venue AND h.tab = t.id AND h.refunded > 0)
          WHEN 'lapsed' THEN EXISTS (SELECT 1 FROM holdfast.hold h
               WHERE h.venue = t.venue AND h.tab = t.id AND h.lapsed_at IS NOT NULL)
          WHEN 'released' THEN EXISTS (SELECT 1 FROM holdfast.hold h
               WHERE h.venue = t.venue AND h.tab = t.id AND h.lapsed_at IS NULL AND h.status = 3)
          WHEN 'unpaid' THEN NOT EXISTS (SELECT 1 FROM holdfast.hold h
               WHERE h.venue = t.venue AND h.tab = t.id
                 AND (h.lapsed_at IS NOT NULL OR h.status NOT IN (0, 5)))
          ELSE true END
    AND ($11 IS NULL OR t.id = ANY ($11))
  ORDER BY t.closed_at DESC, t.id DESC LIMIT $1";

/// From the few that may be meant to their tabs: the other way round is every tab that was ever closed. The states are
/// those that are open.
const UNSETTLED: &str = "
 SELECT t.id FROM holdfast.tab t WHERE t.closed_at IS NOT NULL AND t.id IN (
    SELECT tab FROM holdfast.hold WHERE over = 0
     UNION SELECT h.tab FROM holdfast.operation o JOIN holdfast.hold h ON h.venue = o.venue AND h.id = o.hold
            WHERE o.state IN (0, 1, 2)
     UNION SELECT h.tab FROM holdfast.operation o JOIN holdfast.hold h ON h.venue = o.venue AND h.id = o.hold
            WHERE o.odd IS NOT NULL)
  ORDER BY t.closed_at DESC";

/// As [`CLOSED_PAGE`] has it.
const fn word(became: Became) -> &'static str {
    match became {
        Became::Taken => "taken",
        Became::Refunded => "refunded",
        Became::Released => "released",
        Became::Lapsed => "lapsed",
        Became::Unpaid => "unpaid",
    }
}

#[async_trait]
impl Queries for PostgresLedger {
    async fn open_accounts(&self, limit: i64) -> Result<Vec<Account>, LedgerError> {
        self.open_tabs(limit).await
    }

    async fn accounts(&self, tabs: Vec<TabId>) -> Result<Vec<Account>, LedgerError> {
        let those = "SELECT asked.id FROM unnest($1) WITH ORDINALITY AS asked (id, n) ORDER BY asked.n";
        let keys = rows::keys(tabs.iter().map(|tab| &tab.0));
        self.accounts_of(those, &[(&keys, Type::BYTEA_ARRAY)]).await
    }

    async fn closed_accounts(
        &self,
        filter: ClosedFilter,
        after: Option<Place>,
        limit: i64,
    ) -> Result<Vec<Account>, LedgerError> {
        let from = filter.from.map_or(i64::MIN, |at| at.timestamp_micros());
        let before = filter.before.map_or(i64::MAX, |at| at.timestamp_micros());
        let (until, last) = match after {
            Some(place) => (
                place.closed_at.timestamp_micros(),
                place.tab.0.into_bytes().to_vec(),
            ),
            None => (i64::MAX, Vec::new()),
        };
        let among = filter.among.as_ref();
        let among = among.map(|tabs| rows::keys(tabs.iter().map(|tab| &tab.0)));
        let became = filter.became.map(word);
        let values: [Value<'_>; 11] = [
            (&limit, Type::INT8),
            (&from, Type::INT8),
            (&before, Type::INT8),
            (&until, Type::INT8),
            (&last, Type::BYTEA),
            (&filter.person, Type::TEXT),
            (&filter.card, Type::TEXT),
            (&filter.least, Type::INT8),
            (&filter.most, Type::INT8),
            (&became, Type::TEXT),
            (&among, Type::BYTEA_ARRAY),
        ];
        self.accounts_of(CLOSED_PAGE, &values).await
    }

    async fn unsettled_accounts(&self) -> Result<Vec<Account>, LedgerError> {
        self.accounts_of(UNSETTLED, &[]).await
    }

    async fn search(&self, query: &str, limit: usize) -> Result<Found, LedgerError> {
        self.find(query, limit).await
    }
}
