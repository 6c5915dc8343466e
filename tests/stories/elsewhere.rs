//! What happens to a hold without a decision at this till: in Dojo's portal, at another till, or
//! because something on the way sent a request twice. Staff must hear of it.

use crate::{decide, held};
use anyhow::{Context, Result};
use holdfast_desk::view::BannerCode;
use holdfast_domain::{Kind, OperationKind, OperationState, TabId};
use holdfast_ledger::prelude::*;
use holdfast_tests::press::Press;
use holdfast_tests::{KEY, Till};

/// What the history says was done elsewhere, oldest first: the first word and the minor units.
async fn elsewhere(till: &Till, tab: TabId) -> Result<Vec<(String, Option<i64>)>> {
    let mut steps = till.desk.tab(tab).await?.history;
    steps.reverse();
    let strange = steps.into_iter().filter(|step| step.words.contains("elsewhere"));
    Ok(strange
        .map(|step| {
            let word = step.words.split(' ').next().unwrap_or_default().to_owned();
            (word, step.amount.map(|m| m.minor))
        })
        .collect())
}

#[tokio::test]
async fn a_take_that_the_way_doubled_is_told() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till).await?;
    till.fault("captures", "twice").await?;
    let done = till
        .desk
        .press(decide(&hold, OperationKind::Capture, 1_000))
        .await?;
    assert_eq!(done.state, OperationState::Succeeded, "{done:?}");
    assert_eq!(till.hold(tab).await?.captured(), 2_000);
    assert_eq!(elsewhere(&till, tab).await?, [("Taken".to_owned(), Some(1_000))]);
    till.desk.sweep().await?;
    assert_eq!(elsewhere(&till, tab).await?.len(), 1, "it is told once");
    Ok(())
}

#[tokio::test]
async fn what_another_till_takes_and_refunds_is_told_apart_from_what_is_decided_here() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till).await?;
    let other = till.client(KEY)?;
    let id = hold.intent_id.as_deref().context("no intent")?;
    other.capture(id, 700, Some(50)).await?;
    till.desk.sweep().await?;
    let mut expected = vec![("Taken".to_owned(), Some(750))];
    assert_eq!(elsewhere(&till, tab).await?, expected);

    for (kind, amount) in [(OperationKind::Capture, 700), (OperationKind::Refund, 300)] {
        let done = till.desk.press(decide(&hold, kind, amount)).await?;
        assert_eq!(done.state, OperationState::Succeeded, "{done:?}");
    }
    assert_eq!(elsewhere(&till, tab).await?, expected, "decided here");

    let refund = holdfast_dojo::RefundRequest {
        amount: 200,
        reason: None,
        notes: None,
    };
    other.refund(id, &refund, "another till's").await?;
    till.desk.sweep().await?;
    // A hold on which nothing is left to do is read when somebody looks at it.
    till.hold(tab).await?;
    expected.push(("Refunded".to_owned(), Some(200)));
    assert_eq!(elsewhere(&till, tab).await?, expected);
    Ok(())
}

#[tokio::test]
async fn what_another_till_took_before_does_not_stand_for_a_take_that_was_lost() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till).await?;
    let id = hold.intent_id.as_deref().context("no intent")?;
    till.client(KEY)?.capture(id, 1_000, None).await?;
    till.hold(tab).await?;
    till.fault("captures", "500-before").await?;
    let lost = till
        .desk
        .press(decide(&hold, OperationKind::Capture, 1_000))
        .await?;
    assert_eq!(lost.state, OperationState::Unknown, "the same amount is no proof");
    for _ in 0..3 {
        till.wind("00:01:10").await?;
        till.desk.sweep().await?;
    }
    let known = till.ledger.operation(lost.id).await?.context("it is gone")?;
    assert_eq!(known.state, OperationState::Absent);
    assert_eq!(till.hold(tab).await?.captured(), 1_000);
    Ok(())
}

#[tokio::test]
async fn a_release_in_the_portal_is_told() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till).await?;
    let id = hold.intent_id.as_deref().context("no intent")?;
    till.client(KEY)?.reverse(id).await?;
    till.desk.sweep().await?;
    assert_eq!(
        elsewhere(&till, tab).await?,
        [("Released".to_owned(), Some(5_000))]
    );
    Ok(())
}

#[tokio::test]
async fn what_dojo_takes_at_the_deadline_is_not_called_a_strangers() -> Result<()> {
    let till = Till::open().await?;
    let settings = holdfast_desk::Settings {
        deadline_action: holdfast_domain::DeadlineAction::Capture,
        ..till.desk.settings().await?
    };
    till.desk.save_settings(settings).await?;
    let (tab, hold) = held(&till).await?;
    till.desk
        .press(decide(&hold, OperationKind::Capture, 1_000))
        .await?;
    till.wind("7.00:00:00").await?;
    till.desk.sweep().await?;
    assert_eq!(till.hold(tab).await?.captured(), 5_000);
    assert_eq!(elsewhere(&till, tab).await?, []);
    Ok(())
}

#[tokio::test]
async fn a_cancel_or_release_that_the_way_doubled_is_done_not_refused() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Nobody", "50").await?;
    let unpaid = till.hold(tab).await?;
    let (_, paid) = held(&till).await?;
    for (hold, kind, order) in [
        (unpaid, OperationKind::Cancel, "cancel"),
        (paid, OperationKind::Reversal, "reversal"),
    ] {
        till.fault(order, "twice").await?;
        let done = till.desk.press(decide(&hold, kind, 0)).await?;
        assert_eq!(done.state, OperationState::Succeeded, "{done:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_bill_that_outlives_the_rest_of_its_hold_is_told() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till).await?;
    till.desk.add_line(tab, None, 1, "40").await?;
    till.desk
        .press(decide(&hold, OperationKind::Capture, 1_000))
        .await?;
    till.wind("7.00:00:00").await?;
    till.desk.sweep().await?;
    let floor = till.desk.floor().await?;
    assert_eq!(floor.rows[0].uncovered.as_ref().map(|m| m.minor), Some(3_000));
    assert!(floor.rows[0].needs_person);
    let told = floor
        .banners
        .iter()
        .find(|b| b.code == BannerCode::Expired)
        .context("no banner")?;
    assert!(
        told.words.contains("£30.00 of the bill isn’t covered"),
        "{}",
        told.words
    );
    Ok(())
}

#[tokio::test]
async fn a_take_that_the_way_doubled_beyond_the_hold_is_done_not_refused() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till).await?;
    till.fault("captures", "twice").await?;
    let done = till
        .desk
        .press(decide(&hold, OperationKind::Capture, 3_000))
        .await?;
    assert_eq!(done.state, OperationState::Succeeded, "{done:?}");
    assert_eq!(till.hold(tab).await?.captured(), 3_000);
    Ok(())
}
