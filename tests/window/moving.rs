//! Moving a part of a bill to another tab, by keyboard and by finger.

use crate::browser::Window;
use crate::hands::{Finger, Keyboard, key};
use crate::trouble::{asked, held_tab};
use crate::{id, training};
use anyhow::{Result, ensure};
use serde_json::json;

const CTRL: &str = "\u{e009}";

/// Two guests with £100.00 on hold each: Noor with nothing on her bill, and Mia with wine and ale.
async fn two(window: &Window) -> Result<String> {
    held_tab(window, "Noor").await?;
    let base = held_tab(window, "Mia").await?;
    for (what, amount) in [("Wine", "18"), ("Ale", "9.50")] {
        window.fill(&id("line-what"), what).await?;
        window.fill(&id("line-amount"), amount).await?;
        window.press(&id("line-add")).await?;
        window.reads(&id("lines"), what).await?;
    }
    window.reads(&id("bill"), "£27.50").await?;
    Ok(base)
}

/// A picture in each theme.
async fn shots(window: &Window, name: &str) -> Result<()> {
    for theme in ["dark", "light"] {
        let script = "document.documentElement.dataset.theme = arguments[0]";
        window.script(script, json!([theme])).await?;
        window.shot(&format!("{name}-{theme}")).await?;
    }
    Ok(())
}

async fn shown(window: &Window, name: &str, due: &str) -> Result<()> {
    window
        .press(&format!("[data-testid='row'][data-name='{name}']"))
        .await?;
    window.reads(&id("panel"), name).await?;
    window.reads(&id("due"), due).await
}

#[tokio::test]
async fn lines_and_then_the_rest_go_to_another_tab_by_keyboard() -> Result<()> {
    let window = training().await?;
    window.size(1366, 768).await?;
    let base = two(&window).await?;
    let staff = Keyboard(&window);
    window.focus(&id("line-amount")).await?;
    window.chord(CTRL, "l").await?;
    window.see(&id("move-find")).await?;
    // The newest line comes first.
    staff
        .on(&format!("{} input", id("move-line")), key::SPACE)
        .await?;
    staff.to(&id("move-find")).await?;
    staff.press("oor").await?;
    window.reads(&id("move-target"), "Noor").await?;
    staff.press(key::ENTER).await?;
    window.reads(&id("move-confirm"), "Move £9.50 to Noor").await?;
    window.see(&format!("{}:enabled", id("move-confirm"))).await?;
    shots(&window, "move-lines").await?;
    staff.press(key::ENTER).await?;
    window.gone("dialog").await?;
    window
        .reads(&id("toast"), "£9.50 moved from Mia to Noor.")
        .await?;
    window.reads(&id("due"), "£18.00").await?;
    window.reads(&id("lines"), "moved to Noor").await?;
    shots(&window, "move-bill").await?;
    window.press(&id("part-history")).await?;
    window
        .reads(&id("history"), "Bill: 1 line moved to Noor, now £18.00")
        .await?;

    window.chord(CTRL, "l").await?;
    staff.on(&id("move-all"), key::SPACE).await?;
    staff.to(&id("move-find")).await?;
    staff.press("oor").await?;
    window.reads(&id("move-target"), "Noor").await?;
    staff.press(key::ENTER).await?;
    window
        .reads(&id("move-caution"), "£100.00 stays on hold on Mia")
        .await?;
    shots(&window, "move-all").await?;
    window.see(&format!("{}:enabled", id("move-confirm"))).await?;
    staff.press(key::ENTER).await?;
    window
        .reads(&id("move-rest"), "On Mia, £100.00 is still on hold")
        .await?;
    window.has_focus(&id("move-keep")).await?;
    shots(&window, "move-rest").await?;
    ensure!(asked(&base, "reversal").await? == 0, "nobody released it");
    staff.on(&id("move-release"), key::ENTER).await?;
    window.see(&id("release-confirm")).await?;
    staff.press(key::ESCAPE).await?;
    window.gone("dialog").await?;
    window.reads(&id("due"), "£0.00").await?;
    shown(&window, "Noor", "£27.50").await
}

#[tokio::test]
async fn a_share_goes_to_a_new_tab_by_finger() -> Result<()> {
    let window = training().await?;
    window.size(1366, 768).await?;
    two(&window).await?;
    let staff = Finger(&window);
    staff.tap(&id("move-bill")).await?;
    staff.tap(&id("move-share-2")).await?;
    staff.tap(&id("move-new")).await?;
    staff.fill(&id("move-name"), "Chidi").await?;
    window.reads(&id("move-confirm"), "Move £13.75 to Chidi").await?;
    window
        .reads(&id("move-caution"), "Request a hold of £13.75 next.")
        .await?;
    shots(&window, "move-split").await?;
    staff.tap(&id("move-confirm")).await?;
    window.gone("dialog").await?;
    window.reads(&id("panel"), "Chidi").await?;
    window.reads(".acts", "Hold £13.75…").await?;
    shots(&window, "move-new-tab").await?;
    shown(&window, "Mia", "£13.75").await
}
