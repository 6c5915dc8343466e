//! Trouble of the server's own: no space, no changes, no more connections, a row that stays locked. Each is said,
//! leaves nothing half-written, and is over when it's over.

use crate::cluster::{Cluster, open, wait_for};
use crate::wire::Wire;
use holdfast_domain::{Operation, OperationKind};
use holdfast_ledger::LedgerError;
use holdfast_ledger::prelude::*;
use holdfast_ledger_conformance::sample::{authorised, intend, line, note, operation, tab};
use holdfast_ledger_postgres::PostgresLedger;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// A disk in memory, as large as a test needs it.
struct SmallDisk(TempDir);

impl SmallDisk {
    /// None where that isn't allowed: only root may.
    fn of_megabytes(size: u32) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}m"), "holdfast-test"])
            .arg(folder.path())
            .output();
        mounted
            .is_ok_and(|mounted| mounted.status.success())
            .then_some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Fills it to the last byte, with a file that can be removed.
    fn fill(&self) -> std::path::PathBuf {
        let path = self.path().join("filler");
        let mut file = File::create(&path).unwrap();
        for size in [1 << 20, 1 << 12, 1] {
            while file.write_all(&vec![7; size]).is_ok() {}
        }
        path
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Its server may have yet to end.
        let _gone = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}

/// What the owner does to the server as a whole.
async fn order(cluster: &Cluster, sql: &[&str]) {
    let owner = cluster.client("owner").await;
    for sql in sql {
        owner.batch_execute(sql).await.unwrap();
    }
}

/// Why it was refused, as a person reads it.
fn storage<T: std::fmt::Debug>(refused: Result<T, LedgerError>) -> String {
    match refused {
        Err(LedgerError::Storage(words)) => words,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_full_disk_refuses_whole_calls_and_they_are_done_once_there_is_space() {
    let Some(disk) = SmallDisk::of_megabytes(256) else {
        eprintln!("not run: only root may mount the small disk that this fills");
        return;
    };
    let cluster = Cluster::start_in(disk.path());
    let bar = open(&cluster.till(cluster.venue(), "Bar"));
    let hold = authorised(&bar).await;
    let take = operation(hold.id, OperationKind::Capture, 100);
    intend(&bar, &take, note("take")).await.unwrap();
    let filler = disk.fill();
    let mut kept = Vec::new();
    let mut words = Vec::new();
    // The pages that are there have room for some; then one that is needed can't be had.
    for _ in 0..5_000 {
        let line = line(hold.tab, 1);
        match bar.add_line(&line, None, note("line")).await {
            Ok(()) => kept.push(line.id),
            refused => words.push(storage(refused)),
        }
        if words.len() == 20 {
            break;
        }
    }
    assert_eq!(words.len(), 20, "{} were written", kept.len());
    for words in &words {
        assert!(words.contains("no space left on its disk"), "{words}");
    }
    let on_bill: Vec<_> = bar.lines(hold.tab).await.unwrap();
    let on_bill: Vec<_> = on_bill.iter().map(|line| line.id).collect();
    assert_eq!(on_bill, kept);
    let entries = 4 + i64::try_from(kept.len()).unwrap();
    assert_eq!(bar.verify_journal().await.unwrap(), entries);
    std::fs::remove_file(filler).unwrap();
    bar.add_line(&line(hold.tab, 1), None, note("line"))
        .await
        .unwrap();
    assert_eq!(bar.verify_journal().await.unwrap(), entries + 1);
}

/// A decision that the server refuses in its last moment, for a reason of its own.
async fn refused_at_the_end(bar: &PostgresLedger, cluster: &Cluster, code: &str, entries: i64) {
    let hold = authorised(bar).await;
    let sql = format!(
        "CREATE OR REPLACE FUNCTION public.fail() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN RAISE EXCEPTION 'made up for a test' USING ERRCODE = '{code}'; END $$;
         CREATE TRIGGER fail BEFORE UPDATE ON holdfast.head FOR EACH ROW EXECUTE FUNCTION public.fail();"
    );
    order(cluster, &[&sql]).await;
    let take = operation(hold.id, OperationKind::Capture, 100);
    let refused = intend(bar, &take, note("take")).await;
    match code {
        // Somebody ended the call, or the server did: it's looked up, done again, and given up in the end.
        "57014" | "57P01" => assert!(matches!(refused, Err(LedgerError::Unreachable)), "{refused:?}"),
        "53100" => assert!(storage(refused).contains("no space left on its disk")),
        "25006" => assert!(storage(refused).contains("takes no changes")),
        _ => assert!(storage(refused).contains("made up for a test")),
    }
    assert_eq!(bar.operation(take.id).await.unwrap(), None, "{code}");
    assert_eq!(bar.verify_journal().await.unwrap(), entries + 3, "{code}");
    order(cluster, &["DROP TRIGGER fail ON holdfast.head"]).await;
    intend(bar, &take, note("take")).await.unwrap();
    assert_eq!(bar.verify_journal().await.unwrap(), entries + 4, "{code}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_the_server_refuses_in_the_last_moment_was_never_begun() {
    let cluster = Cluster::start();
    let bar = open(&cluster.till(cluster.venue(), "Bar"));
    // No space, no memory, no changes, a broken disk, cancelled, ended, and what nobody foresaw.
    let codes = ["53100", "53200", "25006", "58030", "57014", "57P01", "XX000"];
    for (code, entries) in codes.into_iter().zip((0..).step_by(4)) {
        refused_at_the_end(&bar, &cluster, code, entries).await;
    }
}

/// A server that has no room for its log ends itself in the middle of a commit, and nobody knows whether that is in it;
/// one that was idle too long is ended just as a call comes.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_the_server_ends_with_is_looked_up_and_done_once() {
    for code in ["53100", "53200", "58030", "57P05", "25P03", "XX000"] {
        let cluster = Cluster::start();
        let wire = Wire::to(&cluster.socket()).await;
        let bar = open(&wire.till(&cluster.enrol(cluster.venue(), "Bar")));
        let tab = tab("Amira");
        bar.add_tab(&tab, note("opened")).await.unwrap();
        // Numbers of a sequence stay given though what asked for them is undone.
        let sql = format!(
            "CREATE SEQUENCE public.tries;
             CREATE FUNCTION public.fail() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
             BEGIN
               IF nextval('public.tries') = 1 THEN RAISE EXCEPTION 'made up' USING ERRCODE = '{code}'; END IF;
               RETURN NEW;
             END $$;
             CREATE TRIGGER fail BEFORE UPDATE ON holdfast.head FOR EACH ROW EXECUTE FUNCTION public.fail();"
        );
        order(&cluster, &[&sql]).await;
        wire.make_fatal();
        bar.add_line(&line(tab.id, 1), None, note("line"))
            .await
            .unwrap_or_else(|error| panic!("{code}: {error:?}"));
        assert_eq!(bar.lines(tab.id).await.unwrap().len(), 1, "{code}");
        assert_eq!(bar.verify_journal().await.unwrap(), 2, "{code}");
    }
}

/// As a provider makes it when its disk is nearly full.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_server_that_takes_no_changes_is_read_and_says_so_and_works_again_by_itself() {
    let cluster = Cluster::start();
    let venue = cluster.venue();
    let bar = open(&cluster.till(venue, "Bar"));
    let another = cluster.till(venue, "Desk");
    let hold = authorised(&bar).await;
    let cursor = bar.changes(None).await.unwrap().cursor;
    let set = |to: &str| format!("ALTER SYSTEM SET default_transaction_read_only = {to}");
    let reload = "SELECT pg_reload_conf()";
    order(&cluster, &[&set("on"), reload]).await;
    let take = operation(hold.id, OperationKind::Capture, 100);
    // Until the connection has heard of it.
    let words = loop {
        match bar.add_tab(&tab("Brandt"), note("opened")).await {
            Ok(()) => tokio::time::sleep(Duration::from_millis(20)).await,
            refused => break storage(refused),
        }
    };
    assert!(words.contains("takes no changes"), "{words}");
    let refused = storage(intend(&bar, &take, note("take")).await);
    assert!(refused.contains("takes no changes"), "{refused}");
    // It's still read, and who connects now is told that it isn't the one to write to.
    assert_eq!(bar.hold(hold.id).await.unwrap().id, hold.id);
    bar.changes(Some(cursor)).await.unwrap();
    let opened = PostgresLedger::open(another.clone()).await;
    assert!(matches!(opened, Err(LedgerError::Unreachable)), "{opened:?}");
    let entries = bar.verify_journal().await.unwrap();

    let may_write = "SET default_transaction_read_only = off";
    order(&cluster, &[may_write, &set("off"), reload]).await;
    while let Err(refused) = intend(&bar, &take, note("take")).await {
        storage::<()>(Err(refused));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(bar.verify_journal().await.unwrap(), entries + 1);
    wait_for(PostgresLedger::open(another)).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_a_free_connection_a_call_is_refused_and_the_till_works_again_when_there_is_one() {
    let cluster = Cluster::start_with("-c max_connections=12");
    let venue = cluster.venue();
    let bar = open(&cluster.till(venue, "Bar"));
    let another = cluster.till(venue, "Desk");
    let stranger = cluster.enrol(venue, "Office");
    let tab = tab("Amira");
    bar.add_tab(&tab, note("opened")).await.unwrap();
    let address = format!("host={} user={} dbname=postgres", cluster.socket(), stranger.role);
    let (mut taken, mut refusals) = (Vec::new(), 0);
    // One that was closed a moment ago may have yet to be free.
    while refusals < 5 {
        match tokio_postgres::connect(&address, tokio_postgres::NoTls).await {
            Ok((client, connection)) => taken.push((client, tokio::spawn(connection))),
            Err(_) => {
                refusals += 1;
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    let opened = PostgresLedger::open(another.clone()).await;
    assert!(matches!(opened, Err(LedgerError::Unreachable)), "{opened:?}");
    // It has one, on which one at a time is served.
    let (beer, soup) = (line(tab.id, 600), line(tab.id, 800));
    let (one, other) = tokio::join!(
        bar.add_line(&beer, None, note("beer")),
        bar.add_line(&soup, None, note("soup"))
    );
    let mut kept = Vec::new();
    for (line, done) in [(&beer, one), (&soup, other)] {
        match done {
            Ok(()) => kept.push(line.id),
            Err(LedgerError::Unreachable) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
    let on_bill = async || {
        let lines = bar.lines(tab.id).await.unwrap();
        lines.iter().map(|line| line.id).collect::<Vec<_>>()
    };
    assert_eq!(kept.len(), 1, "one of two found no connection");
    assert_eq!(on_bill().await, kept);

    drop(taken);
    // The server takes a moment to notice.
    let desk = loop {
        match PostgresLedger::open(another.clone()).await {
            Ok(desk) => break desk,
            Err(LedgerError::Unreachable) => tokio::time::sleep(Duration::from_millis(20)).await,
            Err(error) => panic!("{error:?}"),
        }
    };
    let later = line(tab.id, 900);
    desk.add_line(&later, None, note("line")).await.unwrap();
    kept.push(later.id);
    assert_eq!(on_bill().await, kept);
    assert_eq!(desk.verify_journal().await.unwrap(), 3);
}

/// Somebody works on the server by hand and goes for lunch.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_row_that_stays_locked_is_waited_for_a_while_and_then_the_call_is_refused() {
    let cluster = Cluster::shared();
    let bar = Arc::new(open(&cluster.till(cluster.venue(), "Bar")));
    let [short, long] = [authorised(&*bar).await, authorised(&*bar).await];
    let [mut first, mut second] = [cluster.client("owner").await, cluster.client("owner").await];
    let lock = |hold: &holdfast_domain::Hold| {
        let id = hold.id.0.simple();
        format!("SELECT 1 FROM holdfast.hold WHERE encode(id, 'hex') = '{id}' FOR UPDATE")
    };
    let until_tried_again = first.transaction().await.unwrap();
    until_tried_again.batch_execute(&lock(&short)).await.unwrap();
    let for_good = second.transaction().await.unwrap();
    for_good.batch_execute(&lock(&long)).await.unwrap();
    let take = |hold: &holdfast_domain::Hold| operation(hold.id, OperationKind::Capture, 100);
    let decide = |take: &Operation| {
        let (bar, take) = (bar.clone(), take.clone());
        tokio::spawn(async move { intend(&*bar, &take, note("take")).await })
    };
    let [soon, never] = [take(&short), take(&long)];
    let (waits, given_up) = (decide(&soon), decide(&never));
    // Longer than the server waits for a lock, and shorter than the till tries.
    tokio::time::sleep(Duration::from_secs(6)).await;
    until_tried_again.rollback().await.unwrap();
    waits.await.unwrap().unwrap();
    let refused = given_up.await.unwrap();
    assert!(matches!(refused, Err(LedgerError::Unreachable)), "{refused:?}");
    for_good.rollback().await.unwrap();
    assert_eq!(bar.operation(never.id).await.unwrap(), None);
    assert_eq!(bar.operations(short.id).await.unwrap().len(), 2);
    assert_eq!(bar.verify_journal().await.unwrap(), 2 * 3 + 1);
    intend(&*bar, &never, note("take")).await.unwrap();
}
