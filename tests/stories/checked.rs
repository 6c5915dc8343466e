//! What waits while a ledger is looked through behind the open window, and what does not.

use crate::{capture, held};
use anyhow::{Result, ensure};
use holdfast_desk::{Clock, SystemClock};
use holdfast_domain::{Actor, Event, OperationState, Personal};
use holdfast_ledger::prelude::*;
use holdfast_ledger::{Note, Restored};
use holdfast_tests::Till;
use holdfast_tests::press::Press;
use std::time::Duration;

/// For so long a story watches for what must not happen.
const SOON: Duration = Duration::from_millis(300);

/// An answer of Dojo's that was read before the wait would be old by the time that anything is decided on it: what
/// somebody takes elsewhere meanwhile would count as ours.
#[tokio::test(flavor = "multi_thread")]
async fn a_decision_asks_dojo_when_the_ledger_has_been_looked_through_and_not_before() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till).await?;
    let (till, check_gate) = till.restart_at_once().await?;
    let asked = till.wire.exchanges().len();
    let desk = till.desk.clone();
    let deciding = tokio::spawn(async move { desk.press(capture(&hold, 4_000)).await });
    ensure!(
        till.desk.tab(tab).await?.row.left.minor == 5_000,
        "it can be looked at"
    );
    tokio::time::sleep(SOON).await;
    ensure!(
        till.wire.exchanges().len() == asked,
        "Dojo was asked before the ledger was looked through"
    );
    drop(check_gate);
    let decided = deciding.await??;
    ensure!(decided.state == OperationState::Succeeded);
    let told = till.desk.outcome(tab, &[decided]).await?.operations;
    ensure!(told[0].words == "£40.00 was taken.", "{}", told[0].words);
    ensure!(till.requests("POST", "/captures").await? == 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_restore_the_floor_is_there_before_all_of_it_was_looked_through() -> Result<()> {
    let till = Till::open().await?;
    held(&till).await?;
    let restored = Restored {
        at: SystemClock.now(),
        knows_until: None,
        backup: Some("ledger.db".to_owned()),
        set_aside: None,
        read_again_at: None,
    };
    let note = Note {
        at: restored.at,
        by: Actor::staff("Sam"),
        tab: None,
        event: Event::FoundOlder,
        personal: Personal::default(),
        reference: None,
        raises: None,
    };
    till.ledger.set_restored(&restored, note).await?;
    let (till, _held_back) = till.restart_at_once().await?;
    let floor = till.desk.floor().await?;
    ensure!(floor.open_count == 1);
    let banner = floor.banners.iter().find(|banner| banner.code == "restored");
    ensure!(banner.is_some_and(|banner| banner.words.contains("amounts may be old")));
    Ok(())
}

/// The page asks for all of this before it paints, and the check waits for the paint.
#[tokio::test]
async fn what_a_floor_is_painted_of_waits_for_nothing() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = held(&till).await?;
    let (till, check_gate) = till.restart_at_once().await?;
    let first = async {
        till.desk.settings().await?;
        till.desk.attention().await?;
        till.desk.tab(tab).await?;
        till.desk.is_empty().await?;
        till.desk.floor().await
    };
    let floor = tokio::time::timeout(Duration::from_secs(30), first).await??;
    ensure!(floor.open_count == 1);
    ensure!(
        till.ledger.being_checked() == Some(Duration::ZERO),
        "it has not begun"
    );
    drop(check_gate);
    till.ledger.whole().await?;
    ensure!(till.ledger.being_checked().is_none());
    Ok(())
}
