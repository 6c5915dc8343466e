//! Putting a backup in the ledger's place: what would change is said first, Dojo is asked after.

use crate::{Setup, say};
use anyhow::{Result, bail};
use holdfast_desk::{Clock, RESTORE_CONSEQUENCES, SystemClock, describe_loss};
use holdfast_ledger::LedgerError;
use holdfast_ledger::prelude::*;
use holdfast_ledger_sqlite::{LedgerHome, Opening};
use holdfast_sealed_copy::Phrase;
use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;

pub(crate) async fn run(setup: &Setup, name: &str, yes: bool, json: bool) -> Result<()> {
    // The ledger is opened as it is: a damaged one must not be restored from another backup first.
    let home = LedgerHome::at(&setup.folder);
    let brought;
    let name = if name.ends_with(".age") {
        brought = home.bring_back(PathBuf::from(name), phrase()?).await?.name;
        brought.as_str()
    } else {
        name
    };
    match home.open(Opening::AsItIs, SystemClock.now()).await {
        Ok(opened) => {
            eprintln!("{name}: {}", describe_loss(opened.ledger.newer_than(name).await?));
            for sentence in RESTORE_CONSEQUENCES {
                eprintln!("{sentence}");
            }
        }
        Err(LedgerError::Damaged(why)) => {
            eprintln!("The ledger that is there can’t be read ({why}). It will be set aside whole.");
        }
        Err(other) => return Err(other.into()),
    }
    if !yes && !is_confirmed()? {
        bail!("nothing was changed");
    }
    let restored = home.restore(name, SystemClock.now()).await?;
    if let Some(folder) = &restored.set_aside {
        eprintln!("The ledger that was there is kept in {folder}.");
    }
    let (desk, _) = setup.open().await?;
    let swept = desk.sweep().await;
    setup.keep_open_tabs(&desk).await;
    match swept {
        Ok(0) => say::rows(&desk.floor().await?.rows, json),
        Ok(unread) => bail!(
            "the backup is in place, but {unread} holds could not be read from Dojo; run `sweep` until none is left"
        ),
        Err(error) => bail!("the backup is in place, but Dojo could not be asked: {error} Run `sweep`."),
    }
}

/// The phrase of an encrypted copy, from standard input: the command line would keep it. A terminal doesn't show it,
/// for it opens every copy from then on, and somebody may scroll back.
fn phrase() -> Result<Phrase> {
    eprint!("Type the 12 words of the recovery phrase (they aren’t shown): ");
    std::io::stderr().flush()?;
    if std::io::stdin().is_terminal() {
        return Ok(Phrase::read(&rpassword::read_password()?)?);
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(Phrase::read(&line)?)
}

fn is_confirmed() -> Result<bool> {
    eprint!("Type yes to go on: ");
    std::io::stderr().flush()?;
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim().eq_ignore_ascii_case("yes"))
}
