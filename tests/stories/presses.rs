//! A finger that trembles: the same press more than once, at once.

use anyhow::Result;
use holdfast_desk::{ErrorCode, TakeTyped};
use holdfast_domain::Kind;
use holdfast_ledger::prelude::*;
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, Till};
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
