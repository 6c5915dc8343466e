//! Finding tabs by the index in memory. The feed of changes says which tabs it has to read again, also where another
//! till wrote them.

use crate::PostgresLedger;
use crate::keys::Keys;
use crate::rows;
use crate::tab_index::TabIndex;
use crate::values::Value;
use holdfast_domain::{Hold, Line, Tab, TabId};
use holdfast_ledger::{Found, LedgerError};
use holdfast_search::{Document, Word, of_query};
use std::collections::HashMap;
use tokio_postgres::types::Type;

/// Tabs read at a time.
const TABS_PER_READ: i64 = 500;

impl PostgresLedger {
    /// Finds, once the index has all that was committed before. An empty query only has it read what is there.
    pub(crate) async fn find(&self, query: &str, limit: usize) -> Result<Found, LedgerError> {
        let mut index = self.index.lock().await;
        self.catch_up(&mut index).await?;
        if query.trim().is_empty() {
            return Ok(Found::default());
        }
        let words = of_query(query);
        let mut by_number = Vec::new();
        for word in &words {
            by_number.push(self.with_number(&index, word).await?);
        }
        Ok(index.find(&words, &by_number, limit))
    }

    /// Reads what was written since: all of it, where that isn't known any more.
    async fn catch_up(&self, index: &mut TabIndex) -> Result<(), LedgerError> {
        let since = index.change().map_or(0, |(_, number)| number);
        let head = "SELECT change, (SELECT min(n) FROM holdfast.change), uuid_send(incarnation)
                      FROM holdfast.head WHERE $1 >= 0";
        let changed = "SELECT DISTINCT tab FROM holdfast.change WHERE n > $1 AND tab IS NOT NULL";
        let values: [Value<'_>; 1] = [(&since, Type::INT8)];
        let [head, changed] = self.lanes.query_at_once([head, changed], &values).await?;
        let head = head
            .first()
            .ok_or_else(|| crate::error::damaged("the venue has no head"))?;
        let newest = rows::int(head, 0)?;
        let oldest: Option<i64> = head.try_get(1).ok().flatten();
        let incarnation = rows::id(head, 2)?;
        let is_whole = index.change().is_some_and(|(of, _)| of == incarnation)
            && (since == newest || oldest.is_some_and(|oldest| oldest <= since + 1));
        if is_whole {
            let ids = changed.iter().map(|row| rows::id(row, 0));
            let ids: Vec<uuid::Uuid> = ids.collect::<Result<_, _>>()?;
            let keys = rows::keys(&ids);
            let those = "SELECT id, place FROM holdfast.tab WHERE id = ANY ($1)";
            self.read_tabs(index, those, &[(&keys, Type::BYTEA_ARRAY)])
                .await?;
        } else {
            *index = TabIndex::default();
            let mut after = i64::MIN;
            let those = "SELECT id, place FROM holdfast.tab WHERE place > $1 ORDER BY place LIMIT $2";
            while let Some(last) = {
                let values: [Value<'_>; 2] = [(&after, Type::INT8), (&TABS_PER_READ, Type::INT8)];
                self.read_tabs(index, those, &values).await?
            } {
                after = last;
            }
        }
        index.read_up_to(incarnation, newest);
        Ok(())
    }

    /// Reads the tabs that `those` selects by id and place; the last one's place.
    async fn read_tabs(
        &self,
        index: &mut TabIndex,
        those: &str,
        values: &[Value<'_>],
    ) -> Result<Option<i64>, LedgerError> {
        let columns = rows::columns::<Tab>();
        let place = columns.split(',').count();
        let tabs = format!(
            "SELECT {columns}, those.place FROM holdfast.tab r JOIN ({those}) AS those ON those.id = r.id
              ORDER BY those.place"
        );
        let of_these =
            |table: &str| format!("holdfast.{table} r WHERE r.tab IN (SELECT id FROM ({those}) AS those)");
        let holds = rows::select::<Hold>(&of_these("hold"));
        let lines = rows::select::<Line>(&of_these("line"));
        let found = self.lanes.query_at_once([&tabs, &holds, &lines], values);
        let [tabs, holds, lines] = found.await?;
        let read = self.with_keys(Keys::none(), |keys| {
            let tabs: Vec<Tab> = rows::read_all(&tabs, keys)?;
            let holds: Vec<Hold> = rows::read_all(&holds, keys)?;
            let lines: Vec<Line> = rows::read_all(&lines, keys)?;
            Ok((tabs, holds, lines))
        });
        let (read, holds, lines) = read.await?;
        let mut of_tab: HashMap<TabId, (Vec<Hold>, Vec<Line>)> = HashMap::new();
        for hold in holds {
            of_tab.entry(hold.tab).or_default().0.push(hold);
        }
        for line in lines {
            of_tab.entry(line.tab).or_default().1.push(line);
        }
        for tab in read {
            let (holds, lines) = of_tab.remove(&tab.id).unwrap_or_default();
            index.put(tab.id, &Document::of(&tab, &holds, &lines));
        }
        tabs.last().map(|row| rows::int(row, place)).transpose()
    }

    /// The places of tabs with one of Dojo's numbers that has this in it. The numbers all begin alike, so only a good
    /// part of one finds anything.
    async fn with_number(&self, index: &TabIndex, word: &Word) -> Result<Vec<u32>, LedgerError> {
        if word.rank_as_number().is_none() {
            return Ok(Vec::new());
        }
        let sql = "SELECT DISTINCT tab FROM holdfast.hold WHERE strpos(lower(intent_id), $1) > 0";
        let found = self.ids(sql, &[(&word.text(), Type::TEXT)]).await?;
        Ok(found.iter().filter_map(|tab| index.place(TabId(*tab))).collect())
    }
}
