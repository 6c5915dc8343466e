//! A full house.

use crate::browser::Window;
use crate::id;
use anyhow::{Result, ensure};
use holdfast_tests::crowd;
use serde_json::json;

const END: &str = "\u{e010}";
const HOME: &str = "\u{e011}";
const DOWN: &str = "\u{e015}";

/// As a wheel does.
async fn scroll_to_the_end(window: &Window) -> Result<()> {
    let script =
        "const list = document.querySelector(\"[data-testid='list']\"); list.scrollTop = list.scrollHeight";
    window.script(script, json!([])).await.map(drop)
}

/// Rows that somebody can reach.
const ROW: &str = "[data-testid='list'] [data-testid='row']";

async fn newest_first(window: &Window, newest: usize) -> Result<()> {
    window.paste(&id("order"), "newest").await?;
    let first = format!("[data-testid='list'] .head + [data-name='Guest {newest}']");
    window.see(&first).await.map(drop)
}

async fn all_of_them(window: &Window, number: u64) -> Result<()> {
    window
        .until("the last of them", async || {
            Ok((window.count(ROW).await? == number).then_some(()))
        })
        .await
}

#[tokio::test]
async fn two_hundred_open_tabs_are_all_there_and_found_by_name() -> Result<()> {
    let window = Window::open_prepared(&[], async |data| crowd(&data.join("training"), 200).await).await?;
    window.press(&id("choose-training")).await?;
    window.reads(&id("open-count"), "200").await?;
    newest_first(&window, 200).await?;
    all_of_them(&window, 200).await?;
    window.shot("crowd").await?;
    scroll_to_the_end(&window).await?;
    window.press("[data-name='Guest 1']").await?;
    window.reads(&id("panel"), "Guest 1").await?;
    window.fill(&id("search"), "guest 137").await?;
    // At every key there is an answer; the last one counts.
    window.reads(&id("found"), "1 open for “guest 137”").await?;
    ensure!(window.count(ROW).await? == 1);
    window.press("[data-name='Guest 137']").await?;
    window.reads(&id("panel"), "Guest 137").await?;
    // The floor lay under what was found, and stands where it stood.
    window.press(&id("search-clear")).await?;
    all_of_them(&window, 200).await?;
    window.press("[data-name='Guest 1']").await?;
    window.reads(&id("panel"), "Guest 1").await
}

#[tokio::test]
async fn the_end_of_a_long_list_is_one_key_away_and_so_is_its_beginning() -> Result<()> {
    let window = Window::open_prepared(&[], async |data| crowd(&data.join("training"), 150).await).await?;
    window.press(&id("choose-training")).await?;
    window.reads(&id("open-count"), "150").await?;
    newest_first(&window, 150).await?;
    all_of_them(&window, 150).await?;
    window.keys(END).await?;
    window.has_focus("[data-name='Guest 1']").await?;
    window.reads(&id("panel"), "Guest 1").await?;
    window.keys(HOME).await?;
    window.has_focus("[data-name='Guest 150']").await?;
    // Past the rows that come first.
    for number in (90..150).rev() {
        window.keys(DOWN).await?;
        window.has_focus(&format!("[data-name='Guest {number}']")).await?;
    }
    Ok(())
}
