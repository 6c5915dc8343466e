//! Days pass: the warnings, and what Dojo does by itself.

use crate::look::look;
use crate::{id, training};
use anyhow::{Result, ensure};

#[tokio::test]
async fn five_days_warn_and_seven_days_are_the_end() -> Result<()> {
    let window = training().await?;
    window.press("[data-name='Booth 2, Example party']").await?;
    window.see(&id("take")).await?;
    window.press(&id("screen-settings")).await?;
    window.shot("settings").await?;
    window.press(&id("wind-5d")).await?;
    window.press(&id("screen-floor")).await?;
    window
        .reads(&id("banners"), "Holds on 4 tabs expire soon. Starting with ")
        .await?;
    window
        .see("[data-testid='banner'][data-code='deadline'].warn")
        .await?;
    window
        .reads(
            "[data-name='Stool 4, Made-up'] .chip",
            "Link expired, card not added",
        )
        .await?;
    look(&window, "warning", "1366").await?;
    window.shot("warning").await?;
    window.press(&id("screen-settings")).await?;
    window.press(&id("wind-1d")).await?;
    window.press(&id("wind-1d")).await?;
    window.press(&id("screen-floor")).await?;
    window
        .reads("[data-name='Booth 2, Example party'] .chip", "Expired")
        .await?;
    window.press("[data-name='Booth 2, Example party']").await?;
    window
        .reads(&id("lapsed"), "£118.50 of the bill isn’t covered")
        .await?;
    window.shot("expired").await?;
    ensure!(window.count(&id("take")).await? == 0, "nothing offers to take it");
    window.press(&id("part-holds")).await?;
    ensure!(
        window.count(&id("do-release")).await? == 0,
        "nothing offers to release it"
    );
    Ok(())
}
