//! The wire is cut in the middle of a call: what became of it is looked up, and it's carried out once.

use crate::cluster::{Cluster, as_till, at, wait_for};
use holdfast_ledger::prelude::*;
use holdfast_ledger_conformance::sample::{line, note, tab};
use holdfast_ledger_postgres::PostgresLedger;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};

/// Which way bytes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Question,
    Answer,
}

/// A wire to a server that is cut, once, after so many more bytes on that way.
struct Wire {
    folder: TempDir,
    cut: Arc<Mutex<Option<(Way, usize)>>>,
}

impl Wire {
    async fn to(socket: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join(".s.PGSQL.5432")).unwrap();
        let cut: Arc<Mutex<Option<(Way, usize)>>> = Arc::default();
        let (server, cuts) = (format!("{socket}/.s.PGSQL.5432"), cut.clone());
        tokio::spawn(async move {
            loop {
                let (till, _) = listener.accept().await.unwrap();
                let Ok(far) = UnixStream::connect(&server).await else {
                    continue;
                };
                let (from_till, to_till) = till.into_split();
                let (from_far, to_far) = far.into_split();
                let (there, back) = (cuts.clone(), cuts.clone());
                tokio::spawn(async move {
                    // The first that is cut takes the other with it.
                    tokio::select! {
                        () = pass(from_till, to_far, Way::Question, there) => {}
                        () = pass(from_far, to_till, Way::Answer, back) => {}
                    }
                });
            }
        });
        Self { folder, cut }
    }

    fn cut_after(&self, way: Way, bytes: usize) {
        *self.cut.lock().unwrap() = Some((way, bytes));
    }

    /// Whether it was cut since.
    fn was_cut(&self) -> bool {
        self.cut.lock().unwrap().take().is_none()
    }
}

/// Passes bytes on until one side ends or the wire is cut.
async fn pass(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    way: Way,
    cut: Arc<Mutex<Option<(Way, usize)>>>,
) {
    let mut bytes = vec![0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        let passed = {
            let mut cut = cut.lock().unwrap();
            match *cut {
                Some((of, left)) if of == way && left < count => {
                    *cut = None;
                    left
                }
                Some((of, left)) if of == way => {
                    *cut = Some((of, left - count));
                    count
                }
                _ => count,
            }
        };
        if to.write_all(&bytes[..passed]).await.is_err() || passed < count {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_call_whose_wire_is_cut_anywhere_is_carried_out_once() {
    let cluster = Cluster::shared();
    let wire = Wire::to(&cluster.socket()).await;
    let far = at(wire.folder.path().to_str().unwrap());
    let till = as_till(&far, &cluster.enrol(cluster.venue(), "Bar"));
    let ledger = wait_for(PostgresLedger::open(till)).unwrap();
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
