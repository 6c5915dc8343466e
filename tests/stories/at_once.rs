//! Two people decide on one tab in the same moment, each on what they saw: the bill is taken once.

use crate::decide;
use anyhow::{Context, Result, ensure};
use holdfast_desk::RowProgress;
use holdfast_desk::{ErrorCode, Take, TakeTyped};
use holdfast_domain::{Kind, OperationKind, OperationState, TabId};
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, Till};
use std::time::Duration;

/// A tab of £100 held with £40 on its bill.
async fn tab(till: &Till) -> Result<TabId> {
    let id = till.opened(Kind::Tab, "Two tills", "100").await?;
    till.pay(&till.hold(id).await?, GOOD).await?;
    till.hold(id).await?;
    till.desk.add_line(id, None, 1, "40").await?;
    Ok(id)
}

/// A sheet that somebody has opened.
async fn take(till: &Till, tab: TabId) -> Result<Take> {
    till.desk.sheet(tab, TakeTyped::default()).await
}

async fn captured(till: &Till) -> Result<i64> {
    let truth = till.truth().await?;
    truth["intents"][0]["captured"].as_i64().context("no sum")
}

#[tokio::test]
async fn two_who_take_the_same_bill_take_it_once() -> Result<()> {
    let till = Till::open().await?;
    let id = tab(&till).await?;
    till.wire.dawdle(2);
    let (one, other) = (take(&till, id).await?, take(&till, id).await?);
    let (one, other) = tokio::join!(till.desk.take(&one), till.desk.take(&other));
    ensure!(captured(&till).await? == 4_000, "{one:?} {other:?}");
    let refused: Vec<ErrorCode> = [&one, &other]
        .iter()
        .filter_map(|result| result.as_ref().err().map(|error| error.code))
        .collect();
    assert_eq!(refused, [ErrorCode::Changed], "the second one looks again");
    Ok(())
}

#[tokio::test]
async fn of_two_decisions_on_one_hold_the_second_waits_for_the_first() -> Result<()> {
    let till = Till::open().await?;
    let hold = till.hold(tab(&till).await?).await?;
    till.wire.dawdle(2);
    till.fault("captures", "stall").await?;
    let part = |amount| decide(&hold, OperationKind::Capture, amount);
    let readings = till.requests("GET", "").await?;
    let second = async {
        // The first is reading: what it finds is on its way and late.
        while till.requests("GET", "").await.is_ok_and(|now| now == readings) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        till.desk.press(part(1_500)).await
    };
    let (one, other) = tokio::join!(till.desk.press(part(1_000)), second);
    assert_eq!(till.requests("POST", "/captures").await?, 1, "{one:?} {other:?}");
    assert_eq!(
        one?.state,
        OperationState::Succeeded,
        "its answer was lost, Dojo's record was not"
    );
    let refused = other.err().context("it was sent")?;
    assert_eq!(refused.code, ErrorCode::Changed, "the second one looks again");
    // Dojo shows what was taken before its answer is here: it's this till's all the same.
    ensure!(
        !refused.message.contains("outside this till"),
        "{}",
        refused.message
    );
    Ok(())
}

#[tokio::test]
async fn one_press_that_comes_twice_is_told_once_all_of_it_is_done() -> Result<()> {
    let till = Till::open().await?;
    let id = till.opened(Kind::Tab, "Two cards", "30").await?;
    till.pay(&till.hold(id).await?, GOOD).await?;
    till.desk.press_more(id, "30").await?;
    till.pay(&till.hold(id).await?, GOOD).await?;
    till.desk.sweep().await?;
    till.desk.add_line(id, None, 1, "40").await?;
    let press = take(&till, id).await?;
    let second = async {
        while till.requests("POST", "/captures").await? == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // The first part is with Dojo, the second one isn't sent yet.
        till.wire.dawdle(1);
        Ok::<_, anyhow::Error>(till.desk.take(&press).await)
    };
    let (first, second) = tokio::join!(till.desk.take(&press), second);
    let (first, second) = (first?, second??);
    assert_eq!(first.operations.len(), 2, "a part of each card");
    assert_eq!(
        second, first,
        "who presses twice is not told that half of it is left to take"
    );
    Ok(())
}

#[tokio::test]
async fn a_take_by_hand_and_the_night_take_the_same_bill_once() -> Result<()> {
    let till = Till::open().await?;
    let id = tab(&till).await?;
    let night = till.desk.night(&[]).await?;
    let (seen, by_hand) = (night.seen(), take(&till, id).await?);
    till.wire.dawdle(2);
    let (begun, by_hand) = tokio::join!(till.desk.close_night(&[], &seen), till.desk.take(&by_hand));
    begun?;
    while till.desk.night(&[]).await?.run.context("no run")?.is_running() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let run = till.desk.night(&[]).await?.run.context("no run")?;
    ensure!(captured(&till).await? == 4_000, "{by_hand:?} {run:?}");
    let is_by_hand = by_hand.is_ok_and(|done| {
        done.operations
            .iter()
            .all(|o| o.state == OperationState::Succeeded)
    });
    let is_by_night = run.rows.iter().all(|row| row.state.code == RowProgress::Done);
    ensure!(
        is_by_hand != is_by_night,
        "one of them did it, the other was told: {run:?}"
    );
    Ok(())
}
