//! Searching a ledger of years. It takes minutes and is run by name, with --ignored --nocapture; `HOLDFAST_SEARCH_TABS`
//! says how many tabs there are.

use crate::cluster::{Cluster, open, wait_for};
use async_trait::async_trait;
use chrono::TimeDelta;
use holdfast_domain::{Hold, HoldId, IntentStatus, Snapshot, Tab, TabId};
use holdfast_ledger::LedgerError;
use holdfast_ledger::moving::{GUEST_KEYS, MOST_ROWS, MovedRows, Source, move_ledger};
use holdfast_ledger::prelude::*;
use holdfast_ledger::stored::{Field, GuestKey, GuestKeys, NoKeys, Secrecy, Stored, StoredKey};
use holdfast_ledger_conformance::sample::{card, hold, now, seen, tab};
use holdfast_ledger_postgres::PostgresLedger;
use holdfast_ledger_postgres::moving::VenueTarget;
use holdfast_search::{Document, Hits, Index, of_query};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use std::time::{Duration, Instant};

/// Open ones among them, the newest.
const OPEN: usize = 200;

/// The key of the tab that is written.
struct One(GuestKey);

impl GuestKeys for One {
    fn of_tab(&self, _: TabId) -> Result<Secrecy, LedgerError> {
        Ok(Secrecy::Under(self.0.clone()))
    }

    fn of_hold(&self, _: HoldId) -> Result<Secrecy, LedgerError> {
        Ok(Secrecy::Under(self.0.clone()))
    }
}

const SYLLABLES: &str = "an bra smi th ste na lo mar ri el co dan fi gor hu jo ka wil ron ber ly son per tis";

/// Those of references.
const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// A name of so many of the first syllables.
fn name(chance: &mut StdRng, of: usize, count: usize) -> String {
    let all: Vec<&str> = SYLLABLES.split(' ').collect();
    (0..count).map(|_| all[chance.random_range(0..of)]).collect()
}

/// Tab number `number` of a made ledger, the same each time.
fn made(number: usize, tabs: usize) -> (Tab, Hold) {
    let chance = &mut StdRng::seed_from_u64(number as u64);
    let reference: String = (0..6)
        .map(|_| char::from(LETTERS[chance.random_range(0..32)]))
        .collect();
    let first = name(chance, 12, 2);
    let last = name(chance, 24, 3);
    let place = match chance.random_range(0..10) {
        0..5 => format!("Table {}", chance.random_range(1..60)),
        5..8 => format!("Room {}", chance.random_range(100..400)),
        _ => "Bar".to_owned(),
    };
    let at = now() - TimeDelta::days(3_000) + TimeDelta::seconds(i64::try_from(number).unwrap() * 250);
    let id = uuid::Uuid::from_u128((u128::from(chance.random::<u64>()) << 64) | number as u128);
    let tab = Tab {
        id: TabId(id),
        place: Some(place),
        reference: format!("HF-{reference}"),
        opened_at: at,
        closed_at: (number + OPEN < tabs).then(|| at + TimeDelta::minutes(90)),
        ..tab(&format!("{first} {last}"))
    };
    let total = chance.random_range(500..40_000);
    let hold = Hold {
        id: HoldId(uuid::Uuid::from_u128(id.as_u128() ^ (1 << 127))),
        intent_id: Some(format!("pi_sandbox_{}", id.simple())),
        reference: format!("{number}"),
        asked: total,
        seen: Some(Snapshot {
            card: card(&format!("{:04}", chance.random_range(0..10_000))),
            total,
            ..seen(IntentStatus::Captured, &[total])
        }),
        ..hold(tab.id)
    };
    (tab, hold)
}

/// A made ledger's rows.
struct Made {
    tabs: usize,
    next: usize,
    table: usize,
    keys: Vec<GuestKey>,
}

#[async_trait]
impl Source for Made {
    async fn next(&mut self) -> Result<Option<MovedRows>, LedgerError> {
        if self.next == self.tabs {
            (self.next, self.table) = (0, self.table + 1);
        }
        let numbers = self.next..(self.next + MOST_ROWS).min(self.tabs);
        self.next = numbers.end;
        let mut rows = Vec::new();
        let table = [Tab::TABLE, GUEST_KEYS, Hold::TABLE].get(self.table).copied();
        let Some(table) = table else { return Ok(None) };
        for number in numbers {
            let (tab, hold) = made(number, self.tabs);
            rows.push(match self.table {
                0 => {
                    self.keys.push(GuestKey::new()?);
                    tab.fields(&One(self.keys[number].clone()))?
                }
                1 => {
                    let stored = StoredKey {
                        tab: 0,
                        key: Some(self.keys[number].clone()),
                    };
                    let key = stored.fields(&NoKeys)?.pop().unwrap();
                    vec![Field::from(tab.id.0), key]
                }
                _ => hold.fields(&NoKeys)?,
            });
        }
        Ok(Some(MovedRows { table, rows }))
    }

    async fn beside(&mut self) -> Result<Option<String>, LedgerError> {
        Ok(None)
    }
}

/// What people type, with every letter of it.
const QUERIES: &str = "t|ta|table|table 12|bar|a|an|anna|anbra|smith|branan wilson|hf|hf-7|7k3|86|86.4|120.50|1005\
                       |room 214 na|brann|wilsno|smithan|anbrasmi lo|zzzzzz";

async fn measure(ledger: &PostgresLedger, index: &Index, ids: &[TabId], times: usize) {
    let mut all = Vec::new();
    for query in QUERIES.split('|') {
        let hits: Hits = index.find(&of_query(query), &[], 12);
        let tabs = |places: &[u32]| {
            places
                .iter()
                .map(|place| ids[*place as usize])
                .collect::<Vec<_>>()
        };
        let mut took: Vec<Duration> = Vec::new();
        for _ in 0..times {
            let begun = Instant::now();
            let found = ledger.search(query, 12).await.unwrap();
            took.push(begun.elapsed());
            assert_eq!(
                (found.open, found.closed),
                (tabs(&hits.open), tabs(&hits.closed)),
                "{query}"
            );
            assert_eq!(found.closed_count, hits.closed_count, "{query}");
        }
        took.sort_unstable();
        let middle = took[took.len() / 2];
        println!(
            "{query:>16}: {:>5} closed, p50 {middle:?}, most {:?}",
            hits.closed_count,
            took[took.len() - 1]
        );
        all.extend(took);
    }
    all.sort_unstable();
    let at = |part: usize| all[(all.len() * part / 100).min(all.len() - 1)];
    println!("of all: p50 {:?}, p95 {:?}, p99 {:?}", at(50), at(95), at(99));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes: run it by name with --ignored --nocapture"]
async fn a_ledger_of_years_is_searched_in_moments() {
    let tabs: usize = std::env::var("HOLDFAST_SEARCH_TABS").map_or(100_000, |tabs| tabs.parse().unwrap());
    let cluster = Cluster::shared();
    let venue = cluster.venue();
    let admin = cluster.admin();
    let begun = Instant::now();
    wait_for(async {
        let target = VenueTarget::begin(&admin, venue).await.unwrap();
        let (next, table, keys) = (0, 0, Vec::new());
        let from = Made {
            tabs,
            next,
            table,
            keys,
        };
        move_ledger(Box::new(from), Box::new(target)).await.unwrap();
    });
    println!("{tabs} tabs imported in {:?}", begun.elapsed());
    let (mut index, mut ids) = (Index::default(), Vec::new());
    for (number, place) in (0..tabs).zip(0_u32..) {
        let (tab, hold) = made(number, tabs);
        ids.push(tab.id);
        index.put(place, &Document::of(&tab, &[hold], &[]));
    }
    let owner = cluster.client("owner").await;
    let begun = Instant::now();
    owner.batch_execute("VACUUM ANALYZE").await.unwrap();
    println!("vacuumed in {:?}", begun.elapsed());
    let sizes = "SELECT relname::text, pg_relation_size(c.oid) / 1048576, c.reltuples::bigint FROM pg_class c
                  WHERE relnamespace = 'holdfast'::regnamespace ORDER BY 2 DESC LIMIT 12";
    for row in owner.query(sizes, &[]).await.unwrap() {
        let (name, megabytes, rows): (String, i64, i64) = (row.get(0), row.get(1), row.get(2));
        println!("{name:>24}: {megabytes} MB, {rows} rows");
    }
    let ledger = open(&cluster.till(venue, "Bar"));
    let begun = Instant::now();
    ledger.search("", 12).await.unwrap();
    println!("the first search reads what is open in {:?}", begun.elapsed());
    measure(&ledger, &index, &ids, 20).await;
    for part in ["^t", "^an", "=smith", "*nan", "^86", "=1005"] {
        let explain = format!(
            "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) SELECT s.tab, s.at, s.place FROM holdfast.search s
              WHERE s.venue = {venue} AND s.at IS NOT NULL AND (s.at, s.place) < ({0}, {0})
                AND ((s.named || s.plain || s.figures) && '{{{1}}}'::bigint[])
              ORDER BY s.at DESC, s.place DESC LIMIT 1001",
            i64::MAX,
            owner
                .query_one(
                    "SELECT holdfast_1.hash(search_key, $1) FROM holdfast.venue WHERE venue = $2",
                    &[&part, &venue]
                )
                .await
                .unwrap()
                .get::<_, i64>(0)
        );
        println!("--- {part}");
        for row in owner.query(&explain, &[]).await.unwrap() {
            println!("{}", row.get::<_, String>(0));
        }
    }
}
