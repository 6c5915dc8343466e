//! What a take left to be asked for.

use super::sample::{authorised, created, done, hold, intend, note, operation, seen};
use holdfast_domain::*;
use holdfast_ledger::{Ledger, LedgerError};

/// A take that couldn't cover 30.00, which Dojo did.
async fn left_over(ledger: &dyn Ledger) -> (Hold, Operation) {
    let hold = authorised(ledger).await;
    let take = Operation {
        then_ask: 3_000,
        ..operation(hold.id, OperationKind::Capture, 10_000)
    };
    intend(ledger, &take, note("take")).await.unwrap();
    done(ledger, &take, seen(IntentStatus::Captured, &[10_000])).await;
    (hold, take)
}

async fn open(ledger: &dyn Ledger) -> Vec<OperationId> {
    let open = ledger.open_asks().await.unwrap();
    open.into_iter().map(|take| take.id).collect()
}

pub async fn an_ask_is_ended_once_with_the_hold_that_is_opened_for_it(ledger: &dyn Ledger) {
    let (first, ask) = left_over(ledger).await;
    assert_eq!(open(ledger).await, [ask.id]);
    let more = hold(first.tab);
    let opened = Some((more.clone(), created(&more)));
    ledger
        .end_ask(first.tab, ask.id, opened, None, vec![note("asked")])
        .await
        .unwrap();
    assert_eq!(open(ledger).await, []);
    assert_eq!(ledger.hold(more.id).await.unwrap(), more);

    let again = hold(first.tab);
    let opened = Some((again.clone(), created(&again)));
    let refused = ledger
        .end_ask(first.tab, ask.id, opened, None, vec![note("asked")])
        .await;
    assert!(matches!(refused, Err(LedgerError::NotFound)), "{refused:?}");
    assert_eq!(ledger.holds(first.tab).await.unwrap().len(), 2, "no second hold");
    assert_eq!(ledger.verify_journal().await.unwrap(), 6, "nor a word of it");
}

pub async fn an_ask_may_end_with_nobody_asked(ledger: &dyn Ledger) {
    let (hold, ask) = left_over(ledger).await;
    ledger
        .end_ask(hold.tab, ask.id, None, None, vec![note("paid otherwise")])
        .await
        .unwrap();
    assert_eq!(open(ledger).await, []);
    assert_eq!(ledger.holds(hold.tab).await.unwrap().len(), 1);
    let kept = ledger.operation(ask.id).await.unwrap().unwrap();
    assert_eq!(kept.then_ask, 3_000, "what was decided stays");
}

pub async fn asks_wait_oldest_first_and_a_take_that_covers_all_leaves_none(ledger: &dyn Ledger) {
    let hold = authorised(ledger).await;
    let all = operation(hold.id, OperationKind::Capture, 10_000);
    intend(ledger, &all, note("take")).await.unwrap();
    let (_, first) = left_over(ledger).await;
    let (_, second) = left_over(ledger).await;
    assert_eq!(open(ledger).await, [first.id, second.id]);
    let refused = ledger.end_ask(hold.tab, all.id, None, None, vec![]).await;
    assert!(matches!(refused, Err(LedgerError::NotFound)), "{refused:?}");
}
