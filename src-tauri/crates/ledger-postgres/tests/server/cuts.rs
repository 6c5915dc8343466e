//! The wire is cut in the middle of a call: what became of it is looked up, and it's carried out once.

use crate::cluster::{Cluster, open, wait_for};
use crate::wire::{Way, Wire};
use holdfast_domain::{Operation, OperationState};
use holdfast_ledger::prelude::*;
use holdfast_ledger_conformance::sample::{created, hold, line, note, tab};
use holdfast_ledger_postgres::PostgresLedger;
use std::path::Path;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_call_whose_wire_is_cut_anywhere_is_carried_out_once() {
    let cluster = Cluster::shared();
    let wire = Wire::to(&cluster.socket()).await;
    let ledger = open(&wire.till(&cluster.enrol(cluster.venue(), "Bar")));
    let tab = tab("Amira");
    ledger.add_tab(&tab, note("opened")).await.unwrap();
    let (mut added, mut cuts) = (Vec::new(), 0);
    for way in [Way::Question, Way::Answer] {
        // Every few bytes of the question, and each of the answer.
        let step = if way == Way::Question { 61 } else { 1 };
        for bytes in (0..).step_by(step) {
            let line = line(tab.id, 1);
            added.push(line.id);
            wire.cut_after(way, bytes);
            ledger.add_line(&line, None, note("line")).await.unwrap();
            if !wire.was_cut() {
                break;
            }
            cuts += 1;
        }
    }
    assert!(cuts > 30, "{cuts}");
    let lines = ledger.lines(tab.id).await.unwrap();
    let lines: Vec<_> = lines.into_iter().map(|line| line.id).collect();
    assert_eq!(lines, added, "each once, in the order in which they were added");
    let entries = i64::try_from(added.len()).unwrap() + 1;
    assert_eq!(ledger.verify_journal().await.unwrap(), entries);
}

/// The newest entry that a till's own record knows.
fn newest_in(folder: &Path) -> i64 {
    let file = std::fs::read_dir(folder).unwrap().next().unwrap().unwrap();
    let text = std::fs::read_to_string(file.path()).unwrap();
    let seen = text
        .lines()
        .filter_map(|line| line.strip_prefix("{\"Newest\":{\"seq\":"));
    let mut seen = seen.filter_map(|rest| rest.split(',').next()?.parse().ok());
    seen.next_back().unwrap_or_default()
}

/// By that entry the till finds that the server lost the decision: one that isn't in its record could be lost unsaid,
/// with its request sent.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_request_leaves_before_the_till_has_taken_note_of_its_decisions_entry_wherever_the_wire_is_cut() {
    let cluster = Cluster::shared();
    let wire = Wire::to(&cluster.socket()).await;
    let venue = cluster.venue();
    let owner = cluster.client("owner").await;
    let folder = tempfile::tempdir().unwrap();
    let till = wire.till(&cluster.enrol(venue, "Bar"));
    let bar = wait_for(PostgresLedger::open_with_record(till, folder.path())).unwrap();
    let mut cuts = 0;
    for bytes in 0.. {
        let tab = tab("Amira");
        let hold = hold(tab.id);
        let create = Operation {
            state: OperationState::Intended,
            ..created(&hold)
        };
        wire.cut_after(Way::Answer, bytes);
        bar.open_tab(&tab, &hold, &create, vec![note("opened")])
            .await
            .unwrap();
        let known = newest_in(folder.path());
        let was_cut = wire.was_cut();
        let head = "SELECT seq FROM holdfast.head WHERE venue = $1";
        let seq: i64 = owner.query_one(head, &[&venue]).await.unwrap().get(0);
        assert_eq!(known, seq, "after {bytes} bytes");
        if !was_cut {
            break;
        }
        cuts += 1;
    }
    assert!(cuts > 100, "{cuts}");
}
