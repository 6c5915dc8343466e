//! A synchronous standby that hangs: a commit waits for it, and is relied on by nobody before it has the commit.

use crate::cluster::{Pair, wait_for};
use crate::wire::Wire;
use holdfast_domain::{OperationKind, OperationState};
use holdfast_ledger::LedgerError;
use holdfast_ledger::prelude::*;
use holdfast_ledger_conformance::sample::{authorised, intend, line, note, operation};
use holdfast_ledger_postgres::PostgresLedger;
use std::sync::Arc;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_decision_whose_wait_for_the_standby_somebody_calls_off_has_no_permit() {
    let pair = Pair::start();
    pair.make_synchronous();
    let folder = tempfile::tempdir().unwrap();
    let till = pair.till(pair.venue(), "Bar");
    let bar = Arc::new(wait_for(PostgresLedger::open_with_record(till, folder.path())).unwrap());
    let held = authorised(&*bar).await;
    let entries = bar.verify_journal().await.unwrap();
    let hanging = pair.hang_standby();
    let take = operation(held.id, OperationKind::Capture, 4_000);
    let (decides, decided) = (bar.clone(), take.clone());
    let deciding = tokio::spawn(async move { intend(&*decides, &decided, note("take")).await });
    pair.wait_until_one_waits();
    pair.call_off_waiting();
    let refused = deciding.await.unwrap();
    assert!(matches!(refused, Err(LedgerError::Unreachable)), "{refused:?}");
    drop(hanging);
    // It's in the ledger all the same, as one whose request never left; nothing beside it.
    let known = bar.operation(take.id).await.unwrap().unwrap();
    assert_eq!(known.state, OperationState::Intended);
    assert_eq!(bar.verify_journal().await.unwrap(), entries + 1);
    bar.add_line(&line(held.tab, 1), None, note("line"))
        .await
        .unwrap();
    assert_eq!(bar.restored().await.unwrap(), None, "nothing was lost");
}

/// The till doesn't hear that the call's waiting was called off, and looks the call up: it's there, and the standby
/// lacks it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_look_up_waits_for_the_standby_as_its_call_did() {
    let pair = Pair::start();
    pair.make_synchronous();
    let enrolled = pair.primary().enrol(pair.venue(), "Bar");
    let wire = Wire::to(&pair.primary().socket()).await;
    let bar = Arc::new(wait_for(PostgresLedger::open(wire.till(&enrolled))).unwrap());
    let held = authorised(&*bar).await;
    let hanging = pair.hang_standby();
    let beer = line(held.tab, 600);
    let (adds, added) = (bar.clone(), beer.clone());
    let adding = tokio::spawn(async move { adds.add_line(&added, None, note("beer")).await });
    pair.wait_until_one_waits();
    wire.cut_now();
    // The look-up waits for the call.
    pair.wait_for_primary(
        "(SELECT count(*) = 1 FROM pg_stat_activity
           WHERE wait_event_type = 'Lock' AND usename LIKE 'holdfast_till%')",
    );
    pair.call_off_waiting();
    pair.wait_for_primary(
        "(SELECT count(*) = 0 FROM pg_stat_activity
           WHERE wait_event_type = 'Lock' AND usename LIKE 'holdfast_till%')",
    );
    // Either it waits for the standby now, or it's taken for done.
    while pair.waiting() == 0 {
        assert!(!adding.is_finished(), "no standby has it");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    drop(hanging);
    adding.await.unwrap().unwrap();
    pair.wait_until_followed();
    let lines = bar.lines(held.tab).await.unwrap();
    assert_eq!(lines.iter().map(|line| line.id).collect::<Vec<_>>(), [beer.id]);
}
