//! Closing the night, row by row.

use super::sample::{note, now, opened};
use chrono::TimeDelta;
use holdfast_domain::{Actor, OperationState, RowTrouble, RunId, TabId};
use holdfast_ledger::{Ledger, LedgerError, RowEnded, Run, RunRow, RunState};
use uuid::Uuid;

/// A run over these tabs.
pub fn run(tabs: &[TabId]) -> Run {
    let rows = tabs.iter().zip(1..).map(|(tab, number)| RunRow {
        tab: *tab,
        name: format!("Table {number}"),
        plan: format!(r#"{{"take":{number}}}"#),
        ended: None,
    });
    Run {
        id: RunId(Uuid::now_v7()),
        started_at: now(),
        by: Actor::staff("Sam"),
        stopped_at: None,
        ended_at: None,
        rows: rows.collect(),
    }
}

async fn tabs(ledger: &dyn Ledger) -> [TabId; 3] {
    let mut ids = Vec::new();
    for name in ["Amira", "Brandt", "Cleo"] {
        ids.push(opened(ledger, name).await.0.id);
    }
    // Not in the order of their ids.
    [ids[2], ids[0], ids[1]]
}

fn done() -> RowEnded {
    RowEnded {
        at: now() + TimeDelta::minutes(1),
        trouble: None,
    }
}

pub async fn a_run_is_kept_whole_with_its_rows_in_their_order(ledger: &dyn Ledger) {
    assert_eq!(ledger.newest_run().await.unwrap(), None);
    let run = run(&tabs(ledger).await);
    ledger.begin_run(&run, note("begun")).await.unwrap();
    assert_eq!(ledger.newest_run().await.unwrap(), Some(run));
}

pub async fn one_run_is_open(ledger: &dyn Ledger) {
    let tabs = tabs(ledger).await;
    let first = run(&tabs[..2]);
    ledger.begin_run(&first, note("begun")).await.unwrap();
    let entries = ledger.verify_journal().await.unwrap();
    let second = run(&tabs[2..]);
    let refused = ledger.begin_run(&second, note("twice")).await;
    assert!(matches!(refused, Err(LedgerError::Busy)), "{refused:?}");
    assert_eq!(ledger.newest_run().await.unwrap().as_ref(), Some(&first));
    assert_eq!(ledger.verify_journal().await.unwrap(), entries);

    // One that was stopped is open still.
    ledger
        .set_run_state(first.id, RunState::Stopped(now()), note("stopped"))
        .await
        .unwrap();
    let refused = ledger.begin_run(&second, note("twice")).await;
    assert!(matches!(refused, Err(LedgerError::Busy)), "{refused:?}");

    let ended = RunState::Ended(now());
    ledger
        .set_run_state(first.id, ended, note("ended"))
        .await
        .unwrap();
    ledger.begin_run(&second, note("begun")).await.unwrap();
    assert_eq!(ledger.newest_run().await.unwrap(), Some(second));
}

pub async fn a_row_ends_once(ledger: &dyn Ledger) {
    let tabs = tabs(ledger).await;
    let mut run = run(&tabs[..2]);
    ledger.begin_run(&run, note("begun")).await.unwrap();
    let trouble = RowEnded {
        trouble: Some(RowTrouble::Ended(OperationState::NotSent)),
        ..done()
    };
    ledger
        .end_run_row(run.id, tabs[1], trouble.clone(), note("failed"))
        .await
        .unwrap();
    run.rows[1].ended = Some(trouble);
    assert_eq!(ledger.newest_run().await.unwrap().as_ref(), Some(&run));
    let entries = ledger.verify_journal().await.unwrap();
    for tab in [tabs[1], tabs[2]] {
        let refused = ledger.end_run_row(run.id, tab, done(), note("again")).await;
        assert!(matches!(refused, Err(LedgerError::NotFound)), "{refused:?}");
    }
    assert_eq!(ledger.newest_run().await.unwrap().as_ref(), Some(&run));
    assert_eq!(ledger.verify_journal().await.unwrap(), entries);
}

pub async fn a_run_that_was_stopped_goes_on_and_one_that_ended_does_not(ledger: &dyn Ledger) {
    let tabs = tabs(ledger).await;
    let mut run = run(&tabs[..1]);
    ledger.begin_run(&run, note("begun")).await.unwrap();
    let later = now() + TimeDelta::minutes(5);
    for (state, stopped_at) in [
        (RunState::Stopped(later), Some(later)),
        (RunState::GoesOn, None),
        (RunState::Stopped(later), Some(later)),
    ] {
        ledger
            .set_run_state(run.id, state, note("moved on"))
            .await
            .unwrap();
        run.stopped_at = stopped_at;
        assert_eq!(ledger.newest_run().await.unwrap().as_ref(), Some(&run));
    }
    ledger
        .set_run_state(run.id, RunState::Ended(later), note("ended"))
        .await
        .unwrap();
    run.ended_at = Some(later);
    assert_eq!(ledger.newest_run().await.unwrap().as_ref(), Some(&run));
    let refused = ledger.set_run_state(run.id, RunState::GoesOn, note("no")).await;
    assert!(matches!(refused, Err(LedgerError::NotFound)), "{refused:?}");
    let refused = ledger.end_run_row(run.id, tabs[0], done(), note("no")).await;
    assert!(matches!(refused, Err(LedgerError::NotFound)), "{refused:?}");
    assert_eq!(ledger.newest_run().await.unwrap(), Some(run));
}
