//! What is done while a ledger is checked behind the open window, and what waits.

use crate::{capture, held};
use anyhow::{Context, Result, ensure};
use holdfast_desk::view::BannerCode;
use holdfast_desk::{Clock, SystemClock};
use holdfast_domain::{Actor, Event, Kind, LineId, OperationKind, OperationState, Personal};
use holdfast_ledger::prelude::*;
use holdfast_ledger::{Note, Restored};
use holdfast_tests::press::Press;
use holdfast_tests::{Till, decide};
use std::fs;
use std::path::Path;
use std::time::Duration;

/// A start must not keep anybody from the money: what a decision rests on is verified with it.
#[tokio::test(flavor = "multi_thread")]
async fn a_decision_does_not_wait_until_the_whole_ledger_was_checked() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till).await?;
    let (till, _held_back) = till.restart_at_once().await?;
    let decided = till.desk.press(capture(&hold, 4_000)).await?;
    ensure!(decided.state == OperationState::Succeeded);
    let told = till.desk.outcome(tab, &[decided]).await?.operations;
    ensure!(told[0].words == "£40.00 was taken.", "{}", told[0].words);
    ensure!(till.requests("POST", "/captures").await? == 1);
    ensure!(
        till.ledger.checking_for() == Some(Duration::ZERO),
        "it has not begun"
    );
    Ok(())
}

/// What stands on the line of a bill.
const LINE: &str = "Rhubarb soda";

/// Changes a line's id in the file: only the check of the whole comes by there.
fn spoil(folder: &Path, line: LineId) -> Result<()> {
    let path = folder.join("ledger.db");
    let mut bytes = fs::read(&path)?;
    let id = line.0.as_bytes();
    let found = bytes.windows(id.len()).position(|part| part == id);
    bytes[found.context("it is not in the file")?] ^= 1;
    Ok(fs::write(path, bytes)?)
}

/// What was decided on sound rows before the harm was found is at Dojo, and the backup knows nothing of it.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_before_harm_was_found_is_told_after_the_restore() -> Result<()> {
    let till = Till::open().await?;
    let (harmed, _) = held(&till).await?;
    till.desk.add_line(harmed, Some(LINE.to_owned()), 1, "3").await?;
    let line = till.ledger.lines(harmed).await?.pop().context("no line")?.id;
    let back = decide(&till.hold(harmed).await?, OperationKind::Reversal, 0);
    ensure!(till.desk.press(back).await?.state == OperationState::Succeeded);
    till.desk.press_close(harmed).await?;
    let (tab, hold) = held(&till).await?;
    till.ledger.back_up(SystemClock.now(), None).await?;
    let (till, check_gate) = till.restart_at_once_after(|folder| spoil(folder, line)).await?;
    let take = capture(&hold, 4_000);
    let decided = till.desk.press(take.clone()).await?;
    ensure!(decided.state == OperationState::Succeeded);
    let opened = till.opened(Kind::Tab, "Meanwhile", "20").await?;
    drop(check_gate);
    ensure!(till.ledger.checked().await.is_err(), "nobody noticed");
    let refused = till.desk.press(capture(&hold, 500)).await;
    ensure!(
        refused.is_err(),
        "it was decided on a ledger in which harm was found"
    );
    ensure!(
        till.requests("POST", "/captures").await? == 1,
        "nothing more was sent"
    );

    let till = till.restart().await?;
    let banners = till.desk.floor().await?.banners;
    ensure!(
        banners.iter().any(|banner| banner.code == BannerCode::Restored),
        "{banners:?}"
    );
    ensure!(till.desk.press(take).await.is_err(), "it would be sent twice");
    ensure!(till.ledger.tab(opened).await.is_err(), "the backup knew of it");
    till.desk.sweep().await?;
    ensure!(
        till.ledger.hold(hold.id).await?.captured() == 4_000,
        "Dojo tells of it"
    );
    ensure!(till.desk.tab(tab).await?.row.left.minor == 1_000);
    ensure!(
        till.ledger.tab(opened).await.is_ok(),
        "Dojo tells of this one too"
    );
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
    let banner = floor
        .banners
        .iter()
        .find(|banner| banner.code == BannerCode::Restored);
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
        till.ledger.checking_for() == Some(Duration::ZERO),
        "it has not begun"
    );
    drop(check_gate);
    till.ledger.checked().await?;
    ensure!(till.ledger.checking_for().is_none());
    Ok(())
}
