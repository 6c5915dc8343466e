//! What an empty ledger answers, and what is asked of it that it doesn't know.

use super::sample::{note, now, said, tab};
use holdfast_domain::{HoldId, OperationId, RenewalEnd, RenewalEnded, TabId};
use holdfast_ledger::{ClosedFilter, Found, Learnt, Ledger, LedgerError};
use std::fmt::Debug;
use uuid::Uuid;

fn is_not_found(answer: Result<impl Debug, LedgerError>, of: &str) {
    assert!(matches!(answer, Err(LedgerError::NotFound)), "{of}: {answer:?}");
}

pub async fn what_is_not_in_the_ledger_is_not_found(ledger: &dyn Ledger) {
    let hold = HoldId(Uuid::now_v7());
    let operation = OperationId(Uuid::now_v7());
    let stranger = tab("Nobody");
    is_not_found(ledger.tab(stranger.id).await, "tab");
    is_not_found(ledger.set_tab(&stranger, note("renamed")).await, "set_tab");
    is_not_found(
        ledger
            .set_closed(stranger.id, 0, None, None, note("closed"))
            .await,
        "set_closed",
    );
    is_not_found(ledger.hold(hold).await, "hold");
    is_not_found(
        ledger
            .record(hold, Learnt::default(), None, vec![note("read")])
            .await,
        "record",
    );
    is_not_found(
        ledger
            .end_ask(stranger.id, operation, None, None, vec![note("no")])
            .await,
        "end_ask",
    );
    for decision in [Some(operation), None] {
        let answer = ledger
            .say_refund(hold, decision, said(1, 0, 0), note("said"))
            .await;
        is_not_found(answer, "say_refund");
    }
    let ended = RenewalEnded {
        at: now(),
        how: RenewalEnd::Done,
    };
    let answer = ledger.end_renewal(hold, ended, vec![note("done")]).await;
    is_not_found(answer, "end_renewal");
    is_not_found(ledger.report(1).await, "report");
    is_not_found(
        ledger.newer_than("ledger-2026-03-02T10-00-00.db").await,
        "newer_than",
    );
    assert_eq!(
        ledger.verify_journal().await.unwrap(),
        0,
        "none of it left a trace"
    );
}

pub async fn an_empty_ledger_has_nothing(ledger: &dyn Ledger) {
    let (tab, hold) = (TabId(Uuid::now_v7()), HoldId(Uuid::now_v7()));
    assert!(!ledger.has_tabs().await.unwrap());
    assert_eq!(ledger.tabs(true, 10).await.unwrap(), []);
    assert_eq!(ledger.tabs(false, 10).await.unwrap(), []);
    assert_eq!(ledger.lines(tab).await.unwrap(), []);
    assert_eq!(ledger.holds(tab).await.unwrap(), []);
    assert_eq!(ledger.live_holds(now()).await.unwrap(), []);
    assert_eq!(ledger.every_hold().await.unwrap(), []);
    assert_eq!(ledger.operations(hold).await.unwrap(), []);
    let operation = OperationId(Uuid::now_v7());
    assert_eq!(ledger.operation(operation).await.unwrap(), None);
    assert_eq!(ledger.open_asks().await.unwrap(), []);
    assert_eq!(ledger.open_renewals().await.unwrap(), []);
    assert_eq!(ledger.newest_run().await.unwrap(), None);
    assert_eq!(ledger.journal(tab).await.unwrap(), []);
    assert_eq!(
        ledger
            .house_journal(holdfast_ledger::HouseTopic::Anything, 10)
            .await
            .unwrap(),
        []
    );
    assert_eq!(ledger.newest_entry().await.unwrap(), None);
    assert_eq!(ledger.witness().await.unwrap(), None);
    assert_eq!(ledger.findings().await.unwrap(), []);
    assert_eq!(
        ledger.finding(&holdfast_domain::FindingKey::Clock).await.unwrap(),
        None
    );
    assert_eq!(ledger.warnings().await.unwrap(), []);
    assert_eq!(ledger.movements(1, i64::MAX).await.unwrap(), []);
    assert_eq!(ledger.reports(None, 10).await.unwrap(), []);
    assert_eq!(ledger.open_accounts(10).await.unwrap(), []);
    assert_eq!(ledger.unsettled_accounts().await.unwrap(), []);
    assert_eq!(ledger.accounts(vec![tab]).await.unwrap(), []);
    let all = ClosedFilter::default();
    assert_eq!(ledger.closed_accounts(all, None, 10).await.unwrap(), []);
    assert_eq!(ledger.search("amira", 10).await.unwrap(), Found::default());
    assert_eq!(ledger.setting("venue").await.unwrap(), None);
    assert_eq!(ledger.restored().await.unwrap(), None);
    assert_eq!(ledger.backups().await.unwrap(), []);
}
