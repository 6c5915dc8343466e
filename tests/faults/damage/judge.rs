//! What is right after a file came to harm.

use super::world::{World, said};
use anyhow::{Context, Result, bail, ensure};
use holdfast_desk::view::BannerCode;
use holdfast_desk::{Clock, SystemClock};
use holdfast_ledger::prelude::*;
use holdfast_ledger::{LedgerError, Restored};
use holdfast_ledger_sqlite::{Opened, SqliteLedger};
use std::fs;
use std::path::Path;

/// What is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    /// Nothing changed, or it was noticed.
    Safe,
    /// That, or it is taken for a newer version's.
    SafeOrNewer,
    /// It was noticed and made good.
    Known,
    /// Nothing is begun, nothing is touched.
    Refused,
}

/// What became of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Harmless,
    Restored,
    Deep,
    Refused,
}

/// The ledger's file and its log, as they lie in a folder.
pub(super) type Files = [Option<Vec<u8>>; 2];

pub(super) fn files(folder: &Path) -> Files {
    ["ledger.db", "ledger.db-wal"].map(|name| fs::read(folder.join(name)).ok().filter(|b| !b.is_empty()))
}

/// Opens what lies in `folder` and says what became of it, or what is wrong with that.
pub(super) async fn judge(
    world: &World,
    folder: &Path,
    expected: Expected,
    is_deep: bool,
) -> Result<Verdict> {
    let before = files(folder);
    match SqliteLedger::open_or_restore(folder, SystemClock.now()) {
        Ok(opened) if expected != Expected::Refused => {
            opened_well(world, opened, expected, is_deep, &before).await
        }
        Ok(_) => bail!("it was opened"),
        Err(error) => {
            let may_be = match error {
                LedgerError::Newer { .. } => matches!(expected, Expected::SafeOrNewer | Expected::Refused),
                LedgerError::Damaged(_) => expected == Expected::Refused,
                _ => false,
            };
            ensure!(may_be, "{error}");
            ensure!(files(folder) == before, "it was touched");
            Ok(Verdict::Refused)
        }
    }
}

async fn opened_well(
    world: &World,
    opened: Opened,
    expected: Expected,
    is_deep: bool,
    before: &Files,
) -> Result<Verdict> {
    let now_said = said(&opened.ledger).await?;
    let Some(restored) = opened.restored else {
        ensure!(expected != Expected::Known, "nobody noticed");
        ensure!(Some(&now_said) == world.said_by(None), "other figures, unnoticed");
        return Ok(Verdict::Harmless);
    };
    if let Some(name) = &restored.backup {
        let of_backup = world.said_by(Some(name)).context("a strange backup")?;
        // The note that it was put back is in no tab's history.
        ensure!(&now_said == of_backup, "other figures than the backup’s");
        let aside = restored.set_aside.as_ref().context("nothing was set aside")?;
        ensure!(&files(Path::new(aside)) == before, "it was not set aside whole");
    }
    let is_older_file = restored.backup.is_none();
    told_and_read(world, opened.ledger, &restored, is_deep || is_older_file).await
}

/// Staff are told; after the sweep every figure is Dojo's.
async fn told_and_read(
    world: &World,
    ledger: SqliteLedger,
    restored: &Restored,
    is_deep: bool,
) -> Result<Verdict> {
    let (desk, ledger) = world.desk(ledger)?;
    let banners = desk.floor().await?.banners;
    ensure!(
        banners.iter().any(|b| b.code == BannerCode::Restored),
        "staff are not told"
    );
    if !is_deep {
        return Ok(Verdict::Restored);
    }
    let unread = desk.sweep().await?;
    ensure!(unread == 0, "{unread} holds could not be read");
    world
        .compare(ledger.as_ref())
        .await
        .with_context(|| format!("after {restored:?}"))?;
    let again = ledger.restored().await?.context("it was forgotten")?;
    ensure!(again.read_again_at.is_some(), "the reading was not noted");
    ledger.verify_journal().await?;
    Ok(Verdict::Deep)
}
