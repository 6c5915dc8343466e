//! A till's first meeting with its server, what it hears of the others, and what it does while the server is away.

use crate::cluster::{Cluster, as_till, open, wait_for};
use holdfast_domain::Actor;
use holdfast_ledger::prelude::*;
use holdfast_ledger::{LedgerError, Note};
use holdfast_ledger_conformance::sample::{note, tab};
use holdfast_ledger_postgres::enrolment::{Met, meet, set_password};
use holdfast_ledger_postgres::{PostgresLedger, Server, schema};
use std::time::{Duration, Instant};

/// From now on the server lets nobody but its owner in without a password.
fn ask_for_passwords(cluster: &Cluster) {
    wait_for(async {
        let owner = cluster.client("owner").await;
        let file = owner.query_one("SHOW hba_file", &[]).await.unwrap();
        let file: String = file.get(0);
        let rules = format!(
            "COPY (SELECT unnest(ARRAY['local all owner trust', 'local all all scram-sha-256'])) TO '{file}'"
        );
        owner.batch_execute(&rules).await.unwrap();
        owner.batch_execute("SELECT pg_reload_conf()").await.unwrap();
    });
}

/// Asks until the server has read its rules again.
fn until_refused(server: &Server) {
    let begun = Instant::now();
    while !matches!(wait_for(meet(server)), Err(LedgerError::NotAdmitted)) {
        assert!(begun.elapsed() < Duration::from_secs(10), "anybody is let in");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_code_s_password_is_good_until_the_till_has_one_of_its_own() {
    let cluster = Cluster::start();
    ask_for_passwords(&cluster);
    let till = cluster.enrol(cluster.venue(), "Bar 2");
    let with = |password: &str| cluster.admin().as_role(&till.role, Some(password));
    until_refused(&with("a wrong one"));
    let first = with(&till.password);
    let met = Met {
        name: "Bar 2".to_owned(),
        has_worked: false,
    };
    assert_eq!(wait_for(meet(&first)).unwrap(), met);
    wait_for(set_password(&first, "its own")).unwrap();
    let used = wait_for(meet(&first));
    assert!(matches!(used, Err(LedgerError::NotAdmitted)), "{used:?}");
    let refused = wait_for(PostgresLedger::open(first));
    assert!(matches!(refused, Err(LedgerError::NotAdmitted)), "{refused:?}");
    assert_eq!(open(&with("its own")).name(), "Bar 2");
    assert!(wait_for(meet(&with("its own"))).unwrap().has_worked);
}

#[test]
fn an_older_ledger_is_refused_and_left_as_it_is() {
    let cluster = Cluster::start();
    let till = cluster.till(cluster.venue(), "Bar");
    wait_for(async {
        let owner = cluster.client("owner").await;
        let older = owner.batch_execute("UPDATE holdfast.format SET format = 0");
        older.await.unwrap();
    });
    let refused = wait_for(PostgresLedger::open(till)).map(drop);
    let is_older = matches!(refused, Err(LedgerError::Older { found: 0, known: 1 }));
    assert!(is_older, "{refused:?}");
}

#[test]
fn what_is_done_at_another_till_is_told_with_its_name() {
    let cluster = Cluster::shared();
    let venue = cluster.venue();
    let [bar, terrace] = ["Bar 1", "Bar 2"].map(|name| open(&cluster.till(venue, name)));
    let by = |name: &str| Note {
        by: Actor::staff(name),
        ..note("opened")
    };
    wait_for(async {
        let begun = bar.written(None).await.unwrap();
        assert!(begun.deeds.is_empty(), "{begun:?}");
        let [here, there] = [tab("Amira"), tab("Brandt")];
        let of = |tab: &holdfast_domain::Tab, name: &str| Note {
            tab: Some(tab.id),
            ..by(name)
        };
        bar.add_tab(&here, of(&here, "Kim")).await.unwrap();
        terrace.add_tab(&there, of(&there, "Sam")).await.unwrap();
        let written = bar.written(Some(begun.until)).await.unwrap();
        let told: Vec<_> = written
            .deeds
            .iter()
            .map(|done| (done.tab, done.by.to_string(), done.till.as_deref()))
            .collect();
        assert_eq!(
            told,
            [
                (here.id, "Kim".to_owned(), None),
                (there.id, "Sam".to_owned(), Some("Bar 2"))
            ]
        );
        assert!(bar.written(Some(written.until)).await.unwrap().deeds.is_empty());
    });
}

#[test]
fn while_the_server_is_away_a_call_refuses_at_once_and_goes_on_when_it_is_back() {
    let cluster = Cluster::start();
    let till = cluster.enrol(cluster.venue(), "Bar");
    let ledger = open(&as_till(&cluster.admin(), &till));
    wait_for(ledger.changes(None)).unwrap();
    cluster.crash();
    let heard = wait_for(ledger.changes(None));
    assert!(matches!(heard, Err(LedgerError::Unreachable)), "{heard:?}");
    let asked = Instant::now();
    let refused = wait_for(ledger.add_tab(&tab("Amira"), note("opened")));
    assert!(matches!(refused, Err(LedgerError::Unreachable)), "{refused:?}");
    assert!(
        asked.elapsed() < Duration::from_millis(200),
        "{:?}",
        asked.elapsed()
    );
    cluster.start_again();
    wait_for(ledger.changes(None)).unwrap();
    wait_for(ledger.add_tab(&tab("Amira"), note("opened"))).unwrap();
}

#[test]
fn an_administrator_finds_the_id_of_a_till_that_has_to_be_kept_out() {
    let cluster = Cluster::start();
    let venue = cluster.venue();
    let (bar, lost) = (cluster.enrol(venue, "Bar"), cluster.enrol(venue, "Lost laptop"));
    wait_for(open(&as_till(&cluster.admin(), &bar)).changes(None)).unwrap();
    wait_for(schema::set_group(&cluster.admin(), venue, Some("The Inns"))).unwrap();
    let leeds = wait_for(schema::add_head_office(&cluster.admin(), "Leeds", "The Inns")).unwrap();
    let (venues, offices) = wait_for(schema::list(&cluster.admin())).unwrap();
    let [listed] = &venues[..] else {
        panic!("{venues:?}")
    };
    assert_eq!(
        (listed.number, listed.group.as_deref()),
        (venue, Some("The Inns"))
    );
    let tills: Vec<_> = listed
        .tills
        .iter()
        .map(|till| (till.id, &*till.name, till.has_worked))
        .collect();
    assert_eq!(
        tills,
        [(bar.till, "Bar", true), (lost.till, "Lost laptop", false)]
    );
    let heads: Vec<_> = offices
        .iter()
        .map(|(group, head)| (&**group, head.id, &*head.name))
        .collect();
    assert_eq!(heads, [("The Inns", leeds.id, "Leeds")]);

    wait_for(schema::retire(&cluster.admin(), lost.till)).unwrap();
    wait_for(schema::retire(&cluster.admin(), leeds.id)).unwrap();
    let (venues, offices) = wait_for(schema::list(&cluster.admin())).unwrap();
    let retired: Vec<bool> = venues
        .iter()
        .flat_map(|v| &v.tills)
        .map(|till| till.is_retired)
        .collect();
    assert_eq!(retired, [false, true]);
    assert!(offices.iter().all(|(_, head)| head.is_retired));
}
