//! A refund that was made elsewhere, in the window: a person says what it was for.

use crate::trouble::{held_tab, take};
use crate::{id, training};
use anyhow::{Result, ensure};
use serde_json::json;

#[tokio::test]
async fn what_was_refunded_elsewhere_stands_apart_until_somebody_says_what_for() -> Result<()> {
    let window = training().await?;
    let base = held_tab(&window, "Table 2").await?;
    take(&window, "40.00").await?;
    window.reads(&id("captured"), "Taken £40.00").await?;
    window.press(&id("part-holds")).await?;
    window.see(&id("intent")).await?;
    let intent = window.text(&id("intent")).await?;
    let (client, address) = crate::levers::at(&base)?;
    let answer = client
        .post(format!("{address}/payment-intents/{intent}/refunds"))
        .header("version", "2026-02-27")
        .header("idempotencyKey", "another till's")
        .json(&json!({ "amount": 1_500 }))
        .send()
        .await?;
    ensure!(answer.status().is_success(), "{}", answer.text().await?);
    // A day on, the till has read it.
    window.press(&id("screen-settings")).await?;
    window.press(&id("wind-1d")).await?;
    window.press(&id("screen-floor")).await?;
    window.press("[data-name='Table 2']").await?;
    window.press(&id("part-holds")).await?;
    window.reads(&id("not-said"), "£15.00").await?;
    window.press(&id("say-refund")).await?;
    window
        .reads("dialog", "What was the refund of £15.00 for?")
        .await?;
    window.fill(&id("refund-bill"), "15").await?;
    window.shot("refund-said").await?;
    window.press(&format!("{}:enabled", id("said-confirm"))).await?;
    window.gone("dialog").await?;
    window.gone(&id("not-said")).await?;
    window.reads(&id("bill"), "£25.00").await
}
