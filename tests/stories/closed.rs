//! A tab that is closed is looked at by nobody: nothing becomes due on it or is asked for on it.

use crate::refunds::{due, newest, one_more, refunding, table, take};
use anyhow::{Context, Result};
use holdfast_desk::{ClosedAsked, ErrorCode, Settings, view};
use holdfast_domain::{Hold, OperationKind, TabId};
use holdfast_tests::Till;
use holdfast_tests::press::Press;

/// A table whose bill of £50 is taken, closed.
async fn closed(till: &Till) -> Result<(TabId, Hold)> {
    let (tab, hold) = table(till, "50", "50").await?;
    take(till, tab, "50", "0", "0").await?;
    till.desk.press_close(tab).await?;
    Ok((tab, hold))
}

#[tokio::test]
async fn a_closed_tab_says_who_closed_it() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = closed(&till).await?;
    assert_eq!(till.desk.tab(tab).await?.row.closed_by.as_deref(), Some("Staff"));
    till.desk.reopen_tab(tab).await?;
    assert_eq!(till.desk.tab(tab).await?.row.closed_by, None);
    let settings = till.desk.settings().await?;
    till.desk
        .save_settings(Settings {
            staff_name: "Kim".to_owned(),
            ..settings
        })
        .await?;
    till.desk.press_close(tab).await?;
    assert_eq!(till.desk.tab(tab).await?.row.closed_by.as_deref(), Some("Kim"));
    // So do the rows of History and of a search.
    let page = till.desk.closed(&ClosedAsked::default(), None).await?;
    let by = |rows: &[view::TabRow]| rows.first().and_then(|row| row.closed_by.clone());
    assert_eq!(by(&page.rows).as_deref(), Some("Kim"));
    let reference = page.rows[0].reference.clone();
    assert_eq!(
        by(&till.desk.search(&reference).await?.closed).as_deref(),
        Some("Kim")
    );
    Ok(())
}

/// A sheet was open, or a waiter's hand in the middle, while the night closed the tab.
#[tokio::test]
async fn nothing_is_added_or_asked_for_on_a_closed_tab_until_it_is_reopened() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = closed(&till).await?;
    let more = till.desk.press_more(tab, "30").await;
    assert_eq!(more.err().map(|error| error.code), Some(ErrorCode::NotAllowed));
    let drink = till.desk.add_line(tab, None, 1, "8").await;
    assert_eq!(drink.err().map(|error| error.code), Some(ErrorCode::NotAllowed));
    assert_eq!(due(&till, tab).await?, 0);
    assert_eq!(till.requests("POST", "/payment-intents").await?, 1);

    till.desk.reopen_tab(tab).await?;
    one_more(&till, tab, "30").await?;
    till.desk.add_line(tab, None, 1, "8").await?;
    assert_eq!(due(&till, tab).await?, 800);
    Ok(())
}

#[tokio::test]
async fn what_a_refund_makes_due_again_is_not_hidden_on_a_tab_that_is_closed() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = closed(&till).await?;
    let again = refunding(&till, &hold, "20", true).await?;
    let refused = till.desk.act(OperationKind::Refund, again).await;
    assert_eq!(refused.err().map(|error| error.code), Some(ErrorCode::NotAllowed));
    // Money that nobody owes again may go back all the same.
    let goodwill = refunding(&till, &hold, "20", false).await?;
    till.desk.act(OperationKind::Refund, goodwill).await?;
    assert_eq!(
        (till.hold(tab).await?.refunded(), due(&till, tab).await?),
        (2_000, 0)
    );
    Ok(())
}

#[tokio::test]
async fn a_sheet_that_was_open_when_its_tab_was_closed_says_so_and_sends_nothing() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "50", "50").await?;
    take(&till, tab, "50", "0", "0").await?;
    let refund = refunding(&till, &hold, "20", false).await?;
    till.desk.press_close(tab).await?;
    let look = till.desk.look(tab, &refund.seen, None).await?;
    assert!(look.changes[0].starts_with("This tab was closed at"), "{look:?}");
    let refused = till.desk.act(OperationKind::Refund, refund).await;
    assert_eq!(refused.err().map(|error| error.code), Some(ErrorCode::Changed));
    assert_eq!(till.requests("POST", "/refunds").await?, 0);
    Ok(())
}

/// The request never left, and the tab was closed: nobody would see the hold that “Send again” asks for.
#[tokio::test]
async fn a_request_that_never_left_is_not_sent_again_on_a_tab_that_is_closed() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "50", "50").await?;
    take(&till, tab, "50", "0", "0").await?;
    till.wire.befall(holdfast_tests::recorder::Mishap::Unplugged);
    till.desk.press_more(tab, "30").await?;
    let unsent = newest(&till, tab).await?;
    till.desk.press_close(tab).await?;
    let refused = till.desk.retry_open(unsent.id).await;
    assert_eq!(refused.err().map(|error| error.code), Some(ErrorCode::NotAllowed));
    assert_eq!(till.requests("POST", "/payment-intents").await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_tab_is_not_closed_by_what_was_seen_before_a_drink_was_added() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "50", "50").await?;
    take(&till, tab, "50", "0", "0").await?;
    let seen = till.desk.tab(tab).await?.seen;
    till.desk.add_line(tab, None, 1, "8").await?;
    let refused = till
        .desk
        .close_tab(tab, &seen)
        .await
        .err()
        .context("it was closed")?;
    assert_eq!(refused.code, ErrorCode::Changed);
    assert!(refused.message.contains("stays open"), "{}", refused.message);
    assert_eq!(till.desk.tab(tab).await?.closed_at, None);
    // Once a person has seen it, it can be closed unpaid.
    till.desk.press_close(tab).await?;
    assert!(till.desk.tab(tab).await?.closed_at.is_some());
    Ok(())
}
