//! Servers that somebody has set up for other things, in another country: the ledger on them is the same, or they are
//! refused before anything rests on them.

use crate::cluster::{Cluster, open, wait_for};
use crate::moving::{answers, assert_same, export_of, import_to};
use holdfast_domain::{
    Actor, Event, ForgetReason, Hold, IntentStatus, Line, MAX_MINOR, OperationKind, Personal, Tab,
};
use holdfast_ledger::prelude::*;
use holdfast_ledger::{Ledger, LedgerError, Note, SettingSeen};
use holdfast_ledger_conformance::cases;
use holdfast_ledger_conformance::sample::{
    authorised, close_tab, created, done, hold, intend, line, note, now, operation, seen, tab,
};
use holdfast_ledger_postgres::{HeadOffice, Server, schema};
use holdfast_ledger_sqlite::SqliteLedger;
use std::sync::Arc;

/// Where "I" in small letters is "ı", and letters go before signs.
const TURKISH: &str = "--locale-provider=icu --icu-locale=tr-TR";

/// Whatever an administrator may have set for another program on the same server.
const SET_FOR_OTHERS: &str = "-c default_transaction_isolation=serializable -c standard_conforming_strings=off \
     -c bytea_output=escape -c TimeZone=Asia/Kathmandu -c DateStyle=SQL,DMY -c IntervalStyle=sql_standard \
     -c extra_float_digits=-10 -c quote_all_identifiers=on -c plan_cache_mode=force_generic_plan \
     -c search_path=public";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tills_at_work_at_once_lose_no_line_whatever_isolation_is_the_servers_own() {
    let cluster = Cluster::start_with("-c default_transaction_isolation=serializable");
    let venue = cluster.venue();
    let tills = ["Bar", "Desk", "Terrace"].map(|name| Arc::new(open(&cluster.till(venue, name))));
    let mut at_work = Vec::new();
    for till in tills.clone() {
        at_work.push(tokio::spawn(async move {
            let tab = tab("Amira");
            till.add_tab(&tab, note("opened")).await?;
            for _ in 0..40 {
                till.add_line(&line(tab.id, 1), None, note("line")).await?;
            }
            Ok::<_, LedgerError>(())
        }));
    }
    for work in at_work {
        work.await.unwrap().unwrap();
    }
    assert_eq!(tills[0].verify_journal().await.unwrap(), 3 * 41);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_server_that_is_set_up_for_others_keeps_the_whole_contract() {
    let cluster = Cluster::start_unlike(TURKISH, SET_FOR_OTHERS);
    for case in cases() {
        println!("{}", case.name);
        (case.run)(Arc::new(open(&cluster.till(cluster.venue(), "Bar")))).await;
        let [here, back] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let ledger: Arc<dyn Ledger> = Arc::new(SqliteLedger::open(here.path()).unwrap());
        (case.run)(ledger.clone()).await;
        let expected = answers(ledger.as_ref()).await;
        drop(ledger);
        let venue = cluster.venue();
        let moved = import_to(&cluster, here.path(), venue).unwrap();
        let shared = open(&cluster.till(venue, "Bar"));
        assert_same(case.name, "on the server", &answers(&shared).await, &expected);
        assert_eq!(export_of(&cluster, venue, back.path()).unwrap(), moved);
    }
}

/// What people find a tab by, and Dojo's own number, is the same in every language's server.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_search_finds_the_same_in_a_database_of_another_language() {
    let cluster = Cluster::start_unlike(TURKISH, "");
    let here = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(here.path()).unwrap();
    let shared = open(&cluster.till(cluster.venue(), "Bar"));
    let guest = tab("Işıl İnci");
    let of_guest = Hold {
        intent_id: Some("PI_LIVE_IIIJKLMNOPQRST".to_owned()),
        ..hold(guest.id)
    };
    for ledger in [&ledger as &dyn Ledger, &shared] {
        ledger.add_tab(&guest, note("opened")).await.unwrap();
        ledger
            .add_hold(&of_guest, &created(&of_guest), None, note("asked for"))
            .await
            .unwrap();
    }
    let queries = [
        "işıl",
        "isil",
        "ISIL",
        "inci",
        "INCI",
        "İNCİ",
        "pi_live_iiijkl",
        "PI_LIVE_IIIJKL",
    ];
    for is_closed in [false, true] {
        for query in queries {
            let [expected, found] = [ledger.search(query, 10).await, shared.search(query, 10).await];
            assert_eq!(found.unwrap(), expected.unwrap(), "{query}, closed: {is_closed}");
        }
        for ledger in [&ledger as &dyn Ledger, &shared] {
            close_tab(ledger, guest.id, now()).await;
        }
    }
}

/// A name that the database can't hold would be refused in the middle of a night.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_database_that_can_t_hold_every_name_is_refused_before_anything_is_in_it() {
    let cluster = Cluster::shared();
    let owner = cluster.client("owner").await;
    for encoding in ["LATIN1", "SQL_ASCII"] {
        let name = format!("of_{}", encoding.to_lowercase());
        let sql = format!("CREATE DATABASE {name} ENCODING '{encoding}' TEMPLATE template0 LOCALE 'C'");
        owner.batch_execute(&sql).await.unwrap();
        let address = format!("host={} user=owner dbname={name}", cluster.socket());
        let admin = Server::new(&address, &[]).unwrap();
        let refused = wait_for(schema::create(&admin));
        let Err(LedgerError::Storage(words)) = &refused else {
            panic!("{encoding}: {refused:?}");
        };
        assert!(words.contains("UTF8") && words.contains(encoding), "{words}");
    }
}

/// Names that end a statement elsewhere, and letters of all kinds.
const NAMES: [&str; 6] = [
    "'); DROP TABLE holdfast.tab; --",
    "$$ \\ \\x00 \" {} %s %L :name",
    "Zoë 🎉 \u{202e}rtl \u{200d} ǅ ß İ ﬁ Å",
    "أميرة ‏ 王小明 नमस्ते",
    "{\"any\":[1],\"none\":null}",
    "NULL",
];

/// A tab of that name with a bill and many holds, each as large as there are, and a setting of that name.
async fn fill(ledger: &SqliteLedger, name: &str) {
    let one = Tab {
        place: Some(name.chars().rev().collect()),
        note: Some(name.to_owned()),
        opened_by: Actor::staff(name),
        ..tab(name)
    };
    let said = Note {
        by: Actor::staff(name),
        ..note(name)
    };
    ledger.add_tab(&one, said).await.unwrap();
    for _ in 0..12 {
        let most = Hold {
            asked: MAX_MINOR,
            ..hold(one.id)
        };
        let create = created(&most);
        let asked = ledger.add_hold(&most, &create, None, note("asked for"));
        asked.await.unwrap();
    }
    let most = Line {
        what: Some(name.to_owned()),
        ..line(one.id, MAX_MINOR)
    };
    ledger.add_line(&most, None, note("line")).await.unwrap();
    let set = ledger.set_setting(name, name, SettingSeen::Anything, note(name));
    set.await.unwrap();
}

/// A guest who came, went and was forgotten.
async fn forget_one(ledger: &SqliteLedger) {
    let held = authorised(ledger).await;
    let release = operation(held.id, OperationKind::Reversal, 0);
    intend(ledger, &release, note("release")).await.unwrap();
    done(ledger, &release, seen(IntentStatus::Reversed, &[])).await;
    close_tab(ledger, held.tab, now()).await;
    let event = Event::GuestsForgotten {
        tabs: 1,
        why: ForgetReason::Asked,
    };
    let said = Note {
        event,
        personal: Personal::default(),
        ..note("")
    };
    ledger.forget(vec![held.tab], said).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn odd_names_amounts_and_many_holds_are_the_same_there_and_back() {
    let cluster = Cluster::shared();
    let [here, back] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let ledger = SqliteLedger::open(here.path()).unwrap();
    for name in NAMES {
        fill(&ledger, name).await;
        forget_one(&ledger).await;
    }
    let expected = answers(&ledger).await;
    let mut hits = Vec::new();
    for name in NAMES {
        hits.push(ledger.search(name, 100).await.unwrap());
    }
    drop(ledger);
    let venue = cluster.venue();
    let moved = import_to(cluster, here.path(), venue).unwrap();
    let shared = open(&cluster.till(venue, NAMES[0]));
    assert_eq!(shared.name(), NAMES[0]);
    assert_same("odd", "on the server", &answers(&shared).await, &expected);
    for (name, hits) in NAMES.into_iter().zip(hits) {
        assert_eq!(shared.search(name, 100).await.unwrap(), hits, "{name}");
        assert_eq!(shared.setting(name).await.unwrap().as_deref(), Some(name));
    }
    assert_eq!(export_of(cluster, venue, back.path()).unwrap(), moved);
    let again = SqliteLedger::open(back.path()).unwrap();
    assert_same("odd", "back in a file", &answers(&again).await, &expected);
}

/// Groups, venues and head offices are called as people like.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_group_whose_name_is_a_statement_is_a_name_and_opens_no_other_group() {
    let cluster = Cluster::start();
    let admin = cluster.admin();
    let odd = "x' OR grp <> ''; DROP SCHEMA holdfast CASCADE; --";
    let [mine, other] = [cluster.venue(), cluster.venue()];
    wait_for(async {
        schema::set_group(&admin, mine, Some(odd)).await.unwrap();
        schema::set_group(&admin, other, Some("The Inns")).await.unwrap();
        let made = schema::add_head_office(&admin, odd, odd).await.unwrap();
        let office = admin.as_role(&made.role, Some(&made.password));
        let office = HeadOffice::open(&office).await.unwrap();
        let seen: Vec<i32> = office
            .venues()
            .await
            .unwrap()
            .iter()
            .map(|venue| venue.number)
            .collect();
        assert_eq!((seen, office.name()), (vec![mine], odd));
        // Out of the group, it's seen no more; the office stays.
        schema::set_group(&admin, mine, None).await.unwrap();
        assert_eq!(office.venues().await.unwrap(), []);
        assert!(office.standing(mine).await.unwrap().accounts.is_empty());
    });
}
