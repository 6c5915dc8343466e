//! What a till hears of the ledger, and that it goes on hearing, whatever becomes of the servers meanwhile.

use crate::cluster::{Cluster, DEFAULT_PORT, Pair, as_till, wait_for};
use holdfast_domain::{Event, ForgetReason, Operation, OperationKind, OperationState, Personal};
use holdfast_ledger::prelude::*;
use holdfast_ledger::{LedgerError, Note};
use holdfast_ledger_conformance::sample::{
    authorised, close_tab, created, done, hold, intend, line, note, now, operation, seen, tab,
};
use holdfast_ledger_postgres::{PostgresLedger, Server};
use std::path::Path;
use tokio::net::UnixListener;

fn open(till: &Server, folder: &Path) -> PostgresLedger {
    wait_for(PostgresLedger::open_with_record(till.clone(), folder)).unwrap()
}

/// What it has yet to put back rests on what another till has, and that one may never come.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_till_that_has_yet_to_put_something_back_hears_again_as_soon_as_the_server_is_back() {
    let pair = Pair::start();
    let venue = pair.venue();
    let [of_bar, of_desk] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let (bar, desk) = (
        open(&pair.till(venue, "Bar"), of_bar.path()),
        open(&pair.till(venue, "Desk"), of_desk.path()),
    );
    pair.wait_until_followed();
    pair.cut_off();
    let held = authorised(&desk).await;
    let take = operation(held.id, OperationKind::Capture, 4_000);
    intend(&bar, &take, note("take")).await.unwrap();
    pair.fail_over();
    let cursor = bar.changes(None).await.unwrap().cursor;
    assert_eq!(
        bar.operation(take.id).await.unwrap(),
        None,
        "its hold is gone too"
    );
    pair.stop_second();
    let away = bar.changes(Some(cursor)).await;
    assert!(matches!(away, Err(LedgerError::Unreachable)), "{away:?}");
    pair.start_second();
    bar.changes(Some(cursor)).await.unwrap();
    assert!(!bar.has_tabs().await.unwrap());
}

/// The primary that a standby has replaced may live on for those who were connected to it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_more_is_asked_of_the_server_before_once_commits_are_found_to_be_lost() {
    let pair = Pair::start();
    let folder = tempfile::tempdir().unwrap();
    let bar = open(&pair.till(pair.venue(), "Bar"), folder.path());
    let held = authorised(&bar).await;
    let before = bar.changes(None).await.unwrap().cursor;
    pair.wait_until_followed();
    pair.cut_off();
    let take = operation(held.id, OperationKind::Capture, 4_000);
    intend(&bar, &take, note("take")).await.unwrap();
    pair.split();
    // One by the connection that there is, the other by a new one, which finds it out.
    let (one, other) = tokio::join!(bar.hold(held.id), bar.hold(held.id));
    one.unwrap();
    other.unwrap();
    let lines = [line(held.tab, 1), line(held.tab, 2)];
    let (one, other) = tokio::join!(
        bar.add_line(&lines[0], None, note("line")),
        bar.add_line(&lines[1], None, note("line"))
    );
    one.unwrap();
    other.unwrap();
    let second = pair.second().await;
    let count =
        "SELECT (SELECT count(*) FROM holdfast.line), (SELECT state FROM holdfast.operation WHERE id = $1)";
    let id = take.id.0.as_bytes().as_slice();
    let row = second.query_one(count, &[&id]).await.unwrap();
    assert_eq!(row.get::<_, i64>(0), 2, "a line was written to the server before");
    assert_eq!(row.get::<_, i16>(1), 2, "the take is unclear");
    assert_ne!(bar.changes(Some(before)).await.unwrap().cursor.of, before.of);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_host_that_hangs_keeps_no_till_from_the_next_one() {
    let cluster = Cluster::shared();
    let hangs = tempfile::tempdir().unwrap();
    // It takes connections and says nothing, as a server does that was stopped.
    let _listener = UnixListener::bind(hangs.path().join(".s.PGSQL.5432")).unwrap();
    let address = format!(
        "host={},{} port={DEFAULT_PORT} user=owner dbname=postgres",
        hangs.path().display(),
        cluster.socket()
    );
    let both = Server::new(&address, &[]).unwrap();
    let till = cluster.enrol(cluster.venue(), "Bar");
    let bar = wait_for(PostgresLedger::open(as_till(&both, &till))).unwrap();
    bar.changes(None).await.unwrap();
    bar.add_tab(&tab("Amira"), note("opened")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_was_done_lately_is_found_without_reading_the_journal_of_years() {
    let cluster = Cluster::start();
    let venue = cluster.venue();
    let [bar, desk] = ["Bar", "Desk"].map(|name| crate::cluster::open(&cluster.till(venue, name)));
    let amira = tab("Amira");
    let about = Note {
        tab: Some(amira.id),
        ..note("opened")
    };
    desk.add_tab(&amira, about.clone()).await.unwrap();
    let owner = cluster.client("owner").await;
    let years = format!(
        "INSERT INTO holdfast.journal (venue, seq, tab, till, body, seal, at)
         SELECT j.venue, n, j.tab, j.till, j.body, j.seal, j.at - interval '1 day'
           FROM holdfast.journal j, generate_series(2, 20000) AS n WHERE j.venue = {venue};
         UPDATE holdfast.head SET seq = 20000 WHERE venue = {venue};"
    );
    owner.batch_execute(&years).await.unwrap();
    owner
        .batch_execute("VACUUM ANALYZE holdfast.journal")
        .await
        .unwrap();
    desk.add_line(&line(amira.id, 1), None, about).await.unwrap();
    let read = "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_user_tables WHERE relname = 'journal'";
    let rows = async || owner.query_one(read, &[]).await.unwrap().get::<_, i64>(0);
    let before = rows().await;
    let found = bar.written(None).await.unwrap();
    assert_eq!(found.until, 20_001);
    assert!(!found.deeds.is_empty());
    // What a connection has read is counted when it ends.
    drop(bar);
    for _ in 0..100 {
        if rows().await > before {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let count = rows().await - before;
    assert!((1..10_000).contains(&count), "{count} rows");
}

/// Their key stands in the record of the till that opened the tab.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_guest_who_is_forgotten_at_another_till_is_forgotten_in_this_ones_record() {
    let cluster = Cluster::shared();
    let venue = cluster.venue();
    let folder = tempfile::tempdir().unwrap();
    let till = cluster.till(venue, "Bar");
    let bar = open(&till, folder.path());
    let desk = crate::cluster::open(&cluster.till(venue, "Desk"));
    let (amira, brandt) = (tab("Amira"), tab("Brandt"));
    for tab in [&amira, &brandt] {
        let hold = hold(tab.id);
        let create = Operation {
            state: OperationState::Intended,
            ..created(&hold)
        };
        let opened = bar.open_tab(tab, &hold, &create, vec![note("opened")]);
        opened.await.unwrap();
        done(&bar, &create, seen(holdfast_domain::IntentStatus::Reversed, &[])).await;
        close_tab(&bar, tab.id, now()).await;
    }
    let cursor = bar.changes(None).await.unwrap().cursor;
    let forgotten = Note {
        event: Event::GuestsForgotten {
            tabs: 1,
            why: ForgetReason::Asked,
        },
        personal: Personal::default(),
        ..note("")
    };
    desk.forget(vec![amira.id], forgotten.clone()).await.unwrap();
    let record = || {
        let files = std::fs::read_dir(folder.path()).unwrap();
        let file = files.map(|file| file.unwrap().path()).next().unwrap();
        std::fs::read_to_string(file).unwrap()
    };
    let row = |tab: &holdfast_domain::Tab| tab.id.0.simple().to_string();
    assert!(
        record().contains(&row(&amira)),
        "it’s there until the till hears of it"
    );
    bar.changes(Some(cursor)).await.unwrap();
    assert!(!record().contains(&row(&amira)));
    assert!(record().contains(&row(&brandt)));
    // One that was off meanwhile looks when it is on again.
    drop(bar);
    desk.forget(vec![brandt.id], forgotten).await.unwrap();
    let again = open(&till, folder.path());
    again.changes(None).await.unwrap();
    assert!(!record().contains(&row(&brandt)));
}
