//! What was closed: filtered, in order and page by page, all of it by SQLite, so that a page far back costs what the
//! first one costs.

use crate::error::StoreError;
use crate::store::{accounts, rows};
use holdfast_domain::TabId;
use holdfast_ledger::{Account, ClosedFilter, Place};
use rusqlite::{Connection, params};

/// The bounds of time come first and always hold something, so that the index leads to the page; only
/// what stands between them is looked at more closely. Status 0 is created, 3 reversed, 5 cancelled.
const CLOSED_PAGE_SQL: &str = "
 SELECT t.id FROM tab t
  WHERE t.closed_at >= ?2 AND t.closed_at < ?3 AND t.closed_at <= ?4 AND (t.closed_at < ?4 OR t.id < ?5)
    AND (?6 IS NULL OR instr(lower(t.opened_by), lower(?6)) > 0)
    AND (?7 IS NULL OR EXISTS (SELECT 1 FROM hold h WHERE h.tab = t.id AND h.card = ?7))
    AND (?8 IS NULL AND ?9 IS NULL
         OR (SELECT CASE WHEN sum(h.captured) > 0 THEN sum(h.captured) ELSE sum(h.asked) END
               FROM hold h WHERE h.tab = t.id)
            BETWEEN ifnull(?8, 0) AND ifnull(?9, 9223372036854775807))
    AND CASE ?10
          WHEN 'taken' THEN EXISTS (SELECT 1 FROM hold h WHERE h.tab = t.id AND h.captured > 0)
          WHEN 'refunded' THEN EXISTS (SELECT 1 FROM hold h WHERE h.tab = t.id AND h.refunded > 0)
          WHEN 'lapsed' THEN EXISTS (SELECT 1 FROM hold h WHERE h.tab = t.id AND h.lapsed_at IS NOT NULL)
          WHEN 'released' THEN EXISTS (SELECT 1 FROM hold h
               WHERE h.tab = t.id AND h.lapsed_at IS NULL AND h.status = 3)
          WHEN 'unpaid' THEN NOT EXISTS (SELECT 1 FROM hold h
               WHERE h.tab = t.id AND (h.lapsed_at IS NOT NULL OR h.status NOT IN (0, 5)))
          ELSE 1 END
    AND (?11 IS NULL OR t.id IN (SELECT unhex(value) FROM json_each(?11)))
  ORDER BY t.closed_at DESC, t.id DESC LIMIT ?1";

pub(crate) fn accounts(
    c: &Connection,
    filter: &ClosedFilter,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Account>, StoreError> {
    let time =
        |at: Option<chrono::DateTime<chrono::Utc>>, none: i64| at.map_or(none, |at| at.timestamp_micros());
    let became = filter.became.map(serde_json::to_value).transpose()?;
    let became = became.as_ref().and_then(|word| word.as_str());
    let among = filter
        .among
        .as_ref()
        .map(|tabs| rows::listed(tabs.iter().map(|tab| tab.0)));
    let page = params![
        limit,
        time(filter.from, i64::MIN),
        time(filter.before, i64::MAX),
        time(after.map(|place| place.closed_at), i64::MAX),
        after.map(|place| place.tab.0.into_bytes()).unwrap_or_default(),
        filter.person,
        filter.card,
        filter.least,
        filter.most,
        became,
        among.transpose()?,
    ];
    let ids = rows::ids(c, CLOSED_PAGE_SQL, page)?;
    accounts::accounts(c, &ids.into_iter().map(TabId).collect::<Vec<_>>())
}
