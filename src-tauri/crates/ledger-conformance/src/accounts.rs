//! Whole tabs, all of one moment.

use super::sample::{
    authorised, card, close_tab, created, done, hold, intend, line, note, now, opened, operation, read, seen,
};
use holdfast_domain::{Hold, IntentStatus, OperationKind, Tab, TabId};
use holdfast_ledger::{Account, Ledger};
use uuid::Uuid;

/// Everything on a tab, asked for piece by piece.
async fn by_pieces(ledger: &dyn Ledger, id: TabId) -> Account {
    let mut holds = Vec::new();
    for hold in ledger.holds(id).await.unwrap() {
        let operations = ledger.operations(hold.id).await.unwrap();
        holds.push((hold, operations));
    }
    Account {
        tab: ledger.tab(id).await.unwrap(),
        lines: ledger.lines(id).await.unwrap(),
        holds,
        renewals: Vec::new(),
    }
}

/// A tab with a hold and this many lines of 12.25.
async fn with_lines(ledger: &dyn Ledger, name: &str, lines: i64) -> (Tab, Hold) {
    let (tab, hold) = opened(ledger, name).await;
    for _ in 0..lines {
        ledger
            .add_line(&line(tab.id, 1_225), None, note("line"))
            .await
            .unwrap();
    }
    (tab, hold)
}

pub async fn accounts_all_at_once_are_the_accounts_one_by_one(ledger: &dyn Ledger) {
    let mut open = Vec::new();
    for number in 0..5 {
        let (tab, first) = with_lines(ledger, &format!("Table {number}"), number).await;
        if number % 2 == 0 {
            let mut reading = seen(IntentStatus::Authorized, &[]);
            reading.card = card("1005");
            read(ledger, first.id, reading).await;
            let more = hold(tab.id);
            ledger
                .add_hold(&more, &created(&more), None, note("more"))
                .await
                .unwrap();
        }
        open.push(tab.id);
    }
    let (away, _) = with_lines(ledger, "Gone", 1).await;
    close_tab(ledger, away.id, now()).await;
    let mut one_by_one = Vec::new();
    for id in open.iter().rev() {
        one_by_one.push(by_pieces(ledger, *id).await);
    }
    assert_eq!(ledger.open_accounts(100).await.unwrap(), one_by_one);
    assert_eq!(ledger.open_accounts(2).await.unwrap(), one_by_one[..2]);
    let strange = TabId(Uuid::now_v7());
    let some = ledger.accounts(vec![open[0], strange, away.id]).await.unwrap();
    let told = [by_pieces(ledger, open[0]).await, by_pieces(ledger, away.id).await];
    assert_eq!(some, told);
}

pub async fn what_was_closed_with_something_open_is_unsettled(ledger: &dyn Ledger) {
    // One in force, one that is over, one that is over and has an open refund.
    let (held, over, refunding) = (
        authorised(ledger).await,
        authorised(ledger).await,
        authorised(ledger).await,
    );
    let all_taken = || seen(IntentStatus::Captured, &[10_000]);
    for hold in [&over, &refunding] {
        read(ledger, hold.id, all_taken()).await;
    }
    let refund = operation(refunding.id, OperationKind::Refund, 1_000);
    intend(ledger, &refund, note("refund")).await.unwrap();
    assert_eq!(unsettled(ledger).await, [], "open tabs are not meant");
    for hold in [&held, &over, &refunding] {
        close_tab(ledger, hold.tab, now()).await;
    }
    let mut both = unsettled(ledger).await;
    both.sort_unstable();
    assert_eq!(both, [held.tab, refunding.tab]);
    done(ledger, &refund, all_taken()).await;
    assert_eq!(unsettled(ledger).await, [held.tab]);
}

async fn unsettled(ledger: &dyn Ledger) -> Vec<TabId> {
    let unsettled = ledger.unsettled_accounts().await.unwrap();
    unsettled.into_iter().map(|account| account.tab.id).collect()
}
