//! The end of the night, in the window.

use crate::browser::Window;
use crate::look::look;
use crate::{id, training};
use anyhow::Result;
use holdfast_tests::crowd;

fn row(name: &str, test_id: &str) -> String {
    format!("[data-testid='night-row'][data-name='{name}'] [data-testid='{test_id}']")
}

#[tokio::test]
async fn the_night_is_closed_with_one_confirm() -> Result<()> {
    let window = training().await?;
    window.keys("\u{e038}").await?;
    window
        .reads(
            &id("night-sentence"),
            "Take £242.10 from 3 tabs, leave 2 tabs open.",
        )
        .await?;
    window.paste(&row("Table 5, Sample", "night-tip"), "3.80").await?;
    window
        .reads(&id("night-sentence"), "Take £245.90 from 3 tabs")
        .await?;
    window
        .paste(&row("Stool 4, Made-up", "night-action"), "cancel")
        .await?;
    window
        .reads(&id("night-sentence"), "cancel 1 unpaid request, leave 1 tab open")
        .await?;
    window
        .paste(&row("Table 9, Pretend", "night-bill"), "1000")
        .await?;
    window
        .reads(&id("night-list"), "£92.40 is due and £100.00 is on hold")
        .await?;
    window.shot("night").await?;
    window
        .paste(&row("Table 9, Pretend", "night-bill"), "92.40")
        .await?;
    window.see(&format!("{}:enabled", id("night-close"))).await?;
    window.press(&id("night-close")).await?;
    window.shot("night-confirm").await?;
    window.press(&id("night-confirm")).await?;
    window
        .gone("[data-testid='night-row'][data-name='Table 9, Pretend']")
        .await?;
    window
        .gone("[data-testid='night-row'][data-name='Stool 4, Made-up']")
        .await?;
    window.press(&id("screen-floor")).await?;
    window.reads(&id("open-count"), "1").await?;
    window.press(&id("screen-history")).await?;
    window.reads("[data-name='Table 5, Sample']", "£35.00").await
}

#[tokio::test]
async fn stopped_in_the_middle_it_goes_on_after_a_restart() -> Result<()> {
    let prepare = async |data: &std::path::Path| crowd(&data.join("training"), 60).await;
    let mut window = Window::open_prepared(&[], prepare).await?;
    window.press(&id("choose-training")).await?;
    window.reads(&id("open-count"), "60").await?;
    window.press(&id("screen-night")).await?;
    window
        .reads(&id("night-sentence"), "Release £6,000.00 on 60 tabs.")
        .await?;
    window.press(&id("night-close")).await?;
    window.press(&id("night-confirm")).await?;
    window.press(&id("night-stop")).await?;
    window.reads(&id("run-words"), "was interrupted").await?;
    window.shot("night-interrupted").await?;
    window.restart().await?;
    window.press(&id("screen-night")).await?;
    window.press(&id("night-go-on")).await?;
    window.reads("main", "No tabs open.").await
}

#[tokio::test]
async fn service_for_all_is_one_press_and_the_columns_add_up_to_the_foot() -> Result<()> {
    let window = training().await?;
    window.press(&id("screen-night")).await?;
    window.see(&id("service-all")).await?;
    window.press(&id("service-all")).await?;
    // 12.5 % of £31.20 and of £118.50 in training's own bills; of £92.40 the hold has room for £7.60 of it.
    window
        .reads("[data-testid='night-row'][data-name='Table 5, Sample']", "£35.10")
        .await?;
    window
        .reads(
            "[data-testid='night-row'][data-name='Table 9, Pretend']",
            "£100.00",
        )
        .await?;
    window
        .reads(
            "[data-testid='night-row'][data-name='Booth 2, Example party']",
            "£133.31",
        )
        .await?;
    window.reads(&id("night-foot"), "£242.10").await?;
    window.reads(&id("night-foot"), "£268.41").await?;
    window.reads(&id("night-foot"), "£268.41").await?;
    window.shot("night-service").await?;
    window.press(&id("night-close")).await?;
    window.reads("dialog", "£268.41").await?;
    window.press(&id("night-confirm")).await?;
    window
        .gone("[data-testid='night-row'][data-name='Booth 2, Example party']")
        .await?;
    // The names in the run's table are for a finger too.
    window.press(&id("run-all")).await?;
    window.see(&id("run-table")).await?;
    look(&window, "night-run", "1366").await
}
