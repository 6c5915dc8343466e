//! The same files under a window that is up before they were checked whole.

use super::judge::{Verdict, files};
use super::world::World;
use anyhow::{Result, ensure};
use holdfast_desk::{Clock, SystemClock};
use holdfast_ledger::LedgerError;
use holdfast_ledger::prelude::*;
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
    let full = world.said_by(None).map_or("", String::as_str);
    let is_true = |shown: String| {
        ensure!(full.contains(&shown), "shown at once, and not so: {shown}");
        Ok(())
    };
    // A page that can't be read shows nothing; what is shown is as it was written.
    if let Ok(accounts) = ledger.open_accounts(1_000).await {
        for account in accounts {
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
    }
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
            drop(ledger);
            ensure!(files(folder) == before, "it was touched");
            Ok(true)
        }
        Err(error) => Err(error.into()),
    }
}
