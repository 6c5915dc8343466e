//! How many rows there are, for support.

use crate::error::StoreError;
use holdfast_ledger::Counts;
use rusqlite::Connection;

pub(crate) fn counts(c: &Connection) -> Result<Counts, StoreError> {
    let mut query = c.prepare(
        "SELECT 'Tabs open', count(*) FROM tab WHERE closed_at IS NULL
          UNION ALL SELECT 'Tabs put away', count(*) FROM tab WHERE closed_at IS NOT NULL
          UNION ALL SELECT 'Holds not over', count(*) FROM hold WHERE over = 0
          UNION ALL SELECT 'Holds over', count(*) FROM hold WHERE over = 1
          UNION ALL SELECT 'Renewals under way', count(*) FROM renewal WHERE ended_at IS NULL
          UNION ALL SELECT 'Findings that wait', count(*) FROM finding WHERE ended_at IS NULL
          UNION ALL SELECT 'Entries in the journal', count(*) FROM journal
          UNION ALL SELECT * FROM (SELECT 'Operations ' || kind || ', ' || state, count(*)
                                     FROM operation GROUP BY 1 ORDER BY 1)",
    )?;
    let rows = query.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?;
    Ok(Counts {
        format: c.query_row("PRAGMA user_version", [], |r| r.get(0))?,
        rows: rows.collect::<Result<_, _>>()?,
    })
}
