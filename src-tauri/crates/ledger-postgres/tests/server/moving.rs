//! A till's own ledger is moved to the server and back: every answer and every byte stays.

use crate::cluster::{Cluster, open, wait_for};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use holdfast_domain::{Currency, JournalHead, OperationKind};
use holdfast_ledger::moving::{Moved, MovedRows, Source, TABLES, move_ledger};
use holdfast_ledger::prelude::*;
use holdfast_ledger::stored::Field;
use holdfast_ledger::{ClosedFilter, HouseTopic, Ledger, LedgerError};
use holdfast_ledger_conformance::sample::{
    at, authorised, close_tab, intend, line, note, now, operation, tab,
};
use holdfast_ledger_conformance::{Adapter, Durable, cases};
use holdfast_ledger_postgres::moving::{VenueSource, VenueTarget};
use holdfast_ledger_sqlite::{NewFile, SqliteLedger, WholeFile};
use std::fmt::Debug;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tempfile::TempDir;

fn import(folder: &Path, venue: i32) -> Result<Moved, LedgerError> {
    import_to(Cluster::shared(), folder, venue)
}

pub(crate) fn import_to(cluster: &Cluster, folder: &Path, venue: i32) -> Result<Moved, LedgerError> {
    let source = WholeFile::open(folder).unwrap();
    let admin = cluster.admin();
    wait_for(async {
        let target = VenueTarget::begin(&admin, venue).await?;
        move_ledger(Box::new(source), Box::new(target)).await
    })
}

fn export(venue: i32, folder: &Path) -> Result<Moved, LedgerError> {
    export_of(Cluster::shared(), venue, folder)
}

pub(crate) fn export_of(cluster: &Cluster, venue: i32, folder: &Path) -> Result<Moved, LedgerError> {
    let admin = cluster.admin();
    wait_for(async {
        let source = VenueSource::begin(&admin, venue).await?;
        move_ledger(Box::new(source), Box::new(NewFile::begin(folder)?)).await
    })
}

/// A ledger in a file that is on a server after each opening, and in a file again after the next.
struct Moving {
    ledger: Arc<dyn Ledger>,
    is_at: Place,
}

enum Place {
    File(TempDir),
    Venue(i32),
}

impl Moving {
    fn in_file(folder: TempDir) -> Self {
        let ledger = Arc::new(SqliteLedger::open(folder.path()).unwrap());
        let is_at = Place::File(folder);
        Self { ledger, is_at }
    }

    fn at_venue(venue: i32) -> Self {
        let ledger = Arc::new(open(&Cluster::shared().till(venue, "Bar")));
        let is_at = Place::Venue(venue);
        Self { ledger, is_at }
    }
}

impl Adapter for Moving {
    fn empty() -> Self {
        Self::in_file(tempfile::tempdir().unwrap())
    }

    fn ledger(&self) -> &Arc<dyn Ledger> {
        &self.ledger
    }
}

impl Durable for Moving {
    fn open_again(self) -> Self {
        let Self { ledger, is_at } = self;
        drop(ledger);
        match is_at {
            Place::File(folder) => {
                let venue = Cluster::shared().venue();
                import(folder.path(), venue).unwrap();
                Self::at_venue(venue)
            }
            Place::Venue(venue) => {
                let folder = tempfile::tempdir().unwrap();
                export(venue, folder.path()).unwrap();
                Self::in_file(folder)
            }
        }
    }
}

holdfast_ledger_conformance::durability_tests!(Moving);

fn said(what: impl Debug) -> String {
    format!("{what:?}")
}

/// What a ledger answers to everything that reads, but for what is each database's own: cursors, leases, backups.
pub(crate) async fn answers(ledger: &dyn Ledger) -> Vec<String> {
    let mut all = of_tabs(ledger).await;
    all.extend(of_house(ledger).await);
    all.extend(of_money(ledger).await);
    all
}

async fn of_tabs(ledger: &dyn Ledger) -> Vec<String> {
    let mut all = Vec::new();
    let mut tabs = ledger.tabs(true, 1_000).await.unwrap();
    tabs.extend(ledger.tabs(false, 1_000).await.unwrap());
    // Of equal times the order is each database's own, here and where it's sorted below.
    tabs.sort_by_key(|tab| tab.id);
    let ids: Vec<_> = tabs.iter().map(|tab| tab.id).collect();
    all.push(said(tabs));
    for tab in &ids {
        all.push(said(ledger.tab(*tab).await));
        all.push(said(ledger.lines(*tab).await));
        all.push(said(ledger.journal(*tab).await));
        for hold in ledger.holds(*tab).await.unwrap() {
            all.push(said((
                ledger.hold(hold.id).await,
                ledger.operations(hold.id).await,
            )));
        }
    }
    let mut closers: Vec<_> = ledger.closers(ids.clone()).await.unwrap().into_iter().collect();
    closers.sort_by_key(|(tab, _)| *tab);
    all.push(said(closers));
    all.push(said(ledger.accounts(ids.clone()).await));
    all.push(said(ledger.open_accounts(1_000).await));
    all.push(said(
        ledger.closed_accounts(ClosedFilter::default(), None, 1_000).await,
    ));
    let mut unsettled = ledger.unsettled_accounts().await.unwrap();
    unsettled.sort_by_key(|account| account.tab.id);
    all.push(said(unsettled));
    let forgettable = ledger.to_forget(at("2100-01-01T00:00:00Z"), 1_000).await;
    all.push(said(forgettable.map(sorted)));
    all.push(said(ledger.not_to_forget(ids).await.map(sorted)));
    for query in [
        "", "amira", "brandt", "lena", "table 4", "4242", "hf-test", "100.00", "12.25", "pi_",
    ] {
        all.push(said((query, ledger.search(query, 100).await)));
    }
    all
}

fn sorted<T: Ord>(mut all: Vec<T>) -> Vec<T> {
    all.sort();
    all
}

async fn of_house(ledger: &dyn Ledger) -> Vec<String> {
    let mut all = vec![
        said(ledger.verify_journal().await),
        said(ledger.witness().await),
        said(ledger.newest_entry().await),
        said(ledger.restored().await),
        said(ledger.beside().await),
        said(ledger.findings().await),
        said(ledger.warnings().await),
        said(ledger.newest_run().await),
        said(ledger.counts().await.map(|counts| counts.rows)),
    ];
    for topic in [HouseTopic::Anything, HouseTopic::Settings, HouseTopic::Restores] {
        all.push(said(ledger.house_journal(topic, 1_000).await));
    }
    for name in ["venue", "zone", "x", "restored"] {
        all.push(said((name, ledger.setting(name).await)));
    }
    all
}

async fn of_money(ledger: &dyn Ledger) -> Vec<String> {
    let day = |text: &str| -> DateTime<Utc> { at(text) };
    let edges = [
        "2020-01-01T00:00:00Z",
        "2026-03-01T05:00:00Z",
        "2026-03-02T05:00:00Z",
        "2026-03-02T10:02:00Z",
        "2026-03-03T05:00:00Z",
        "2100-01-01T00:00:00Z",
    ];
    let edges: Vec<_> = edges.into_iter().map(day).collect();
    let mut all = vec![
        said(ledger.movements(1, 10_000).await),
        said(ledger.movements_at(edges[0], edges[5]).await),
        said(ledger.day_sums(Currency::Gbp, edges.clone()).await),
        said(ledger.day_sums(Currency::Eur, edges.clone()).await),
        said(ledger.unreported().await),
        said(ledger.reports(None, 100).await),
        said(ledger.open_asks().await),
        said(ledger.open_renewals().await),
        said(ledger.live_holds(edges[0]).await),
        said(ledger.every_hold().await),
    ];
    for report in ledger.reports(None, 100).await.unwrap() {
        all.push(said(ledger.report(report.number).await));
        let head: JournalHead = report.journal;
        all.push(said(ledger.compare(vec![head]).await));
    }
    all
}

/// Every row of a file; of settings, findings and a night's rows the order isn't kept.
async fn rows(folder: &Path) -> Vec<(&'static str, Vec<Field<'static>>)> {
    let mut source = WholeFile::open(folder).unwrap();
    let mut all = Vec::new();
    while let Some(MovedRows { table, rows }) = source.next().await.unwrap() {
        let mut rows: Vec<_> = rows.into_iter().map(|row| (table.name, row)).collect();
        if matches!(table.name, "setting" | "finding" | "run_row") {
            rows.sort_by_key(|(_, row)| format!("{:?}", row.first()));
        }
        all.extend(rows);
    }
    all
}

/// Whatever a case of the suite makes of a ledger: forgotten guests, unclear operations, renewals, nights, reports.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_a_ledger_holds_is_the_same_there_and_back() {
    let mut kinds = std::collections::HashSet::new();
    for case in cases() {
        let [here, back] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let ledger: Arc<dyn Ledger> = Arc::new(SqliteLedger::open(here.path()).unwrap());
        (case.run)(ledger.clone()).await;
        ledger.set_beside(case.name).await.unwrap();
        let expected = answers(ledger.as_ref()).await;
        drop(ledger);

        let venue = Cluster::shared().venue();
        let moved = import(here.path(), venue).unwrap();
        let shared = open(&Cluster::shared().till(venue, "Bar"));
        assert_same(case.name, "on the server", &answers(&shared).await, &expected);

        assert_eq!(export(venue, back.path()).unwrap(), moved);
        let again = rows(back.path()).await;
        assert_eq!(again, rows(here.path()).await, "{}", case.name);
        kinds.extend(again.into_iter().map(|(table, _)| table));
        // Opening it checks each row, each entry and the file.
        let ledger = SqliteLedger::open(back.path()).unwrap();
        assert_same(case.name, "back in a file", &answers(&ledger).await, &expected);
    }
    assert_eq!(kinds.len(), TABLES.len(), "the cases fill every table: {kinds:?}");
}

pub(crate) fn assert_same(case: &str, place: &str, found: &[String], expected: &[String]) {
    assert_eq!(found.len(), expected.len(), "{case} {place}");
    for (found, expected) in found.iter().zip(expected) {
        assert_eq!(found, expected, "{case} {place}");
    }
}

/// A venue that a till uses goes on from what was moved: its numbers, its open decisions, its search.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_till_that_was_open_already_works_with_what_was_moved() {
    let here = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(here.path()).unwrap();
    let hold = authorised(&ledger).await;
    ledger
        .add_line(&line(hold.tab, 1_225), None, note("line"))
        .await
        .unwrap();
    let take = operation(hold.id, OperationKind::Capture, 4_000);
    intend(&ledger, &take, note("take")).await.unwrap();
    drop(ledger);

    let venue = Cluster::shared().venue();
    let till = open(&Cluster::shared().till(venue, "Bar"));
    till.set_beside("before").await.unwrap();
    let cursor = till.changes(None).await.unwrap().cursor;
    assert_eq!(till.search("amira", 10).await.unwrap().open, []);
    import(here.path(), venue).unwrap();
    assert_eq!(
        till.changes(Some(cursor)).await.unwrap().since,
        None,
        "all is read again"
    );
    assert_eq!(till.search("amira", 10).await.unwrap().open, [hold.tab]);
    let second = operation(hold.id, OperationKind::Capture, 1_000);
    let refused = intend(&till, &second, note("take")).await;
    assert!(matches!(refused, Err(LedgerError::Busy)), "{refused:?}");
    let seen = holdfast_ledger::TabSeen {
        operations: 2,
        lines: 1,
    };
    till.add_line(&line(hold.tab, 600), Some(seen), note("line"))
        .await
        .unwrap();
    assert_eq!(till.lines(hold.tab).await.unwrap().len(), 2);
    assert_eq!(till.verify_journal().await.unwrap(), 6);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_venue_that_has_anything_takes_no_other_ledger() {
    let here = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(here.path()).unwrap();
    ledger.add_tab(&tab("Amira"), note("opened")).await.unwrap();
    drop(ledger);
    let venue = Cluster::shared().venue();
    let till = open(&Cluster::shared().till(venue, "Bar"));
    till.add_tab(&tab("Brandt"), note("opened")).await.unwrap();
    let before = answers(&till).await;
    let refused = import(here.path(), venue);
    assert!(matches!(refused, Err(LedgerError::Known)), "{refused:?}");
    assert_same("a venue", "as it was", &answers(&till).await, &before);
    let refused = import(here.path(), 1_000_000);
    assert!(matches!(refused, Err(LedgerError::NotFound)), "{refused:?}");
    let folder = tempfile::tempdir().unwrap();
    let refused = export(1_000_000, folder.path());
    assert!(matches!(refused, Err(LedgerError::NotFound)), "{refused:?}");
}

/// Of a file's rows only those of the first tables.
struct Cut(WholeFile, usize);

#[async_trait]
impl Source for Cut {
    async fn next(&mut self) -> Result<Option<MovedRows>, LedgerError> {
        match self.0.next().await? {
            Some(rows) if !TABLES[..self.1].contains(&rows.table) => Err(LedgerError::InUse),
            next => Ok(next),
        }
    }

    async fn beside(&mut self) -> Result<Option<String>, LedgerError> {
        Err(LedgerError::InUse)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_moved_to_its_end_leaves_the_venue_empty() {
    let here = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(here.path()).unwrap();
    authorised(&ledger).await;
    drop(ledger);
    let venue = Cluster::shared().venue();
    let admin = Cluster::shared().admin();
    for tables in 0..=TABLES.len() {
        let source = Cut(WholeFile::open(here.path()).unwrap(), tables);
        let refused = wait_for(async {
            let target = VenueTarget::begin(&admin, venue).await?;
            move_ledger(Box::new(source), Box::new(target)).await
        });
        assert!(
            matches!(refused, Err(LedgerError::InUse)),
            "{tables}: {refused:?}"
        );
    }
    let till = open(&Cluster::shared().till(venue, "Bar"));
    assert!(!till.has_tabs().await.unwrap());
    assert_eq!(till.verify_journal().await.unwrap(), 0);
    import(here.path(), venue).unwrap();
    assert!(till.has_tabs().await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_export_is_of_one_moment_while_tills_work() {
    let venue = Cluster::shared().venue();
    let is_over = Arc::new(AtomicBool::new(false));
    let work = ["Bar", "Desk"].map(|name| {
        let (till, is_over) = (open(&Cluster::shared().till(venue, name)), is_over.clone());
        tokio::spawn(async move {
            // A tab, its hold and what moved are one commit each.
            while !is_over.load(Ordering::Relaxed) {
                authorised(&till).await;
            }
        })
    });
    let mut newest = 0;
    for _ in 0..5 {
        let folder = tempfile::tempdir().unwrap();
        let moved = export(venue, folder.path()).unwrap();
        let ledger = SqliteLedger::open(folder.path()).unwrap();
        let entries = usize::try_from(ledger.verify_journal().await.unwrap()).unwrap();
        assert_eq!(entries, moved.entries);
        assert!(entries > newest, "the tills go on meanwhile");
        newest = entries;
        // One entry for each tab, hold and reading, and no row without its entry.
        let counted: i64 = ledger.counts().await.unwrap().rows[..4]
            .iter()
            .map(|(_, count)| count)
            .sum();
        let held = ledger.movements(1, i64::MAX).await.unwrap();
        let held = held
            .iter()
            .filter(|movement| movement.what.kind == holdfast_domain::MovementKind::Held);
        assert_eq!(usize::try_from(counted).unwrap() + held.count(), entries);
        assert!(ledger.unreported().await.unwrap().movements.len() >= 2);
    }
    is_over.store(true, Ordering::Relaxed);
    for till in work {
        till.await.unwrap();
    }
}

/// What this process has in memory at most, in megabytes, since that was last reset.
#[cfg(target_os = "linux")]
fn most_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes: u64 = line.unwrap().trim().trim_end_matches(" kB").parse().unwrap();
    kilobytes / 1024
}

/// Of 100,000 tabs no more is in memory than of a thousand rows.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes: run it by name with --ignored --nocapture"]
async fn a_large_ledger_is_moved_a_thousand_rows_at_a_time() {
    const TABS: usize = 100_000;
    // Nothing of the first file has to last.
    let here = tempfile::tempdir_in("/dev/shm").unwrap();
    let back = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(here.path()).unwrap();
    for number in 0..TABS {
        let hold = authorised(&ledger).await;
        ledger
            .add_line(&line(hold.tab, 1_225), None, note("line"))
            .await
            .unwrap();
        if number % 20 > 0 {
            close_tab(&ledger, hold.tab, now()).await;
        }
    }
    drop(ledger);
    let venue = Cluster::shared().venue();
    // Resets what was in memory at most.
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    let before = most_megabytes();
    let begun = std::time::Instant::now();
    let moved = import(here.path(), venue).unwrap();
    let (imported, there) = (begun.elapsed(), most_megabytes());
    let begun = std::time::Instant::now();
    assert_eq!(export(venue, back.path()).unwrap(), moved);
    let (exported, again) = (begun.elapsed(), most_megabytes());
    println!("{moved:?}: {before} MB before, imported in {imported:?} with {there} MB");
    println!("exported in {exported:?} with {again} MB");
    assert_eq!(moved.tabs, TABS);
    assert!(again < before + 64, "{before} MB, then {there} and {again}");
}
