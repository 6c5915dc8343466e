//! A finger that trembles: the same press more than once, at once.

use crate::refunds::{due, one_more, refunding, sweeps, table};
use anyhow::Result;
use holdfast_desk::view::{PrintKey, ReleaseAct, ReleaseKey};
use holdfast_desk::{AskForMore, ErrorCode, PaperKind, Take, TakeTyped};
use holdfast_domain::{Kind, OperationKind};
use holdfast_ledger::prelude::*;
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, Till, decision};
use std::time::Duration;
use tokio::task::JoinSet;

#[tokio::test]
async fn a_press_that_comes_many_times_takes_once_from_each_hold() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Table 12", "20").await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    till.desk.press_more(tab, "50").await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    till.desk.sweep().await?;
    till.desk.add_line(tab, None, 1, "40").await?;
    let take = till.desk.sheet(tab, TakeTyped::default()).await?;
    let mut presses = JoinSet::new();
    for number in 0..40 {
        let (desk, take) = (till.desk.clone(), take.clone());
        // Some come while the first is half done.
        presses.spawn(async move {
            tokio::time::sleep(Duration::from_millis(number / 2)).await;
            desk.take(&take).await
        });
    }
    while let Some(press) = presses.join_next().await {
        assert_eq!(press??.operations.first().map(|o| o.id), Some(take.decision));
    }
    let mut taken = Vec::new();
    for hold in till.ledger.holds(tab).await? {
        taken.push(till.desk.read(hold.id).await?.captured());
    }
    assert_eq!(taken, [2_000, 2_000]);
    assert_eq!(till.requests("POST", "/captures").await?, 2);
    Ok(())
}

#[tokio::test]
async fn a_request_that_never_left_is_sent_once_however_often_send_again_is_pressed() -> Result<()> {
    let till = Till::open().await?;
    till.plug(false)?;
    let tab = till.opened(Kind::Tab, "In the dark", "30").await?;
    till.plug(true)?;
    let hold = till.hold(tab).await?.id;
    let mut presses = JoinSet::new();
    for number in 0..40 {
        let desk = till.desk.clone();
        // Some come while the first is half done, some when it has just ended.
        presses.spawn(async move {
            tokio::time::sleep(Duration::from_micros(number * 300)).await;
            desk.retry_open(hold).await
        });
    }
    let mut sent = 0;
    while let Some(press) = presses.join_next().await {
        match press? {
            Ok(()) => sent += 1,
            Err(refused) => assert_eq!(refused.code, ErrorCode::NotAllowed),
        }
    }
    assert_eq!(sent, 1);
    assert_eq!(till.requests("POST", "/payment-intents").await?, 1);
    let operations = till.ledger.operations(hold).await?;
    assert!(
        operations.iter().all(|operation| !operation.state.is_open()),
        "{operations:?}"
    );
    Ok(())
}

/// The same press id for another tab is not that tab's take.
#[tokio::test]
async fn a_press_id_of_another_tab_takes_nothing_and_says_so() -> Result<()> {
    let till = Till::open().await?;
    let (one, _) = table(&till, "50", "40").await?;
    let (other, _) = table(&till, "60", "30").await?;
    let first = till.desk.sheet(one, TakeTyped::default()).await?;
    till.desk.take(&first).await?;
    let second = Take {
        decision: first.decision,
        ..till.desk.sheet(other, TakeTyped::default()).await?
    };
    let answer = till.desk.take(&second).await;
    assert!(answer.is_err(), "it says that it was taken: {answer:?}");
    Ok(())
}

/// The same press id with a larger amount: nothing of it was interrupted.
#[tokio::test]
async fn a_press_id_with_another_amount_is_not_called_interrupted() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "50", "40").await?;
    let typed = TakeTyped {
        bill: Some("10".to_owned()),
        ..TakeTyped::default()
    };
    let first = till.desk.sheet(tab, typed).await?;
    till.desk.take(&first).await?;
    let second = Take {
        decision: first.decision,
        ..till.desk.sheet(tab, TakeTyped::default()).await?
    };
    let answer = till.desk.take(&second).await;
    let unsent = answer
        .ok()
        .and_then(|taken| taken.unsent)
        .map(|unsent| unsent.why);
    assert!(
        !unsent.as_deref().is_some_and(|why| why.contains("interrupted")),
        "{unsent:?}"
    );
    Ok(())
}

/// The same of whatever else a press decides: what another one came to is not its outcome.
#[tokio::test]
async fn a_press_id_of_another_decision_does_nothing_and_says_so() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "50", "40").await?;
    let (other, _) = table(&till, "60", "30").await?;
    let take = till.desk.sheet(tab, TakeTyped::default()).await?;
    till.desk.take(&take).await?;
    let mut refund = refunding(&till, &hold, "40", false).await?;
    refund.decision = take.decision;
    let refused = till.desk.act(OperationKind::Refund, refund).await;
    assert_eq!(refused.err().map(|error| error.code), Some(ErrorCode::NotAllowed));

    let mut more = AskForMore {
        tab_id: tab,
        amount: "20".to_owned(),
        deadline_action: None,
        decision: decision(),
        seen: till.desk.tab(tab).await?.seen,
    };
    till.desk.ask_for_more(&more).await?;
    more.tab_id = other;
    let refused = till.desk.ask_for_more(&more).await;
    assert_eq!(refused.err().map(|error| error.code), Some(ErrorCode::NotAllowed));
    assert_eq!(till.requests("POST", "/refunds").await?, 0);
    assert_eq!(till.requests("POST", "/payment-intents").await?, 3);
    Ok(())
}

/// Part of a take over two cards is taken, the till ends, and the second press comes after a restart with the bill
/// grown: nothing more is taken by that press.
#[tokio::test]
async fn a_second_press_after_a_restart_takes_nothing_more() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "20", "40").await?;
    one_more(&till, tab, "50").await?;
    let sheet = till.desk.sheet(tab, TakeTyped::default()).await?;
    till.fault("captures", "stall").await?;
    let (desk, first) = (till.desk.clone(), sheet.clone());
    let taking = tokio::spawn(async move { desk.take(&first).await });
    while till.requests("POST", "/captures").await? == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    taking.abort();
    let _ended = taking.await;
    let till = till.restart().await?;
    till.desk.add_line(tab, None, 1, "5").await?;
    sweeps(&till, 3).await?;
    let again = till.desk.take(&sheet).await?;
    assert_eq!(till.requests("POST", "/captures").await?, 1, "{again:?}");
    assert_eq!(again.unsent.map(|unsent| unsent.money.minor), Some(2_000));
    assert_eq!(due(&till, tab).await?, 2_500);
    Ok(())
}

/// An unpaid request is newer than a hold: the key releases the hold first, and only then cancels the request. A refund
/// and a receipt are of the hold that was taken from.
#[tokio::test]
async fn a_key_acts_on_the_newest_hold_that_allows_it() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "50", "20").await?;
    till.desk.press_more(tab, "30").await?;
    let request = till.hold(tab).await?.id;
    let keys = till.desk.tab(tab).await?.keys;
    let act = |act, hold_id| Some(ReleaseKey { act, hold_id });
    assert_eq!(keys.release, act(ReleaseAct::Release, hold.id));
    assert_eq!(
        (keys.refund, keys.show_qr, keys.close_tab),
        (None, Some(request), None)
    );
    let print = |kind| {
        let hold_id = hold.id;
        Some(PrintKey { kind, hold_id })
    };
    assert_eq!(keys.print, print(PaperKind::Slip));

    till.desk.press_take(tab, TakeTyped::default()).await?;
    let keys = till.desk.tab(tab).await?.keys;
    assert_eq!(keys.release, act(ReleaseAct::Cancel, request));
    assert_eq!(keys.refund, Some(hold.id));
    assert_eq!(keys.print, print(PaperKind::Receipt));
    Ok(())
}
