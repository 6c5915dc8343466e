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

/// What a house may have: long names, an emoji, Arabic, euros.
const GUESTS: [(&str, &str, &str); 4] = [
    (
        "Wolfeschlegelsteinhausenbergerdorff and party of twelve",
        "GBP",
        "1,200",
    ),
    ("🎉 Zoë & “the six”", "EUR", "360"),
    ("أميرة الحسن", "EUR", "99999.99"),
    ("", "GBP", "50"),
];

#[tokio::test]
async fn every_size_in_both_themes_with_long_names_and_other_scripts() -> Result<()> {
    let window = training().await?;
    for (name, currency, amount) in GUESTS {
        window.press(&id("new-tab")).await?;
        window.paste(&id("field-name"), name).await?;
        window.fill(&id("field-amount"), amount).await?;
        window.press(&id("new-more")).await?;
        window.press(&id(&format!("currency-{currency}"))).await?;
        window.press(&id("open-hold")).await?;
        window.gone("dialog").await?;
        window.press(&id("pay-good")).await?;
        window.gone(&id("waiting")).await?;
    }
    for (width, height) in [(1024, 768), (1366, 820), (1920, 1040)] {
        window.size(width, height).await?;
        for theme in ["light", "dark"] {
            window
                .script(
                    "document.documentElement.dataset.theme = arguments[0]",
                    serde_json::json!([theme]),
                )
                .await?;
            window.press("[data-name='Table 9, Pretend']").await?;
            window.see(&id("take")).await?;
            window.shot(&format!("floor-{theme}-{width}")).await?;
            window.press(&id("new-deposit")).await?;
            window.press(&id("per-night")).await?;
            window.fill(&id("field-name"), "Table 9, Pretend").await?;
            window.fill(&id("field-amount"), "120").await?;
            window.fill(&id("field-nights"), "10").await?;
            window.see(&id("too-long")).await?;
            window.see(&id("same")).await?;
            window.shot(&format!("new-{theme}-{width}")).await?;
            window.keys("\u{e00c}").await?;
            window.gone("dialog").await?;
        }
    }
    Ok(())
}
