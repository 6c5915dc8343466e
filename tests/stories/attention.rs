//! What waits for a person: told with what was asked, what Dojo shows and one step that can do no harm.

use crate::{decide, held};
use anyhow::{Context, Result};
use holdfast_desk::view::StateCode;
use holdfast_desk::{ErrorCode, Item, NextKind, TakeTyped};
use holdfast_domain::{Action, Hold, Kind, Operation, OperationKind, OperationState};
use holdfast_ledger::prelude::*;
use holdfast_tests::press::Press;
use holdfast_tests::{KEY, Till};

async fn quiet_minutes(till: &Till) -> Result<()> {
    for _ in 0..3 {
        till.wind("00:03:00").await?;
        till.desk.sweep().await?;
    }
    Ok(())
}

async fn codes(till: &Till) -> Result<Vec<StateCode>> {
    let items = till.desk.attention().await?.items;
    Ok(items.iter().map(|item| item.state.code).collect())
}

async fn only(till: &Till) -> Result<Item> {
    let mut items = till.desk.attention().await?.items;
    anyhow::ensure!(items.len() == 1, "{items:?}");
    items.pop().context("nothing")
}

/// A take whose request is lost on the way.
async fn lost(till: &Till, hold: &Hold, amount: i64) -> Result<Operation> {
    till.fault("captures", "reset-before").await?;
    let lost = till
        .desk
        .press(decide(hold, OperationKind::Capture, amount))
        .await?;
    anyhow::ensure!(lost.state == OperationState::Unknown, "{lost:?}");
    Ok(lost)
}

#[tokio::test]
async fn an_unclear_take_says_what_was_asked_and_what_dojo_shows_and_locks_the_hold() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till).await?;
    let operation = lost(&till, &hold, 1_000).await?;
    let item = only(&till).await?;
    assert_eq!(item.state.code, StateCode::Unclear);
    assert_eq!(item.asked.as_deref(), Some("Take £10.00, by Sam"));
    assert_eq!(item.asked_at, Some(operation.at));
    assert_eq!(item.shows.as_deref(), Some("£50.00 on hold, nothing taken"));
    assert!(item.read_at.is_some(), "it was read while the person waited");
    assert!(item.meaning.contains("Don’t try again"), "{item:?}");
    // Why is a sentence of its own.
    assert!(
        item.meaning.starts_with("We got no reply. The ") && !item.meaning.contains('('),
        "{item:?}"
    );
    assert_eq!(item.next.kind, NextKind::AskDojo);
    assert!(item.aside.is_none() && item.locked.is_some(), "{item:?}");
    let refused = till
        .desk
        .put_aside(operation.id)
        .await
        .err()
        .context("it was put aside")?;
    assert_eq!(refused.code, ErrorCode::NotAllowed);

    // However often anybody asks or presses, nothing more is sent, and every action says why not.
    for _ in 0..5 {
        till.desk.read(hold.id).await?;
        let again = till
            .desk
            .press(decide(&hold, OperationKind::Capture, 1_000))
            .await;
        assert!(again.is_err_and(|e| e.code == ErrorCode::NotAllowed && !e.message.is_empty()));
    }
    let view = till.desk.tab(tab).await?;
    assert!(
        view.holds[0]
            .actions
            .iter()
            .all(|a| !a.allowed && a.why.is_some())
    );
    assert_eq!(till.requests("POST", "/captures").await?, 1);
    Ok(())
}

#[tokio::test]
async fn what_simply_went_through_leaves_nothing_to_dismiss() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till).await?;
    let take = till
        .desk
        .press(decide(&hold, OperationKind::Capture, 1_000))
        .await?;
    assert_eq!(take.state, OperationState::Succeeded);
    let refused = till
        .desk
        .put_aside(take.id)
        .await
        .err()
        .context("it was put aside")?;
    assert_eq!(refused.code, ErrorCode::NotAllowed);
    let view = till.desk.tab(tab).await?;
    let shown: Vec<_> = view
        .holds
        .iter()
        .filter_map(|hold| hold.operation.as_ref())
        .collect();
    assert!(shown.iter().all(|o| !o.may_be_put_aside), "{shown:?}");
    Ok(())
}

#[tokio::test]
async fn what_is_not_seen_at_dojo_is_put_aside_by_a_person_and_told_again_when_it_comes_late() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till).await?;
    till.fault_after("captures", "late", 1_800).await?;
    let operation = till
        .desk
        .press(decide(&hold, OperationKind::Capture, 1_000))
        .await?;
    quiet_minutes(&till).await?;
    let item = only(&till).await?;
    assert_eq!(item.state.code, StateCode::Absent);
    assert!(item.meaning.contains("If the first one turns up"), "{item:?}");
    assert_eq!(item.next.kind, NextKind::ShowTab);
    let preview = till.desk.preview_take(tab, &TakeTyped::default()).await?;
    assert!(
        preview.cautions[0].contains("You already tried to take £10.00"),
        "{preview:?}"
    );

    till.desk.put_aside(operation.id).await?;
    till.desk.put_aside(operation.id).await?;
    assert!(codes(&till).await?.is_empty());
    let row = till.desk.tab(tab).await?.row;
    assert!(!row.needs_person && row.state.code == StateCode::Held, "{row:?}");
    let entries = till.desk.tab(tab).await?.history;
    let aside: Vec<_> = entries
        .iter()
        .filter(|e| e.words.starts_with("Dismissed"))
        .collect();
    assert_eq!(aside.len(), 1, "journalled once: {entries:?}");
    assert_eq!(aside[0].by, "Staff");

    let till = till.restart().await?;
    assert!(
        codes(&till).await?.is_empty(),
        "put aside is put aside after a restart too"
    );
    till.wind("00:30:00").await?;
    till.desk.sweep().await?;
    let item = only(&till).await?;
    assert_eq!(item.state.code, StateCode::Late);
    assert_eq!(item.shows.as_deref(), Some("£10.00 taken, £40.00 on hold"));
    assert!(till.desk.tab(tab).await?.row.needs_person);
    till.desk.put_aside(operation.id).await?;
    assert!(codes(&till).await?.is_empty());
    till.ledger.verify_journal().await?;
    Ok(())
}

#[tokio::test]
async fn a_new_decision_takes_the_place_of_one_that_was_not_seen() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till).await?;
    lost(&till, &hold, 1_000).await?;
    quiet_minutes(&till).await?;
    assert_eq!(codes(&till).await?, [StateCode::Absent]);
    let again = till
        .desk
        .press(decide(&hold, OperationKind::Capture, 1_000))
        .await?;
    assert_eq!(again.state, OperationState::Succeeded);
    assert!(codes(&till).await?.is_empty());
    let caution = till.desk.tab(tab).await?.holds[0].caution.clone();
    assert!(caution.is_some(), "it may come late all the same");
    Ok(())
}

#[tokio::test]
async fn what_does_not_match_waits_for_a_person_and_names_the_payment_to_look_for() -> Result<()> {
    let till = Till::open().await?;
    let (_, hold) = held(&till).await?;
    let operation = lost(&till, &hold, 1_000).await?;
    let intent = hold.intent_id.clone().context("no intent")?;
    till.client(KEY)?.capture(&intent, 999, None).await?;
    till.desk.sweep().await?;
    let item = only(&till).await?;
    assert_eq!(item.state.code, StateCode::Conflict);
    assert!(item.meaning.contains(&intent), "{item:?}");
    assert_eq!(item.shows.as_deref(), Some("£9.99 taken, £40.01 on hold"));
    till.desk.put_aside(operation.id).await?;
    assert!(codes(&till).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_request_that_never_left_is_sent_again_by_its_one_next_step() -> Result<()> {
    let till = Till::open().await?;
    till.plug(false)?;
    let tab = till.opened(Kind::Tab, "In the dark", "30").await?;
    let item = only(&till).await?;
    assert_eq!(
        (item.state.code, item.next.kind),
        (StateCode::NotSent, NextKind::SendAgain)
    );
    assert_eq!(item.shows.as_deref(), Some("No request with this reference"));
    till.plug(true)?;
    till.desk.retry_open(item.hold_id.context("no hold")?).await?;
    assert!(codes(&till).await?.is_empty());
    assert_eq!(till.desk.tab(tab).await?.row.state.code, StateCode::Waiting);
    Ok(())
}

#[tokio::test]
async fn a_take_that_stays_pending_and_is_declined_later_is_told_until_somebody_has_seen_it() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till).await?;
    till.fault_after("captures", "capture-declined-later", 300)
        .await?;
    let operation = till
        .desk
        .press(decide(&hold, OperationKind::Capture, 1_000))
        .await?;
    assert_eq!(operation.state, OperationState::Accepted);
    assert!(codes(&till).await?.is_empty(), "a moment is no trouble");
    till.wind("00:03:00").await?;
    till.desk.sweep().await?;
    let item = only(&till).await?;
    assert!(item.locked.is_some() && item.aside.is_none(), "{item:?}");
    assert_eq!(item.state.words, "Take pending");
    till.wind("00:10:00").await?;
    till.desk.sweep().await?;
    let item = only(&till).await?;
    assert_eq!(item.state.code, StateCode::Failed);
    assert!(item.meaning.contains("£50.00 is still on hold"), "{item:?}");
    let may_take = till.desk.tab(tab).await?.holds[0]
        .actions
        .iter()
        .any(|a| a.action == Action::Take && a.allowed);
    assert!(may_take);
    till.desk.put_aside(operation.id).await?;
    assert!(codes(&till).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_tab_that_was_closed_is_told_of_all_the_same() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till).await?;
    lost(&till, &hold, 1_000).await?;
    quiet_minutes(&till).await?;
    let released = till.desk.press(decide(&hold, OperationKind::Reversal, 0)).await?;
    assert_eq!(released.state, OperationState::Succeeded);
    till.desk.press_close(tab).await?;
    assert_eq!(codes(&till).await?, [StateCode::Absent]);
    Ok(())
}
