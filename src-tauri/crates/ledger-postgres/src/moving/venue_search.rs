//! What the tabs of a venue are found by, made from rows that are there already: no other ledger has it.

use crate::error::{damaged, unreachable};
use crate::keys::Keys;
use crate::moving::failed;
use crate::rows;
use crate::search_key::SearchKey;
use crate::server::Connected;
use holdfast_domain::Tab;
use holdfast_ledger::LedgerError;
use holdfast_ledger::moving::MOST_ROWS;
use tokio_postgres::Row;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{ToSql, Type};

/// Makes it for every tab, a thousand at a time.
pub(super) async fn put_search(connected: &Connected, venue: i32) -> Result<(), LedgerError> {
    let sql = "SELECT search_key FROM holdfast.venue WHERE venue = $1";
    let found = asked(connected, sql, &[(&venue, Type::INT4)]).await?;
    let row = found.first().ok_or_else(|| damaged("there is no such venue"))?;
    let key = SearchKey::read(row, 0)?;
    let columns = rows::columns::<Tab>();
    let page = format!(
        "SELECT {columns}, k.key, r.place, r.closed_at / 1000,
                CASE WHEN r.closed_at IS NULL THEN '{{}}' ELSE holdfast_1.figures(r.venue, r.id) END
           FROM holdfast.tab r LEFT JOIN holdfast.guest_key k ON k.venue = r.venue AND k.tab = r.id
          WHERE r.venue = $1 AND r.place > $2 ORDER BY r.place LIMIT $3"
    );
    let most = i64::try_from(MOST_ROWS).unwrap_or(i64::MAX);
    let mut after = i64::MIN;
    loop {
        let values: [(&(dyn ToSql + Sync), Type); 3] =
            [(&venue, Type::INT4), (&after, Type::INT8), (&most, Type::INT8)];
        let page = asked(connected, &page, &values).await?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = rows::int(last, columns.split(',').count() + 1)?;
        put_page(connected, venue, &key, &page).await?;
    }
}

async fn asked(
    connected: &Connected,
    sql: &str,
    values: &[(&(dyn ToSql + Sync), Type)],
) -> Result<Vec<Row>, LedgerError> {
    let found = connected.client.query_typed(sql, values).await;
    found.map_err(|error| failed(&error))
}

async fn put_page(
    connected: &Connected,
    venue: i32,
    key: &SearchKey,
    page: &[Row],
) -> Result<(), LedgerError> {
    let more = rows::columns::<Tab>().split(',').count();
    let keys = Keys::of_rows(page, more)?;
    let copy = "COPY holdfast.search (venue, tab, place, at, named, plain, figures) FROM STDIN BINARY";
    let sink = connected
        .client
        .copy_in(copy)
        .await
        .map_err(|error| failed(&error))?;
    let types = [
        Type::INT4,
        Type::BYTEA,
        Type::INT8,
        Type::INT8,
        Type::INT8_ARRAY,
        Type::INT8_ARRAY,
        Type::INT8_ARRAY,
    ];
    let mut writer = Box::pin(BinaryCopyInWriter::new(sink, &types));
    let unreadable = |error: tokio_postgres::Error| unreachable(error.to_string());
    for row in page {
        let tab: Tab = rows::read(row, &keys)?;
        let [named, plain] = key.of_tab(&tab);
        let id = tab.id.0.as_bytes().as_slice();
        let place = rows::int(row, more + 1)?;
        let at: Option<i64> = row.try_get(more + 2).map_err(unreadable)?;
        let figures: Vec<i64> = row.try_get(more + 3).map_err(unreadable)?;
        let values: [&(dyn ToSql + Sync); 7] = [&venue, &id, &place, &at, &named, &plain, &figures];
        let written = writer.as_mut().write(&values).await;
        written.map_err(|error| failed(&error))?;
    }
    let done = writer.as_mut().finish().await;
    done.map(drop).map_err(|error| failed(&error))
}
