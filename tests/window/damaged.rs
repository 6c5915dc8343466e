//! A ledger that came to harm where nothing is open: the floor is up before anybody knows.

use crate::browser::Window;
use crate::id;
use anyhow::{Context, Result, ensure};
use holdfast_desk::{Clock, SystemClock};
use holdfast_ledger::prelude::*;
use holdfast_ledger_sqlite::SqliteLedger;
use holdfast_tests::house::House;
use serde_json::json;
use std::path::Path;

/// A training ledger with tabs open and closed, one of which is not as it was written.
async fn spoilt(data: &Path, has_backup: bool) -> Result<()> {
    let folder = data.join("training");
    let house = House {
        open: 3,
        closed: 40,
        after: 0,
    };
    let ledger = SqliteLedger::open(&folder)?;
    house.fill(&ledger, SystemClock.now()).await?;
    if has_backup {
        ledger.back_up(SystemClock.now(), None).await?;
    }
    drop(ledger);
    std::fs::write(data.join("mode"), "training")?;
    let changed = rusqlite::Connection::open(folder.join("ledger.db"))?.execute(
        "UPDATE tab SET opened_by = 'somebody else'
          WHERE id = (SELECT max(id) FROM tab WHERE closed_at IS NOT NULL)",
        [],
    )?;
    ensure!(changed == 1, "there is nothing closed");
    Ok(())
}

/// The folders in which what was damaged is kept.
fn kept(data: &Path) -> Result<usize> {
    let names = std::fs::read_dir(data.join("training"))?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    Ok(names.filter(|name| name.starts_with("damaged-")).count())
}

#[tokio::test]
async fn damage_that_is_found_behind_the_open_window_is_made_good_and_said() -> Result<()> {
    let window = Window::open_prepared(&[], async |data| spoilt(data, true).await).await?;
    window
        .reads(
            "[data-testid='banner'][data-code='restored']",
            "A backup was restored",
        )
        .await?;
    window.reads(&id("open-count"), "3").await?;
    ensure!(kept(&window.data)? == 1, "the former ledger is kept");
    let cut = "const cards = [...document.querySelectorAll('.row .card')]; \
               return cards.filter(card => card.scrollWidth > card.clientWidth).length";
    ensure!(
        window.script(cut, json!([])).await? == 0,
        "a card’s last digits are cut off"
    );
    window.shot("damaged").await?;
    // The window goes on with the ledger that is there now.
    window.press(&id("new-tab")).await?;
    window.fill(&id("field-name"), "After the damage").await?;
    window.fill(&id("field-amount"), "80").await?;
    window.press(&id("open-hold")).await?;
    window.see(&id("link")).await
}

#[tokio::test]
async fn damage_without_a_backup_ends_with_words_that_say_what_to_do() -> Result<()> {
    let window = Window::open_prepared(&[], async |data| spoilt(data, false).await).await?;
    window.reads(&id("notice"), "There is no good backup").await?;
    window.shot("damaged-for-good").await?;
    let name = window.data.file_name().context("no folder")?;
    ensure!(
        window
            .text(&id("notice"))
            .await?
            .contains(&*name.to_string_lossy()),
        "where the file is"
    );
    ensure!(kept(&window.data)? == 0, "nothing was moved");
    Ok(())
}
