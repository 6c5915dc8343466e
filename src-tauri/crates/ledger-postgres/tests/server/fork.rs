//! The old primary lives on beside the one that took its place, and some tills reach only the one, some only the other.

use crate::cluster::{Pair, wait_for};
use holdfast_domain::{Event, Operation, OperationKind, OperationState};
use holdfast_ledger::prelude::*;
use holdfast_ledger::{HouseTopic, LedgerError};
use holdfast_ledger_conformance::sample::{authorised, intend, note, operation, rests_on};
use holdfast_ledger_postgres::{PostgresLedger, Server};
use std::path::Path;
use std::sync::Arc;

fn open(till: &Server, folder: &Path) -> Arc<PostgresLedger> {
    Arc::new(wait_for(PostgresLedger::open_with_record(till.clone(), folder)).unwrap())
}

async fn state(ledger: &PostgresLedger, operation: &Operation) -> Option<OperationState> {
    let known = ledger.operation(operation.id).await.unwrap();
    known.map(|known| known.state)
}

/// How often it's said that the ledger is older than it was.
async fn said(ledger: &PostgresLedger) -> usize {
    let entries = ledger.house_journal(HouseTopic::Restores, 100).await.unwrap();
    let is_it = |entry: &&holdfast_ledger::Entry| entry.event == Event::FoundOlder;
    entries.iter().filter(is_it).count()
}

/// Without its standby it can confirm nothing. Once it's gone the till decides at the new one, by what that has.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_old_primary_without_its_synchronous_standby_confirms_nothing() {
    let pair = Pair::start();
    pair.make_synchronous();
    let venue = pair.venue();
    let [of_bar, of_desk] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let bar = open(&pair.till(venue, "Bar"), of_bar.path());
    pair.till(venue, "Desk");
    let held = authorised(&*bar).await;
    let version = bar.hold(held.id).await.unwrap().version;
    pair.wait_until_followed();
    pair.promote();
    let take = operation(held.id, OperationKind::Capture, 4_000);
    let (decides, decided) = (bar.clone(), take.clone());
    let deciding =
        tokio::spawn(async move { decides.intend(&decided, rests_on(version), note("take")).await });
    pair.wait_until_one_waits();
    let desk = open(&pair.till_at_standby("Desk"), of_desk.path());
    let of_desk = operation(held.id, OperationKind::Capture, 6_000);
    desk.intend(&of_desk, rests_on(version), note("take"))
        .await
        .unwrap();
    assert!(!deciding.is_finished(), "the old one confirmed it");
    pair.primary().crash();
    let refused = deciding.await.unwrap();
    assert!(
        matches!(refused, Err(LedgerError::Busy | LedgerError::Changed)),
        "{refused:?}"
    );
    assert_eq!(state(&bar, &take).await, None);
    assert_eq!(state(&bar, &of_desk).await, Some(OperationState::Intended));
    assert_eq!(said(&bar).await, 0, "nothing that was confirmed was lost");
    bar.verify_journal().await.unwrap();
}

/// What an asynchronous old primary confirmed after it was replaced is lost, and both sides may have sent. That is
/// found, said and put back as soon as its till sees the new one.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_an_old_primary_confirmed_beside_the_new_one_is_found_and_for_a_person() {
    let pair = Pair::start();
    let venue = pair.venue();
    let [of_bar, of_desk] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let bar = open(&pair.till(venue, "Bar"), of_bar.path());
    pair.till(venue, "Desk");
    let [both, one] = [authorised(&*bar).await, authorised(&*bar).await];
    pair.wait_until_followed();
    pair.promote();
    let desk = open(&pair.till_at_standby("Desk"), of_desk.path());
    let take = |hold: &holdfast_domain::Hold, amount| operation(hold.id, OperationKind::Capture, amount);
    let (here, alone, there) = (take(&both, 4_000), take(&one, 3_000), take(&both, 6_000));
    intend(&*bar, &here, note("take")).await.unwrap();
    intend(&*bar, &alone, note("take")).await.unwrap();
    intend(&*desk, &there, note("take")).await.unwrap();
    assert_eq!(state(&desk, &here).await, None, "neither side knows of the other");
    pair.primary().crash();

    assert_eq!(state(&bar, &here).await, Some(OperationState::Conflict));
    assert_eq!(state(&bar, &alone).await, Some(OperationState::Unknown));
    assert_eq!(state(&desk, &there).await, Some(OperationState::Intended));
    for till in [&bar, &desk] {
        assert_eq!(said(till).await, 1, "once for both");
        let restored = till.restored().await.unwrap().unwrap();
        assert_eq!(restored.read_again_at, None, "every hold has to be read again");
    }
    desk.verify_journal().await.unwrap();
}

/// A till that has worked with the new primary and meets the old one: it finds that what it saw isn't there, and
/// doesn't take the hold for free on which it has decided.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_till_that_saw_the_new_primary_is_not_misled_by_the_old_one() {
    let pair = Pair::start();
    let venue = pair.venue();
    let of_desk = tempfile::tempdir().unwrap();
    let desk = open(&pair.till(venue, "Desk"), of_desk.path());
    let held = authorised(&*desk).await;
    pair.wait_until_followed();
    pair.promote();
    drop(desk);
    let desk = open(&pair.till_at_standby("Desk"), of_desk.path());
    let take = operation(held.id, OperationKind::Capture, 4_000);
    intend(&*desk, &take, note("take")).await.unwrap();
    let of_new = desk.changes(None).await.unwrap().cursor.of;
    drop(desk);

    // Its address names both, the old one first.
    let desk = open(&pair.till_again("Desk"), of_desk.path());
    assert_eq!(said(&desk).await, 1);
    assert_ne!(desk.changes(None).await.unwrap().cursor.of, of_new);
    assert_eq!(state(&desk, &take).await, Some(OperationState::Unknown));
    let again = operation(held.id, OperationKind::Capture, 4_000);
    let refused = intend(&*desk, &again, note("take")).await;
    assert!(matches!(refused, Err(LedgerError::Busy)), "{refused:?}");
    // And back: what it saw of the old one isn't at the new one, and is said there too.
    pair.primary().crash();
    assert_eq!(state(&desk, &take).await, Some(OperationState::Unknown));
    assert_eq!(said(&desk).await, 1);
    assert!(desk.restored().await.unwrap().is_some());
    desk.verify_journal().await.unwrap();
}
