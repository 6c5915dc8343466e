//! What waits while a ledger is looked through behind the open window, and what does not.

use crate::{capture, held};
use anyhow::{Result, ensure};
use holdfast_desk::{Clock, SystemClock};
use holdfast_domain::{OperationState, TabId};
use holdfast_ledger::{Ledger, Note, Restored};
use holdfast_tests::Till;
use std::time::Duration;
use uuid::Uuid;

/// So much is written on a tab that was put away that looking through all of it takes longer than anything else here.
const LONG: usize = 1_000_000;
const ENTRIES: usize = 300;

async fn write_much(till: &Till) -> Result<()> {
    let (tab, words) = (TabId(Uuid::now_v7()), "a long story ".repeat(LONG / 13));
    for number in 0..ENTRIES {
        let note = Note {
            at: SystemClock.now(),
            by: "Sam".to_owned(),
            tab: Some(tab),
            words: words.clone(),
            amount: None,
            reference: None,
            raises: None,
        };
        let number = number.to_string();
        till.ledger.set_setting("told", &number, note).await?;
    }
    Ok(())
}

/// Or there was nothing to wait for.
fn is_being_checked(till: &Till) -> Result<()> {
    ensure!(till.ledger.being_checked().is_some(), "the check is over already");
    Ok(())
}

/// An answer of Dojo's that was read before the wait would be old by the time that anything is decided on it: what
/// somebody takes elsewhere meanwhile would count as ours.
#[tokio::test(flavor = "multi_thread")]
async fn a_decision_asks_dojo_when_the_ledger_has_been_looked_through_and_not_before() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till).await?;
    write_much(&till).await?;
    let till = till.restart_at_once().await?;
    let asked = till.wire.exchanges().len();
    let desk = till.desk.clone();
    let deciding = tokio::spawn(async move { desk.operate(capture(&hold, 4_000)).await });
    ensure!(
        till.desk.tab(tab).await?.row.left.minor == 5_000,
        "it can be looked at"
    );
    is_being_checked(&till)?;
    loop {
        let now = till.wire.exchanges().len();
        if till.ledger.being_checked().is_none() {
            break;
        }
        ensure!(now == asked, "Dojo was asked while the ledger was looked through");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    ensure!(deciding.await??.state == OperationState::Succeeded);
    ensure!(till.requests("POST", "/captures").await? == 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_restore_the_floor_is_there_before_all_of_it_was_looked_through() -> Result<()> {
    let till = Till::open().await?;
    held(&till).await?;
    write_much(&till).await?;
    let restored = Restored {
        at: SystemClock.now(),
        knows_until: None,
        backup: Some("ledger.db".to_owned()),
        set_aside: None,
        read_again_at: None,
    };
    let note = Note {
        at: restored.at,
        by: "Sam".to_owned(),
        tab: None,
        words: "A backup was put back".to_owned(),
        amount: None,
        reference: None,
        raises: None,
    };
    till.ledger.set_restored(&restored, note).await?;
    let till = till.restart_at_once().await?;
    let floor = till.desk.floor().await?;
    is_being_checked(&till)?;
    ensure!(floor.open_count == 1);
    let banner = floor.banners.iter().find(|banner| banner.code == "restored");
    ensure!(banner.is_some_and(|banner| banner.words.contains("amounts may be old")));
    Ok(())
}
