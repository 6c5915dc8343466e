//! Finding tabs. The open ones are in an index in memory: the feed of changes says which to read again, also where
//! another till wrote them. Of the closed ones the server proposes those that have the right hashes, the newest first;
//! how well they fit is decided here.

use crate::PostgresLedger;
use crate::heard;
use crate::keys::Keys;
use crate::rows;
use crate::search_key::SearchKey;
use crate::tab_index::{Hit, TabIndex, best};
use crate::values::Value;
use holdfast_domain::{Hold, Line, Tab, TabId};
use holdfast_ledger::{Found, LedgerError};
use holdfast_search::{Document, FEW_HITS, MOST_COUNTED, ONE_SLIP_RANK, Word, of_query, words_in};
use serde_json::{Value as Json, json};
use std::collections::{HashMap, HashSet};
use tokio_postgres::types::Type;

/// Of more words than this not each way is asked for in which they fit together.
const MOST_WORDS: usize = 6;

/// Tabs at a time whose words are looked at for slips.
const TABS_PER_LOOK: usize = 1_000;

/// A word of a query as the server is asked for it.
struct Asked {
    /// The hashes of its parts, each with how well a tab fits that has one, the best first.
    parts: Vec<(u32, i64)>,
    /// Those of which a tab has one where a slip is forgiven.
    near: Vec<i64>,
    /// The tabs that have it in one of Dojo's numbers, and how well they fit.
    by_number: HashSet<TabId>,
    number_rank: u32,
}

impl Asked {
    fn of(word: &Word, by_number: &[TabId], key: &SearchKey) -> Self {
        let parts = word.parts().into_iter();
        Self {
            parts: parts.map(|(rank, part)| (rank, key.hash(&part))).collect(),
            near: word.near_parts().iter().map(|part| key.hash(part)).collect(),
            by_number: by_number.iter().copied().collect(),
            number_rank: word.rank_as_number().unwrap_or_default(),
        }
    }

    /// How well a tab fits that has these of the hashes.
    fn rank(&self, tab: TabId, has: &HashSet<i64>) -> Option<u32> {
        let by_number = self.by_number.contains(&tab).then_some(self.number_rank);
        let parts = self.parts.iter().filter(|(_, hash)| has.contains(hash));
        parts.map(|(rank, _)| *rank).chain(by_number).max()
    }

    /// Any tab that fits.
    fn anyhow(&self, forgives: bool) -> Json {
        let near = self.near.iter().filter(|_| forgives);
        let any: Vec<i64> = self
            .parts
            .iter()
            .map(|(_, hash)| hash)
            .chain(near)
            .copied()
            .collect();
        self.way(&any, true, &[])
    }

    /// Those that fit so well and not better, for each rank.
    fn ways(&self) -> Vec<(u32, Json)> {
        let mut ways: Vec<(u32, Vec<i64>)> = Vec::new();
        for (rank, hash) in &self.parts {
            match ways.iter_mut().find(|(known, _)| known == rank) {
                Some((_, hashes)) => hashes.push(*hash),
                None => ways.push((*rank, vec![*hash])),
            }
        }
        let mut better = Vec::new();
        let ways = ways.into_iter().map(|(rank, hashes)| {
            let way = self.way(&hashes, rank == self.number_rank, &better);
            better.extend(hashes);
            (rank, way)
        });
        ways.collect()
    }

    fn way(&self, any: &[i64], is_by_number: bool, none: &[i64]) -> Json {
        let tabs = self.by_number.iter().filter(|_| is_by_number);
        let tabs: Vec<Json> = tabs.map(|tab| rows::bytes(tab.0.as_bytes())).collect();
        json!({ "any": any, "none": none, "tabs": tabs })
    }
}

/// All ways in which the words fit together, in groups that fit equally well, the best first. None with too many words
/// for that.
fn groups(asked: &[Asked]) -> Option<Json> {
    let mut words: Vec<(u32, &Asked)> = Vec::new();
    for word in asked {
        match words.iter_mut().find(|(_, known)| known.parts == word.parts) {
            Some((times, _)) => *times += 1,
            None => words.push((1, word)),
        }
    }
    if words.len() > MOST_WORDS {
        return None;
    }
    let mut ways: Vec<(u32, Vec<Json>)> = vec![(0, Vec::new())];
    for (times, word) in words {
        let of_word = word.ways();
        let longer = ways.iter().flat_map(|(sum, before)| {
            of_word.iter().map(move |(rank, way)| {
                let all = before.iter().chain([way]).cloned();
                (sum.saturating_add(times.saturating_mul(*rank)), all.collect())
            })
        });
        ways = longer.collect();
    }
    ways.sort_by_key(|(sum, _)| std::cmp::Reverse(*sum));
    let groups = ways.chunk_by(|(one, _), (other, _)| one == other);
    let groups = groups.map(|group| {
        let ways = group.iter().map(|(_, way)| Json::from(way.clone()));
        ways.collect::<Json>()
    });
    Some(groups.collect())
}

/// Those that the server proposes, by how well they fit.
fn ranked(found: Vec<Proposed>, asked: &[Asked]) -> Vec<Hit> {
    let hits = found.into_iter().filter_map(|Proposed { hit, has }| {
        let ranks = asked.iter().map(|word| word.rank(hit.tab, &has));
        let rank = ranks.sum::<Option<u32>>()?;
        Some(Hit { rank, ..hit })
    });
    hits.collect()
}

/// A closed tab that the server proposes.
struct Proposed {
    hit: Hit,
    has: HashSet<i64>,
}

impl PostgresLedger {
    /// Finds, once the index has all that was committed before. An empty query only has it read what is there.
    pub(crate) async fn find(&self, query: &str, limit: usize) -> Result<Found, LedgerError> {
        let mut index = self.index.lock().await;
        self.catch_up(&mut index).await?;
        let words = of_query(query);
        if words.is_empty() {
            return Ok(Found::default());
        }
        let mut by_number = Vec::new();
        for word in &words {
            by_number.push(self.with_number(word).await?);
        }
        let asked = words.iter().zip(&by_number);
        let asked: Vec<Asked> = asked
            .map(|(word, tabs)| Asked::of(word, tabs, &self.search_key))
            .collect();
        let mut open = index.find(&words, &by_number, false);
        let most = limit.max(MOST_COUNTED);
        let mut closed = self.as_typed(&asked, most).await?;
        let mut count = closed.len();
        if open.len() + count < FEW_HITS {
            open = index.find(&words, &by_number, true);
            closed = self.nearly(&words, &asked, closed, limit).await?;
            count = closed.len();
        } else if count > most {
            closed = self.best_of_many(&asked, limit).await?;
        }
        // One that was closed since the index was read is among both.
        closed.retain(|hit| !index.has(hit.tab));
        Ok(Found {
            open: best(open, limit),
            closed: best(closed, limit),
            closed_count: count.min(most),
        })
    }

    /// Closed tabs that fit as it was typed, one more than `most` at most.
    async fn as_typed(&self, asked: &[Asked], most: usize) -> Result<Vec<Hit>, LedgerError> {
        let way: Vec<Json> = asked.iter().map(|word| word.anyhow(false)).collect();
        let found = self
            .proposed(&json!([[way]]), most.saturating_add(1), None)
            .await?;
        Ok(ranked(found, asked))
    }

    /// At least the `limit` best of more than can be looked at.
    async fn best_of_many(&self, asked: &[Asked], limit: usize) -> Result<Vec<Hit>, LedgerError> {
        // One that fits by Dojo's number may be met again where it fits less well.
        let twice: usize = asked.iter().map(|word| word.by_number.len()).sum();
        let Some(groups) = groups(asked) else {
            return self.as_typed(asked, usize::MAX).await;
        };
        let found = self.proposed(&groups, limit.saturating_add(twice), None).await?;
        let mut hits = ranked(found, asked);
        hits.sort_unstable();
        hits.dedup();
        Ok(hits)
    }

    /// Closed tabs that fit with a slip or two; `as_typed` are those that fit without.
    async fn nearly(
        &self,
        words: &[Word],
        asked: &[Asked],
        as_typed: Vec<Hit>,
        limit: usize,
    ) -> Result<Vec<Hit>, LedgerError> {
        if asked.iter().all(|word| word.near.is_empty()) {
            return Ok(as_typed);
        }
        let way: Vec<Json> = asked.iter().map(|word| word.anyhow(true)).collect();
        let ways = json!([[way]]);
        let (mut hits, mut last) = (Vec::new(), None);
        loop {
            let found = self.proposed(&ways, TABS_PER_LOOK, last).await?;
            last = found.last().map(|found| found.hit);
            let is_end = found.len() < TABS_PER_LOOK;
            hits.extend(self.slipped(words, asked, found).await?);
            // Of a single word nothing that is older fits better than with one slip, but what fits as it was typed.
            let good = hits.iter().filter(|hit| hit.rank >= ONE_SLIP_RANK).count();
            if is_end || (words.len() == 1 && good >= limit && hits.len() > limit.max(MOST_COUNTED)) {
                let known: HashSet<TabId> = hits.iter().map(|hit| hit.tab).collect();
                hits.extend(as_typed.into_iter().filter(|hit| !known.contains(&hit.tab)));
                return Ok(hits);
            }
        }
    }

    /// Those of them that fit, by the words of their names, places and references: no slip is forgiven in a number.
    async fn slipped(
        &self,
        words: &[Word],
        asked: &[Asked],
        found: Vec<Proposed>,
    ) -> Result<Vec<Hit>, LedgerError> {
        let keys = rows::keys(found.iter().map(|found| &found.hit.tab.0));
        let columns = rows::columns::<Tab>();
        let sql = format!(
            "SELECT {columns}, k.key FROM holdfast.tab r
               LEFT JOIN holdfast.guest_key k ON k.venue = r.venue AND k.tab = r.id WHERE r.id = ANY ($1)"
        );
        let tabs = self.lanes.query(&sql, &[(&keys, Type::BYTEA_ARRAY)]).await?;
        let keys = Keys::of_rows(&tabs, columns.split(',').count())?;
        let tabs: Vec<Tab> = rows::read_all(&tabs, &keys)?;
        let of_tab: HashMap<TabId, Vec<String>> = tabs
            .iter()
            .map(|tab| {
                let place = tab.place.as_deref().unwrap_or_default();
                (tab.id, words_in(&[&tab.name, place, &tab.reference]))
            })
            .collect();
        let hits = found.into_iter().filter_map(|Proposed { hit, has }| {
            let its = of_tab.get(&hit.tab)?;
            let rank = asked.iter().zip(words).try_fold(0_u32, |sum, (asked, word)| {
                let rank = asked.rank(hit.tab, &has).max(word.slipped(its))?;
                Some(sum.saturating_add(rank))
            })?;
            Some(Hit { rank, ..hit })
        });
        Ok(hits.collect())
    }

    /// What the server proposes, the newest first, from before `last` on.
    async fn proposed(
        &self,
        ways: &Json,
        limit: usize,
        last: Option<Hit>,
    ) -> Result<Vec<Proposed>, LedgerError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let (at, place) = last.map_or((i64::MAX, i64::MAX), |hit| (hit.at, hit.place));
        let values: [Value<'_>; 4] = [
            (ways, Type::JSONB),
            (&limit, Type::INT8),
            (&at, Type::INT8),
            (&place, Type::INT8),
        ];
        let sql = "SELECT tab, at, place, has FROM holdfast_1.find($1, $2, $3, $4)";
        let found = self.lanes.query(sql, &values).await?;
        let proposed = found.iter().map(|row| {
            let has: Vec<i64> = row
                .try_get(3)
                .map_err(|error| crate::error::damaged(error.to_string()))?;
            let hit = Hit {
                rank: 0,
                at: rows::int(row, 1)?,
                place: rows::int(row, 2)?,
                tab: TabId(rows::id(row, 0)?),
            };
            Ok(Proposed {
                hit,
                has: has.into_iter().collect(),
            })
        });
        proposed.collect()
    }

    /// Reads what was written since: all that is open, where that isn't known any more.
    async fn catch_up(&self, index: &mut TabIndex) -> Result<(), LedgerError> {
        let heard = heard::since(&self.lanes, index.change()).await?;
        if let Some(changes) = &heard.changes {
            let ids = heard::tabs(changes)?;
            if !ids.is_empty() {
                let keys = rows::keys(&ids);
                let those = "SELECT id, place FROM holdfast.tab WHERE id = ANY ($1)";
                self.read_tabs(index, those, &[(&keys, Type::BYTEA_ARRAY)])
                    .await?;
            }
        } else {
            *index = TabIndex::default();
            let those = "SELECT id, place FROM holdfast.tab WHERE closed_at IS NULL";
            self.read_tabs(index, those, &[]).await?;
        }
        index.read_up_to(heard.newest);
        Ok(())
    }

    /// Reads the tabs that `those` selects by id and place.
    async fn read_tabs(
        &self,
        index: &mut TabIndex,
        those: &str,
        values: &[Value<'_>],
    ) -> Result<(), LedgerError> {
        let columns = rows::columns::<Tab>();
        let place = columns.split(',').count();
        let tabs = format!(
            "SELECT {columns}, those.place FROM holdfast.tab r JOIN ({those}) AS those ON those.id = r.id"
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
        for (tab, row) in read.into_iter().zip(&tabs) {
            let (holds, lines) = of_tab.remove(&tab.id).unwrap_or_default();
            if tab.closed_at.is_some() {
                index.remove(tab.id);
            } else {
                let document = Document::of(&tab, &holds, &lines);
                index.put(tab.id, rows::int(row, place)?, &document);
            }
        }
        Ok(())
    }

    /// The tabs with one of Dojo's numbers that has this in it. The numbers all begin alike, so only a good part of one
    /// finds anything.
    async fn with_number(&self, word: &Word) -> Result<Vec<TabId>, LedgerError> {
        if word.rank_as_number().is_none() {
            return Ok(Vec::new());
        }
        // By the letters of English, whatever the database's language makes of them.
        let sql =
            r#"SELECT DISTINCT tab FROM holdfast.hold WHERE strpos(lower(intent_id COLLATE "C"), $1) > 0"#;
        let found = self.ids(sql, &[(&word.text(), Type::TEXT)]).await?;
        Ok(found.into_iter().map(TabId).collect())
    }
}
