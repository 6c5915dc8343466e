//! What a till may do, what not even the owner may, and which servers and ledgers are refused.

use crate::cluster::{Cluster, as_till, open, wait_for};
use holdfast_ledger::LedgerError;
use holdfast_ledger::prelude::*;
use holdfast_ledger_conformance::sample::{authorised, intend, note, operation, report, tab};
use holdfast_ledger_postgres::{PostgresLedger, schema};

/// The code that a statement is refused with.
async fn refused(client: &tokio_postgres::Client, sql: &str) -> String {
    match client.batch_execute(sql).await {
        Ok(()) => panic!("{sql} is done"),
        Err(error) => error.code().unwrap().code().to_owned(),
    }
}

#[tokio::test]
async fn a_till_writes_by_functions_alone() {
    let cluster = Cluster::shared();
    let till = cluster.enrol(cluster.venue(), "Bar");
    let ledger = open(&as_till(&cluster.admin(), &till));
    let hold = authorised(&ledger).await;
    ledger.add_report(&report(1, 1, 2), note("made")).await.unwrap();
    let client = cluster.client(&till.role).await;
    for sql in [
        "UPDATE holdfast.tab SET closed_at = NULL",
        "UPDATE holdfast.hold SET authorised = 1000000",
        "INSERT INTO holdfast.setting (venue, name, value) VALUES (1, 'x', 'y')",
        "DELETE FROM holdfast.journal",
        "UPDATE holdfast.head SET seq = 0",
        "UPDATE holdfast.till SET session = 0",
        "TRUNCATE holdfast.movement",
        "SELECT holdfast_1.kept(1, NULL, NULL)",
        "SET ROLE holdfast_owner",
    ] {
        assert_eq!(refused(&client, sql).await, "42501", "{sql}");
    }
    assert_eq!(ledger.hold(hold.id).await.unwrap().version, 1);
}

#[tokio::test]
async fn not_even_the_owner_changes_the_past() {
    let cluster = Cluster::shared();
    let ledger = open(&cluster.till(cluster.venue(), "Bar"));
    authorised(&ledger).await;
    ledger.add_report(&report(1, 1, 2), note("made")).await.unwrap();
    let owner = cluster.client("owner").await;
    for sql in [
        "UPDATE holdfast.journal SET body = ''",
        "DELETE FROM holdfast.journal",
        "UPDATE holdfast.movement SET amount = 0",
        "DELETE FROM holdfast.movement",
        "UPDATE holdfast.report SET last = 0",
        "DELETE FROM holdfast.report",
        "DELETE FROM holdfast.operation",
        "DELETE FROM holdfast.guest_key",
        "UPDATE holdfast.guest_key SET key = decode(repeat('01', 32), 'hex')",
        "TRUNCATE holdfast.journal",
        "TRUNCATE holdfast.report",
    ] {
        assert_eq!(refused(&owner, sql).await, "HF900", "{sql}");
    }
    ledger.verify_journal().await.unwrap();
}

/// Somebody with the owner's rights, who drops the triggers, is found by the seals.
#[tokio::test]
async fn a_changed_entry_is_found() {
    let cluster = Cluster::shared();
    let venue = cluster.venue();
    let ledger = open(&cluster.till(venue, "Bar"));
    authorised(&ledger).await;
    let owner = cluster.client("owner").await;
    let sql = format!(
        "SET session_replication_role = replica;
         UPDATE holdfast.journal SET tab = NULL, body = body || '\\x00' WHERE venue = {venue} AND seq = 2"
    );
    owner.batch_execute(&sql).await.unwrap();
    let found = ledger.verify_journal().await;
    assert!(matches!(found, Err(LedgerError::Damaged(_))), "{found:?}");
}

#[test]
fn a_ledger_is_made_once_and_is_of_the_newest_format() {
    let cluster = Cluster::shared();
    let again = wait_for(schema::create(&cluster.admin()));
    assert!(matches!(again, Err(LedgerError::Busy)), "{again:?}");
    assert_eq!(wait_for(schema::migrate(&cluster.admin())).unwrap(), 0);
    let nowhere = wait_for(schema::enrol(&cluster.admin(), 1_000_000, "Bar"));
    assert!(matches!(nowhere, Err(LedgerError::NotFound)), "{nowhere:?}");
}

#[tokio::test]
async fn a_till_that_was_retired_is_kept_out() {
    let cluster = Cluster::shared();
    let till = cluster.enrol(cluster.venue(), "Bar");
    let server = as_till(&cluster.admin(), &till);
    let ledger = open(&server);
    ledger.add_tab(&tab("Amira"), note("opened")).await.unwrap();
    wait_for(schema::retire(&cluster.admin(), till.till)).unwrap();
    let refused = ledger.add_tab(&tab("Brandt"), note("opened")).await;
    assert!(matches!(refused, Err(LedgerError::Fenced)), "{refused:?}");
    assert!(!ledger.has_tabs().await.unwrap(), "nor does it read");
    let heard = ledger.changes(None).await;
    assert!(matches!(heard, Err(LedgerError::NotAdmitted)), "{heard:?}");
    let refused = wait_for(PostgresLedger::open(server));
    assert!(matches!(refused, Err(LedgerError::NotAdmitted)), "{refused:?}");
    let again = wait_for(schema::retire(&cluster.admin(), till.till));
    assert!(matches!(again, Err(LedgerError::NotFound)), "{again:?}");
}

/// Dojo's key is changed next, for the till has a copy: nothing of the till's is committed after that.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_call_that_is_under_way_while_the_till_is_retired_comes_to_nothing() {
    let cluster = Cluster::shared();
    let venue = cluster.venue();
    let till = cluster.enrol(venue, "Bar");
    let bar = std::sync::Arc::new(open(&as_till(&cluster.admin(), &till)));
    let desk = open(&cluster.till(venue, "Desk"));
    let hold = authorised(&*bar).await;
    let entries = desk.verify_journal().await.unwrap();
    let mut owner = cluster.client("owner").await;
    // Another till's commit, as it were.
    let commit = owner.transaction().await.unwrap();
    let lock = format!("SELECT 1 FROM holdfast.head WHERE venue = {venue} FOR UPDATE");
    commit.batch_execute(&lock).await.unwrap();
    let take = operation(hold.id, holdfast_domain::OperationKind::Capture, 100);
    let (decides, decided) = (bar.clone(), take.clone());
    let deciding = tokio::spawn(async move { intend(&*decides, &decided, note("take")).await });
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND usename = $1";
    let watcher = cluster.client("owner").await;
    while watcher
        .query_one(waits, &[&till.role])
        .await
        .unwrap()
        .get::<_, i64>(0)
        == 0
    {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    wait_for(schema::retire(&cluster.admin(), till.till)).unwrap();
    commit.rollback().await.unwrap();
    let refused = deciding.await.unwrap();
    assert!(matches!(refused, Err(LedgerError::Fenced)), "{refused:?}");
    assert_eq!(desk.operation(take.id).await.unwrap(), None);
    assert_eq!(desk.verify_journal().await.unwrap(), entries);
}

#[test]
fn a_server_that_may_forget_what_it_confirmed_is_refused() {
    for option in ["fsync=off", "full_page_writes=off", "synchronous_commit=off"] {
        let cluster = Cluster::start_with(&format!("-c {option}"));
        let till = cluster.till(cluster.venue(), "Bar");
        let refused = wait_for(PostgresLedger::open(till));
        assert!(
            matches!(refused, Err(LedgerError::Storage(_))),
            "{option}: {refused:?}"
        );
    }
}

#[test]
fn a_newer_ledger_is_refused_and_left_as_it_is() {
    let cluster = Cluster::start();
    let till = cluster.till(cluster.venue(), "Bar");
    wait_for(async {
        let owner = cluster.client("owner").await;
        let newer = "UPDATE holdfast.format SET format = 2; DROP SCHEMA holdfast_1 CASCADE";
        owner.batch_execute(newer).await.unwrap();
    });
    for refused in [
        wait_for(PostgresLedger::open(till)).map(drop),
        wait_for(schema::migrate(&cluster.admin())).map(drop),
    ] {
        let is_newer = matches!(refused, Err(LedgerError::Newer { found: 2, known: 1 }));
        assert!(is_newer, "{refused:?}");
    }
}
