//! Searching on the server finds what a till's own ledger finds, nothing of another venue, and no forgotten guest.

use crate::cluster::{Cluster, as_till, open, wait_for};
use chrono::TimeDelta;
use holdfast_domain::{ForgetReason, Hold, IntentStatus, Snapshot, Tab, TabId};
use holdfast_ledger::moving::move_ledger;
use holdfast_ledger::prelude::*;
use holdfast_ledger::{Learnt, Ledger, Note};
use holdfast_ledger_conformance::sample::{
    at, authorised, card, close_tab, created, hold, line, note, now, opened, seen, set_closed, tab,
};
use holdfast_ledger_postgres::PostgresLedger;
use holdfast_ledger_postgres::moving::VenueTarget;
use holdfast_ledger_sqlite::{SqliteLedger, WholeFile};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use std::path::Path;

/// Names that are alike, so that beginnings, middles and slips meet.
const NAMES: [&str; 14] = [
    "Anna",
    "Annabel",
    "Hanna",
    "Ann",
    "Zoë",
    "Smith",
    "Smyth",
    "Brandt",
    "Brandon",
    "O’Brien",
    "Lisanna Stephen",
    "Room 10",
    "10.50",
    "أميرة",
];

const PLACES: [Option<&str>; 5] = [
    None,
    Some("Bar"),
    Some("Table 10"),
    Some("Terrace"),
    Some("Annexe"),
];

/// What people type.
const QUERIES: [&str; 32] = [
    "anna",
    "ann",
    "a",
    "nna",
    "anan",
    "smiht",
    "smith",
    "smth",
    "brnadt",
    "brant",
    "brandno",
    "zoe",
    "bar",
    "table",
    "terrase",
    "10",
    "10.5",
    "10,50",
    "1005",
    "100",
    "1",
    "hf",
    "hf-7",
    "stephn",
    "اميرة",
    "anna bar",
    "smith anna",
    "room 10",
    "annexe 10",
    "obrien",
    "pi_sandbox_0",
    "annabell terrace",
];

fn forgotten() -> Note {
    Note {
        event: holdfast_domain::Event::GuestsForgotten {
            tabs: 1,
            why: ForgetReason::Asked,
        },
        personal: holdfast_domain::Personal::default(),
        ..note("")
    }
}

/// The same done to both ledgers, which have to agree on what comes of it.
struct Both {
    file: SqliteLedger,
    server: PostgresLedger,
    chance: StdRng,
    tabs: Vec<TabId>,
    holds: Vec<Hold>,
}

impl Both {
    fn each(&self) -> [&dyn Ledger; 2] {
        [&self.file, &self.server]
    }

    fn any_tab(&mut self) -> TabId {
        *self.tabs.choose(&mut self.chance).unwrap()
    }

    fn named(&mut self, tab: Tab) -> Tab {
        Tab {
            name: (*NAMES.choose(&mut self.chance).unwrap()).to_owned(),
            place: PLACES.choose(&mut self.chance).unwrap().map(str::to_owned),
            ..tab
        }
    }

    async fn open_one(&mut self) {
        let tab = tab("");
        let tab = Tab {
            reference: format!(
                "HF-{}",
                ["7K3QXX", "SMITXA", "44ANNA"].choose(&mut self.chance).unwrap()
            ),
            // Few moments, so that many are equal.
            opened_at: now() + TimeDelta::milliseconds(self.chance.random_range(0..3)),
            ..tab
        };
        let tab = self.named(tab);
        let hold = hold(tab.id);
        for ledger in self.each() {
            ledger.add_tab(&tab, note("opened")).await.unwrap();
            ledger
                .add_hold(&hold, &created(&hold), None, note("asked for"))
                .await
                .unwrap();
        }
        self.tabs.push(tab.id);
        self.holds.push(hold);
    }

    async fn read_one(&mut self) {
        let hold = self.holds.choose(&mut self.chance).unwrap().id;
        let is_over = self.chance.random_bool(0.7);
        let status = if is_over {
            IntentStatus::Reversed
        } else {
            IntentStatus::Authorized
        };
        let total = *[10_000, 1_050, 1_005, 10_500].choose(&mut self.chance).unwrap();
        let learnt = Learnt {
            intent_id: Some(format!("pi_sandbox_{}", hold.0.simple())),
            seen: Some(Snapshot {
                card: card(["1005", "1096", "0010"].choose(&mut self.chance).unwrap()),
                total,
                ..seen(status, if is_over { &[] } else { &[1_050] })
            }),
            ..Learnt::default()
        };
        for ledger in self.each() {
            ledger
                .record(hold, learnt.clone(), None, vec![note("read")])
                .await
                .unwrap();
        }
    }

    /// Changes something on any tab, or is refused by both alike.
    async fn change_one(&mut self) {
        let id = self.any_tab();
        let known = self.file.tab(id).await.unwrap();
        let what = self.chance.random_range(0..10);
        let moment = now() + TimeDelta::microseconds(self.chance.random_range(0..4_000));
        let renamed = self.named(known.clone());
        let line = line(id, *[1_050, 10_000, 5].choose(&mut self.chance).unwrap());
        let mut said = Vec::new();
        for ledger in self.each() {
            let done = match what {
                0..2 => ledger.add_line(&line, None, note("line")).await,
                2..4 => ledger.set_tab(&renamed, note("renamed")).await,
                4..7 => {
                    let version = ledger.tab(id).await.unwrap().version;
                    ledger
                        .set_closed(id, version, None, Some(moment), note("away"))
                        .await
                }
                7 => {
                    let version = ledger.tab(id).await.unwrap().version;
                    ledger
                        .set_closed(id, version, None, None, note("out again"))
                        .await
                }
                _ => ledger.forget(vec![id], forgotten()).await,
            };
            said.push(format!("{done:?}"));
        }
        assert_eq!(said[0], said[1], "{what}");
    }

    async fn assert_same(&self, seed: u64) {
        for query in QUERIES {
            for limit in [1, 3, 100] {
                let [file, server] = self.each().map(|ledger| ledger.search(query, limit));
                let (file, server) = (file.await.unwrap(), server.await.unwrap());
                assert_eq!(server, file, "seed {seed}: {query}, {limit}");
            }
        }
        let number = self.holds.first().unwrap().id.0.simple().to_string();
        let [file, server] = self.each().map(|ledger| ledger.search(&number, 10));
        assert_eq!(
            server.await.unwrap(),
            file.await.unwrap(),
            "seed {seed}: {number}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_finds_what_a_tills_own_ledger_finds_whatever_was_changed() {
    let folder = tempfile::tempdir().unwrap();
    for seed in 0..4 {
        let cluster = Cluster::shared();
        let mut both = Both {
            file: SqliteLedger::open(&folder.path().join(seed.to_string())).unwrap(),
            server: open(&cluster.till(cluster.venue(), "Bar")),
            chance: StdRng::seed_from_u64(seed),
            tabs: Vec::new(),
            holds: Vec::new(),
        };
        for _ in 0..6 {
            for _ in 0..5 {
                both.open_one().await;
            }
            for _ in 0..8 {
                both.read_one().await;
                both.change_one().await;
                both.change_one().await;
            }
            both.assert_same(seed).await;
        }
    }
}

async fn import(folder: &Path, venue: i32) {
    let source = WholeFile::open(folder).unwrap();
    let admin = Cluster::shared().admin();
    wait_for(async {
        let target = VenueTarget::begin(&admin, venue).await.unwrap();
        move_ledger(Box::new(source), Box::new(target)).await.unwrap();
    });
}

/// More than is counted, of which the best are the oldest.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_more_than_it_looks_at_it_finds_the_best_too() {
    // Nothing of the file has to last.
    let folder = tempfile::tempdir_in("/dev/shm").unwrap();
    let file = SqliteLedger::open(folder.path()).unwrap();
    for number in 0..1_300 {
        let name = match number {
            0..3 => "Ann Smith",
            3..8 => "Lisanna Smith",
            _ if number % 3 == 0 => "Annabel Bar",
            _ => "Anna Smithson",
        };
        let tab = tab(name);
        file.add_tab(&tab, note("opened")).await.unwrap();
        close_tab(&file, tab.id, now() + TimeDelta::seconds(number)).await;
    }
    let queries = [
        "a",
        "ann",
        "anna",
        "anna smith",
        "ann smith",
        "ann s",
        "ann smith 10",
        "annabel",
        "annabl",
        "anan",
        "smiht",
        "smi ann",
        "hf-test",
        "nna",
        "nnab bar",
        "annabell smithosn",
    ];
    let mut expected = Vec::new();
    for query in queries {
        for limit in [1, 12, 1_100] {
            expected.push((query, limit, file.search(query, limit).await.unwrap()));
        }
    }
    drop(file);
    let cluster = Cluster::shared();
    let venue = cluster.venue();
    import(folder.path(), venue).await;
    let server = open(&cluster.till(venue, "Bar"));
    for (query, limit, expected) in expected {
        let found = server.search(query, limit).await.unwrap();
        assert_eq!(found, expected, "{query}, {limit}");
    }
}

/// How many hashes the server has of a venue's guests, and how many rows there are.
async fn hashes(venue: i32) -> (i64, i64) {
    let owner = Cluster::shared().client("owner").await;
    let sql =
        "SELECT coalesce(sum(cardinality(named)), 0)::bigint, count(*) FROM holdfast.search WHERE venue = $1";
    let row = owner.query_one(sql, &[&venue]).await.unwrap();
    (row.get(0), row.get(1))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forgotten_guest_leaves_no_hash_and_gets_none() {
    let cluster = Cluster::shared();
    let venue = cluster.venue();
    let ledger = open(&cluster.till(venue, "Bar"));
    let (guest, _) = opened(&ledger, "Nobody").await;
    let (amira, brandt) = (tab("Amira"), tab("Brandt"));
    for tab in [&amira, &brandt] {
        ledger.add_tab(tab, note("opened")).await.unwrap();
        ledger
            .add_line(&line(tab.id, 1_225), None, note("line"))
            .await
            .unwrap();
        close_tab(&ledger, tab.id, now()).await;
    }
    let found = |query: &'static str| {
        let found = ledger.search(query, 10);
        async move { found.await.unwrap().closed }
    };
    assert_eq!(found("amira").await, [amira.id]);
    let (before, rows) = hashes(venue).await;
    assert_eq!(rows, 3);
    ledger
        .forget(vec![amira.id, brandt.id], forgotten())
        .await
        .unwrap();
    let (after, _) = hashes(venue).await;
    assert!(
        0 < after && after < before,
        "the open tab’s stay: {before}, {after}"
    );
    for none in ["amira", "amirra", "brandt"] {
        assert_eq!(found(none).await, [], "{none}");
    }
    assert_eq!(found("12.25").await, [brandt.id, amira.id]);
    // Nor does another till, whatever it still knows.
    let known = ledger.tab(amira.id).await.unwrap();
    let named = Tab {
        name: "Amira".to_owned(),
        ..known
    };
    ledger.set_tab(&named, note("renamed")).await.unwrap();
    assert_eq!(hashes(venue).await, (after, 3));
    assert_eq!(found("amira").await, []);
    close_tab(&ledger, guest.id, now()).await;
    assert_eq!(found("nobody").await, [guest.id]);
}

/// As after the server was put back to a time before: the tills forget those guests again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_who_comes_back_with_an_older_state_is_forgotten_again() {
    let cluster = Cluster::shared();
    let venue = cluster.venue();
    let ledger = open(&cluster.till(venue, "Bar"));
    let amira = tab("Amira");
    ledger.add_tab(&amira, note("opened")).await.unwrap();
    close_tab(&ledger, amira.id, now()).await;
    let owner = cluster.client("owner").await;
    let keep = format!(
        "CREATE TEMP TABLE kept AS SELECT k.key, s.named FROM holdfast.guest_key k
           JOIN holdfast.search s ON s.venue = k.venue AND s.tab = k.tab WHERE k.venue = {venue}"
    );
    owner.batch_execute(&keep).await.unwrap();
    ledger.forget(vec![amira.id], forgotten()).await.unwrap();
    let put_back = format!(
        "SET session_replication_role = replica;
         UPDATE holdfast.guest_key k SET key = o.key FROM kept o WHERE k.venue = {venue};
         UPDATE holdfast.search s SET named = o.named FROM kept o WHERE s.venue = {venue}"
    );
    owner.batch_execute(&put_back).await.unwrap();
    assert_eq!(ledger.search("amira", 10).await.unwrap().closed, [amira.id]);
    ledger.forget(vec![amira.id], forgotten()).await.unwrap();
    assert_eq!(hashes(venue).await, (0, 1));
    assert_eq!(ledger.search("amira", 10).await.unwrap().closed, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_who_was_forgotten_before_has_no_hash_after_a_move() {
    let folder = tempfile::tempdir().unwrap();
    let file = SqliteLedger::open(folder.path()).unwrap();
    let (amira, brandt) = (tab("Amira"), tab("Brandt"));
    for tab in [&amira, &brandt] {
        file.add_tab(tab, note("opened")).await.unwrap();
        close_tab(&file, tab.id, now()).await;
    }
    file.forget(vec![amira.id], forgotten()).await.unwrap();
    drop(file);
    let cluster = Cluster::shared();
    let venue = cluster.venue();
    import(folder.path(), venue).await;
    let ledger = open(&cluster.till(venue, "Bar"));
    assert_eq!(ledger.search("amira", 10).await.unwrap().closed, []);
    assert_eq!(ledger.search("brandt", 10).await.unwrap().closed, [brandt.id]);
    assert_eq!(
        ledger.search("hf-test", 10).await.unwrap().closed,
        [brandt.id, amira.id]
    );
    ledger.forget(vec![brandt.id], forgotten()).await.unwrap();
    assert_eq!(hashes(venue).await, (0, 2));
}

/// Neither by words nor by another venue's hashes: the function finds the venue by who asks.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_finds_another_venues_tabs() {
    let cluster = Cluster::shared();
    let (here, there) = (cluster.venue(), cluster.venue());
    let of_here = cluster.enrol(here, "Bar");
    let ledger = open(&as_till(&cluster.admin(), &of_here));
    let other = open(&cluster.till(there, "Bar"));
    let amira = tab("Amira");
    other.add_tab(&amira, note("opened")).await.unwrap();
    other
        .add_line(&line(amira.id, 1_225), None, note("line"))
        .await
        .unwrap();
    close_tab(&other, amira.id, now()).await;
    for query in ["amira", "12.25", "hf-test"] {
        assert_eq!(
            other.search(query, 10).await.unwrap().closed,
            [amira.id],
            "{query}"
        );
        assert_eq!(
            ledger.search(query, 10).await.unwrap(),
            holdfast_ledger::Found::default(),
            "{query}"
        );
    }
    let owner = cluster.client("owner").await;
    let sql = "SELECT named || figures FROM holdfast.search WHERE venue = $1";
    let hashes: Vec<i64> = owner.query_one(sql, &[&there]).await.unwrap().get(0);
    let all = hashes
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(",");
    let ways = format!("[[[{{\"any\": [{all}], \"none\": [], \"tabs\": []}}]]]");
    let find = format!(
        "SELECT count(*) FROM holdfast_1.find('{ways}', 10, {0}, {0})",
        i64::MAX
    );
    let till = cluster.client(&of_here.role).await;
    assert_eq!(till.query_one(&find, &[]).await.unwrap().get::<_, i64>(0), 0);
    let rows = till.query("SELECT 1 FROM holdfast.search", &[]).await.unwrap();
    assert_eq!(rows.len(), 0);
    let keys = till
        .query("SELECT search_key FROM holdfast.venue", &[])
        .await
        .unwrap();
    assert_eq!(keys.len(), 1, "its own");
    assert_eq!(
        owner.query_one(&find, &[]).await.unwrap().get::<_, i64>(0),
        0,
        "no till"
    );
}

/// A till that never saw the tab finds it too, once it's closed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_till_closes_another_finds() {
    let cluster = Cluster::shared();
    let venue = cluster.venue();
    let (bar, desk) = (
        open(&cluster.till(venue, "Bar")),
        open(&cluster.till(venue, "Desk")),
    );
    let hold = authorised(&bar).await;
    assert_eq!(desk.search("amira", 10).await.unwrap().open, [hold.tab]);
    close_tab(&bar, hold.tab, at("2026-03-02T12:00:00Z")).await;
    let found = desk.search("amira 100", 10).await.unwrap();
    assert_eq!((found.open, found.closed), (vec![], vec![hold.tab]));
    set_closed(&desk, hold.tab, None).await;
    let found = bar.search("amira 100", 10).await.unwrap();
    assert_eq!((found.open, found.closed), (vec![hold.tab], vec![]));
}
