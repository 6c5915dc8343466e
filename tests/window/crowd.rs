//! A full house.

use crate::browser::Window;
use crate::id;
use anyhow::{Result, ensure};
use holdfast_tests::crowd;

#[tokio::test]
async fn two_hundred_open_tabs_are_all_there_and_found_by_name() -> Result<()> {
    let window = Window::open_prepared(&[], async |data| crowd(&data.join("training"), 200).await).await?;
    window.press(&id("choose-training")).await?;
    window.reads(&id("open-count"), "200").await?;
    window
        .until("the last of two hundred", async || {
            Ok((window.count(&id("row")).await? == 200).then_some(()))
        })
        .await?;
    window.shot("crowd").await?;
    window.fill(&id("search"), "guest 137").await?;
    // At every key there is an answer; the last one counts.
    window.reads(&id("found"), "1 open for “guest 137”").await?;
    ensure!(window.count(&id("row")).await? == 1);
    window.press("[data-name='Guest 137']").await?;
    window.reads(&id("panel"), "Guest 137").await
}
