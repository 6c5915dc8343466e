//! What several tills hear of each other, and who has a duty.

use super::sample::{intend, line, note, opened, operation, read, seen};
use holdfast_domain::{IntentStatus, OperationKind};
use holdfast_ledger::{Change, Cursor, Duty, Lease, Ledger, LedgerError};
use uuid::Uuid;

pub async fn what_was_written_is_among_the_changes_once(ledger: &dyn Ledger) {
    let (tab, hold) = opened(ledger, "Amira").await;
    let start = ledger.changes(None).await.unwrap();
    assert_eq!(start.since, Some(Vec::new()), "nothing was asked for");
    let mut known = start.cursor;
    for written in [Change::Tab(tab.id), Change::Hold(hold.id)] {
        match written {
            Change::Tab(_) | Change::House => {
                ledger
                    .add_line(&line(tab.id, 900), None, note("line"))
                    .await
                    .unwrap();
            }
            Change::Hold(_) => read(ledger, hold.id, seen(IntentStatus::Authorized, &[])).await,
        }
        let changes = ledger.changes(Some(known)).await.unwrap();
        let since = changes.since.unwrap();
        assert!(since.contains(&written), "{written:?} is not in {since:?}");
        known = changes.cursor;
        let after = ledger.changes(Some(known)).await.unwrap();
        assert_eq!((after.since, after.cursor), (Some(Vec::new()), known));
    }
    // Nor is what was refused.
    let beyond = operation(hold.id, OperationKind::Capture, 10_001);
    let refused = intend(ledger, &beyond, note("take")).await;
    assert!(matches!(refused, Err(LedgerError::TooMuch)), "{refused:?}");
    assert_eq!(ledger.changes(Some(known)).await.unwrap().since, Some(Vec::new()));
    // And a till that begins at the start hears all of it.
    let all = ledger.changes(Some(start.cursor)).await.unwrap().since.unwrap();
    assert!(all.len() >= 2, "{all:?}");
}

pub async fn a_place_in_another_ledgers_changes_says_that_all_has_to_be_read(ledger: &dyn Ledger) {
    opened(ledger, "Amira").await;
    let known = ledger.changes(None).await.unwrap().cursor;
    let elsewhere = Cursor {
        of: Uuid::now_v7(),
        ..known
    };
    let changes = ledger.changes(Some(elsewhere)).await.unwrap();
    assert_eq!((changes.since, changes.cursor), (None, known));
}

pub async fn a_till_that_is_alone_has_each_duty(ledger: &dyn Ledger) {
    for duty in [Duty::Watch, Duty::Night] {
        for _ in 0..2 {
            let lease = ledger.lease(duty).await.unwrap();
            assert_ne!(lease, Lease::Elsewhere, "{duty:?}");
        }
    }
}
