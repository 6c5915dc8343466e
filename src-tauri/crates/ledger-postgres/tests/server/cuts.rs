//! The wire is cut in the middle of a call: what became of it is looked up, and it's carried out once.

use crate::cluster::{Cluster, open};
use crate::wire::{Way, Wire};
use holdfast_ledger::prelude::*;
use holdfast_ledger_conformance::sample::{line, note, tab};

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
