//! The same files under a window that is up, and works with them, before they were checked whole.

use super::judge::{Files, Verdict, files};
use super::world::World;
use anyhow::{Context, Result, ensure};
use holdfast_desk::view::BannerCode;
use holdfast_desk::{Clock, SystemClock};
use holdfast_domain::{Actor, Event, Personal, TabId};
use holdfast_ledger::prelude::*;
use holdfast_ledger::{ClosedFilter, LedgerError, Note};
use holdfast_ledger_sqlite::SqliteLedger;
use std::path::Path;

/// Opens what lies in `folder` as the app does, of which the check of the whole says `verdict`. Whether harm was
/// found only when the window was up.
pub(super) async fn judge(world: &World, folder: &Path, verdict: Verdict) -> Result<bool> {
    let before = files(folder);
    let opened = match SqliteLedger::open_staged(folder, SystemClock.now()) {
        Ok(opened) => opened,
        Err(error) => {
            ensure!(verdict == Verdict::Refused, "refused at once: {error}");
            return Ok(false);
        }
    };
    if opened.restored.is_some() {
        ensure!(
            matches!(verdict, Verdict::Restored | Verdict::Deep),
            "it was restored at once"
        );
        return Ok(false);
    }
    let ledger = opened.ledger;
    all_shown_is_true(world, &ledger).await?;
    let has_written = written(&ledger).await?;
    drop(opened.check_gate);
    match ledger.checked().await {
        Ok(()) => {
            ensure!(verdict == Verdict::Harmless, "nobody noticed: {verdict:?}");
            Ok(false)
        }
        Err(LedgerError::Damaged(_)) => {
            ensure!(verdict != Verdict::Harmless, "called damaged");
            let backed_up = ledger.back_up(SystemClock.now(), None).await;
            ensure!(backed_up.is_err(), "it was backed up");
            ensure!(written(&ledger).await?.is_none(), "it was written all the same");
            drop(ledger);
            let after = files(folder);
            ensure!(after[0] == before[0], "it was touched");
            ensure!(has_written.is_some() || after == before, "its log was touched");
            set_aside_and_told(world, folder, verdict, &after).await?;
            Ok(true)
        }
        Err(error) => Err(error.into()),
    }
}

/// What can't be read is not shown; what is shown is as it was written, closed tabs too.
async fn all_shown_is_true(world: &World, ledger: &SqliteLedger) -> Result<()> {
    let full = world.said_by(None).map_or("", String::as_str);
    let is_true = |shown: String| {
        ensure!(full.contains(&shown), "shown at once, and not so: {shown}");
        Ok(())
    };
    let open = ledger.open_accounts(1_000).await;
    let closed = ledger.closed_accounts(ClosedFilter::default(), None, 1_000).await;
    for account in [open, closed].into_iter().flatten().flatten() {
        is_true(format!("{:?}\n", account.tab))?;
        for line in account.lines {
            is_true(format!("{line:?}"))?;
        }
        for (hold, operations) in account.holds {
            is_true(format!("{hold:?}\n"))?;
            for operation in operations {
                is_true(format!("{operation:?}"))?;
            }
        }
    }
    Ok(())
}

/// Writes on the first open tab, which is sound or refused: that tab.
async fn written(ledger: &SqliteLedger) -> Result<Option<TabId>> {
    let Some(tab) = ledger.tabs(true, 1).await.unwrap_or_default().pop() else {
        return Ok(None);
    };
    let note = Note {
        at: SystemClock.now(),
        by: Actor::staff("Sam"),
        tab: Some(tab.id),
        event: Event::TabOpened,
        personal: Personal::default(),
        reference: None,
        raises: None,
    };
    match ledger.set_tab(&tab, note).await {
        Ok(()) => Ok(Some(tab.id)),
        Err(LedgerError::NotSound | LedgerError::Damaged(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Opened again, it is kept whole with what was written, and staff are told that a backup knows less.
async fn set_aside_and_told(world: &World, folder: &Path, verdict: Verdict, found: &Files) -> Result<()> {
    let opened = match SqliteLedger::open_or_restore(folder, SystemClock.now()) {
        Ok(opened) => opened,
        Err(error) => {
            ensure!(verdict == Verdict::Refused, "not made good: {error}");
            return Ok(());
        }
    };
    let restored = opened.restored.context("nobody noticed the second time")?;
    let aside = restored.set_aside.context("nothing was set aside")?;
    ensure!(&files(Path::new(&aside)) == found, "it was not set aside whole");
    let (desk, _) = world.desk(opened.ledger)?;
    let banners = desk.floor().await?.banners;
    ensure!(
        banners.iter().any(|b| b.code == BannerCode::Restored),
        "staff are not told"
    );
    Ok(())
}
