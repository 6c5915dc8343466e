//! What Dojo has accepted and not settled: nothing is taken besides, nobody is locked out for good, and what
//! comes after
//! its tab was closed is told.

use crate::decide;
use crate::night_leaves::rows_at_the_end;
use crate::portal::take_in_portal;
use crate::refunds::{due, one_more, refund, sweeps, table, take};
use crate::restore::restored;
use anyhow::{Result, ensure};
use holdfast_desk::{Aside, TakeTyped};
use holdfast_domain::{OperationKind, TabId};
use holdfast_ledger::prelude::*;
use holdfast_tests::Till;
use holdfast_tests::press::Press;
use serde_json::Value;

/// A take in Dojo's portal that Dojo has accepted and not settled.
async fn taking_in_the_portal(till: &Till) -> Result<TabId> {
    till.switch(|s| s.capture_settles_after = 600)?;
    let (tab, hold) = table(till, "100", "40").await?;
    take_in_portal(till, &hold, 4_000).await?;
    let hold = till.hold(tab).await?;
    ensure!(hold.pending() == 4_000, "{hold:?}");
    Ok(tab)
}

async fn is_taken_once(till: &Till, tab: TabId) -> Result<()> {
    till.wind("00:20:00").await?;
    sweeps(till, 1).await?;
    assert_eq!(till.hold(tab).await?.captured(), 4_000, "the bill is £40");
    Ok(())
}

/// Something on the tab may be done, it may be closed, or its decision may be dismissed.
async fn has_way_out(till: &Till, tab: TabId) -> Result<()> {
    let view = till.desk.tab(tab).await?;
    let may = view.holds[0].actions.iter().any(|a| a.allowed);
    let items = till.desk.attention().await?.items;
    let is_decision = |aside: &Option<Aside>| matches!(aside, Some(Aside::Operation(_)));
    let aside = items
        .iter()
        .any(|item| item.tab_id == Some(tab) && is_decision(&item.aside));
    assert!(
        may || aside || view.close_refused.is_none(),
        "{:?} {:?}",
        view.row.state,
        view.close_refused
    );
    Ok(())
}

/// It is seen, and the bill is not taken besides.
#[tokio::test]
async fn what_the_portal_is_taking_is_not_taken_here_as_well() -> Result<()> {
    let till = Till::open().await?;
    let tab = taking_in_the_portal(&till).await?;
    let sheet = till.desk.sheet(tab, TakeTyped::default()).await?;
    drop(till.desk.take(&sheet).await);
    is_taken_once(&till, tab).await
}

/// The same by the night, as it stands.
#[tokio::test]
async fn what_the_portal_is_taking_is_not_taken_by_the_night_as_well() -> Result<()> {
    let till = Till::open().await?;
    let tab = taking_in_the_portal(&till).await?;
    let night = till.desk.night(&[]).await?;
    if night.ready {
        till.desk.close_night(&[], &night.seen()).await?;
        rows_at_the_end(&till).await?;
    }
    is_taken_once(&till, tab).await
}

/// The same from another card.
#[tokio::test]
async fn what_the_portal_is_taking_is_not_taken_from_another_card() -> Result<()> {
    let till = Till::open().await?;
    till.switch(|s| s.capture_settles_after = 600)?;
    let (tab, first) = table(&till, "40", "40").await?;
    one_more(&till, tab, "40").await?;
    take_in_portal(&till, &first, 4_000).await?;
    till.desk.read(first.id).await?;
    let sheet = till.desk.sheet(tab, TakeTyped::default()).await?;
    drop(till.desk.take(&sheet).await);
    till.wind("00:20:00").await?;
    sweeps(&till, 1).await?;
    let mut taken = 0;
    for hold in till.ledger.holds(tab).await? {
        taken += till.desk.read(hold.id).await?.captured();
    }
    assert_eq!(taken, 4_000, "the bill is £40");
    Ok(())
}

/// A take in the portal that is still being settled when the rest of the bill is worked out after a restore.
#[tokio::test]
async fn after_a_restore_a_take_that_dojo_is_settling_is_not_taken_again() -> Result<()> {
    let till = Till::open().await?;
    till.switch(|s| s.capture_settles_after = 600)?;
    let (tab, _) = table(&till, "100", "40").await?;
    till.desk.back_up().await?;
    let sheet = till.desk.sheet(tab, TakeTyped::default()).await?;
    till.desk.take(&sheet).await?;
    let till = restored(till).await?;
    till.desk.sweep().await?;
    let night = till.desk.night(&[]).await?;
    if night.ready {
        till.desk.close_night(&[], &night.seen()).await?;
        rows_at_the_end(&till).await?;
    }
    is_taken_once(&till, tab).await
}

/// Dojo calls a take by a word that this version doesn't know, for good: staff aren't locked out for good.
#[tokio::test]
async fn a_take_in_a_state_that_this_version_does_not_know_has_a_way_out() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "100", "40").await?;
    till.wire.rewrite(|_, body| {
        let change = |intent: &mut Value| {
            let captures = intent.get_mut("captures").and_then(Value::as_array_mut);
            for capture in captures.into_iter().flatten() {
                capture["status"] = "Settled".into();
            }
        };
        match body.get_mut("data").and_then(Value::as_array_mut) {
            Some(page) => page.iter_mut().for_each(change),
            None => change(body),
        }
    });
    till.desk.press_take(tab, TakeTyped::default()).await?;
    till.wind("9.00:00:00").await?;
    sweeps(&till, 5).await?;
    has_way_out(&till, tab).await
}

/// A refund that Dojo accepted and never does: the tab isn't open for ever, and the guest can be paid back.
#[tokio::test]
async fn a_refund_that_dojo_accepted_and_never_does_has_a_way_out() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "40", "40").await?;
    take(&till, tab, "40", "0", "0").await?;
    till.fault_after("refunds", "refund-later", 90 * 24 * 3_600)
        .await?;
    drop(refund(&till, &hold, ["10", "", ""], false).await);
    till.wind("9.00:00:00").await?;
    sweeps(&till, 5).await?;
    has_way_out(&till, tab).await
}

/// A lost take that comes after its tab was closed is seen.
#[tokio::test]
async fn a_lost_take_that_comes_after_its_tab_was_closed_is_told() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "100", "40").await?;
    take(&till, tab, "40", "0", "0").await?;
    till.desk.add_line(tab, None, 1, "10").await?;
    till.fault_after("captures", "late", 1_800).await?;
    till.desk
        .press(decide(&hold, OperationKind::Capture, 1_000))
        .await?;
    sweeps(&till, 4).await?;
    till.desk
        .take_off(tab, till.ledger.lines(tab).await?[1].id)
        .await?;
    for item in till.desk.attention().await?.items {
        if let Some(Aside::Operation(id)) = item.aside {
            till.desk.put_aside(id).await?;
        }
    }
    till.desk.press_close(tab).await?;
    till.wind("00:30:00").await?;
    sweeps(&till, 2).await?;
    till.desk.reconcile_recent().await?;
    let held = till.ledger.holds(tab).await?.remove(0);
    let items = till.desk.attention().await?.items;
    assert!(
        items.iter().any(|item| item.tab_id == Some(tab)),
        "taken {}: {items:?}",
        held.captured()
    );
    Ok(())
}

/// A take that fails after its tab was closed is seen.
#[tokio::test]
async fn a_take_that_fails_after_its_tab_was_closed_is_told() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "50", "50").await?;
    take(&till, tab, "50", "0", "0").await?;
    till.desk.press_close(tab).await?;
    till.wire.rewrite(|_, body| {
        let fail = |intent: &mut Value| {
            let captures = intent.get_mut("captures").and_then(Value::as_array_mut);
            for capture in captures.into_iter().flatten() {
                capture["status"] = "Failed".into();
            }
        };
        match body.get_mut("data").and_then(Value::as_array_mut) {
            Some(page) => page.iter_mut().for_each(fail),
            None => fail(body),
        }
    });
    till.wind("1.00:00:00").await?;
    till.desk.reconcile_recent().await?;
    sweeps(&till, 4).await?;
    let owed = due(&till, tab).await?;
    let items = till.desk.attention().await?.items;
    assert!(
        items.iter().any(|item| item.tab_id == Some(tab)),
        "due {owed}, and nobody is told"
    );
    Ok(())
}
