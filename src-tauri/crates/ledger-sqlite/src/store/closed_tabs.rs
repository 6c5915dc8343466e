//! What was put away: filtered, in order and page by page, all of it by SQLite, so that a page far back
//! costs what the first one costs.

use crate::error::StoreError;
use crate::store::{accounts, rows};
use holdfast_ledger::{Account, ClosedFilter, Place};
use rusqlite::{Connection, params};

/// The bounds of time come first and always hold something, so that the index leads to the page; only
/// what stands between them is looked at more closely.
const PAGE: &str = "
 SELECT t.id FROM tab t
  WHERE t.closed_at >= ?2 AND t.closed_at < ?3 AND t.closed_at <= ?4 AND (t.closed_at < ?4 OR t.id < ?5)
    AND (?6 IS NULL OR instr(lower(json_extract(t.body, '$.opened_by')), lower(?6)) > 0)
    AND (?7 IS NULL OR EXISTS (SELECT 1 FROM hold h
          WHERE h.tab = t.id AND json_extract(h.body, '$.seen.card.last_four') = ?7))
    AND (?8 IS NULL AND ?9 IS NULL
         OR (SELECT CASE WHEN sum(h.captured) > 0 THEN sum(h.captured)
                         ELSE sum(json_extract(h.body, '$.asked')) END
               FROM hold h WHERE h.tab = t.id)
            BETWEEN ifnull(?8, 0) AND ifnull(?9, 9223372036854775807))
    AND CASE ?10
          WHEN 'taken' THEN EXISTS (SELECT 1 FROM hold h WHERE h.tab = t.id AND h.captured > 0)
          WHEN 'refunded' THEN EXISTS (SELECT 1 FROM hold h WHERE h.tab = t.id AND h.refunded > 0)
          WHEN 'lapsed' THEN EXISTS (SELECT 1 FROM hold h
               WHERE h.tab = t.id AND json_extract(h.body, '$.lapsed_at') IS NOT NULL)
          WHEN 'released' THEN EXISTS (SELECT 1 FROM hold h
               WHERE h.tab = t.id AND json_extract(h.body, '$.lapsed_at') IS NULL
                 AND json_extract(h.body, '$.seen.status') = 'reversed')
          WHEN 'unpaid' THEN NOT EXISTS (SELECT 1 FROM hold h
               WHERE h.tab = t.id AND (json_extract(h.body, '$.lapsed_at') IS NOT NULL
                  OR json_extract(h.body, '$.seen.status') NOT IN ('created', 'canceled')))
          ELSE 1 END
    AND (?11 IS NULL OR t.id IN (SELECT value FROM json_each(?11)))
  ORDER BY t.closed_at DESC, t.id DESC LIMIT ?1";

/// Before and after every time that is written as RFC 3339, and after every id.
const EARLIEST: &str = "0";
const LATEST: &str = "~";

pub(crate) fn accounts(
    c: &Connection,
    filter: &ClosedFilter,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Account>, StoreError> {
    let time = |at: Option<chrono::DateTime<chrono::Utc>>, none: &str| {
        at.map_or_else(|| none.to_owned(), |at| at.to_rfc3339())
    };
    let became = filter.became.map(serde_json::to_value).transpose()?;
    let became = became.as_ref().and_then(|word| word.as_str());
    let among = filter.among.as_ref().map(rows::listed).transpose()?;
    let page = params![
        limit,
        time(filter.from, EARLIEST),
        time(filter.before, LATEST),
        time(after.map(|place| place.closed_at), LATEST),
        after.map_or_else(|| LATEST.to_owned(), |place| place.tab.to_string()),
        filter.person,
        filter.card,
        filter.least,
        filter.most,
        became,
        among,
    ];
    accounts::accounts(c, &rows::ids(c, PAGE, page)?)
}
