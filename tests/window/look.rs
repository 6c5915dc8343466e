//! Both themes, and the small screen.

use crate::{id, training};
use anyhow::Result;

#[tokio::test]
async fn the_dark_theme_is_a_setting_and_stays() -> Result<()> {
    let mut window = training().await?;
    window.press(&id("screen-settings")).await?;
    window.fill(&id("set-venue"), "The Invented Arms").await?;
    window.paste(&id("set-theme"), "dark").await?;
    window.press(&id("save-settings")).await?;
    window.see("html[data-theme='dark']").await?;
    window.shot("settings-dark").await?;
    window.press(&id("screen-floor")).await?;
    window.press("[data-name='Table 9, Pretend']").await?;
    window.see(&id("take")).await?;
    window.gone(&id("toast")).await?;
    window.shot("floor-dark").await?;
    window.press(&id("take")).await?;
    window.see(&id("take-sentence")).await?;
    window.shot("take-dark").await?;
    window.restart().await?;
    window.see("html[data-theme='dark']").await?;
    window.reads("header", "The Invented Arms").await
}

#[tokio::test]
async fn the_light_floor() -> Result<()> {
    let window = training().await?;
    window.press("[data-name='Table 9, Pretend']").await?;
    window.see(&id("take")).await?;
    window.shot("floor-light").await
}

#[tokio::test]
async fn the_keys_are_shown_and_escape_closes_what_is_open() -> Result<()> {
    let window = training().await?;
    window.keys("?").await?;
    window.reads("dialog", "New tab").await?;
    window.shot("keys").await?;
    window.keys("\u{e00c}").await?;
    window.gone("dialog").await
}
