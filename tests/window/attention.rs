//! Unclear, not seen, does not match: each has its words and its step, and none lets money move twice.

use crate::browser::Window;
use crate::trouble::{captures, control, held_tab, take};
use crate::{id, training};
use anyhow::{Result, ensure};
use serde_json::json;

const ITEM: &str = "[data-testid='attention-item']";

async fn order(base: &str, operation: &str, fault: &str) -> Result<()> {
    let body = json!({"operation": operation, "fault": fault, "times": 1});
    control(base, "faults", body).await
}

/// Nothing on the screen lets anything be decided on the hold.
async fn is_locked(window: &Window) -> Result<()> {
    window.press(&id("part-holds")).await?;
    window.see(&id("hold")).await?;
    for action in ["release", "refund", "cancel"] {
        ensure!(
            window.count(&id(&format!("do-{action}"))).await? == 0,
            "{action} is offered"
        );
    }
    ensure!(window.count(&id("take")).await? == 0, "take is offered");
    window
        .reads(&id("why-not-take"), "isn’t settled with Dojo yet")
        .await
}

#[tokio::test]
async fn unclear_then_not_seen_then_put_aside_and_taken_anew_with_a_word_of_caution() -> Result<()> {
    let window = training().await?;
    let base = held_tab(&window, "Lost on the way").await?;
    order(&base, "captures", "reset-before").await?;
    take(&window, "60.00").await?;
    window.reads(&id("screen-attention"), "1").await?;
    window.press(&id("screen-attention")).await?;
    window.reads(ITEM, "Not confirmed").await?;
    window.reads(ITEM, "Take £60.00, by Staff").await?;
    window
        .reads(&id("dojo-shows"), "£100.00 on hold, nothing taken")
        .await?;
    window.reads(&id("locked"), "so no money moves twice").await?;
    window.gone(&id("toast")).await?;
    window.shot("attention-unclear").await?;
    for _ in 0..3 {
        window.press(&format!("{}:enabled", id("next-step"))).await?;
    }
    window.reads(&id("toast"), "Dojo was asked").await?;
    window.press(&id("show-tab")).await?;
    is_locked(&window).await?;
    ensure!(captures(&base).await? == 1, "however often it is pressed");

    // Until it's known: then only the tab is left to be shown, and it stands there already.
    for _ in 0..4 {
        control(&base, "clock", json!({"advance": "00:01:00"})).await?;
        let ask = "document.querySelector(`[data-testid='next-step']:enabled`)?.click()";
        window.script(ask, json!([])).await?;
        window
            .see("[data-testid='next-step']:enabled, [data-testid='put-aside']:enabled")
            .await?;
    }
    window.reads(ITEM, "No record at Dojo").await?;
    ensure!(
        window.count(&id("next-step")).await? == 0,
        "the way to the tab that stands beside it"
    );
    window.reads(&id("meaning"), "If the first one turns up").await?;
    window.gone(&id("toast")).await?;
    window.shot("attention-absent").await?;
    window.press(&id("put-aside")).await?;
    window.gone(ITEM).await?;
    window.reads(&id("attention"), "Nothing needs attention").await?;
    window.press(&id("part-history")).await?;
    window.reads(&id("history"), "Dismissed: Take £60.00").await?;
    window.press(&id("take")).await?;
    window
        .reads(&id("caution"), "You already tried to take £60.00")
        .await?;
    window.shot("take-caution").await?;
    ensure!(captures(&base).await? == 1, "nothing was sent again by itself");
    Ok(())
}

#[tokio::test]
async fn what_does_not_match_names_the_payment_and_waits() -> Result<()> {
    let mut window = training().await?;
    window.press(&id("screen-attention")).await?;
    window.reads(&id("attention"), "Nothing needs attention").await?;
    window.shot("attention-empty").await?;
    window.press(&id("screen-floor")).await?;
    let base = held_tab(&window, "Two tills, one hold").await?;
    window.press(&id("part-holds")).await?;
    window.see(&id("intent")).await?;
    let intent = window.text(&id("intent")).await?;
    order(&base, "captures", "reset-before").await?;
    take(&window, "60.00").await?;
    window.reads(&id("screen-attention"), "1").await?;
    // Another till takes another amount before this one's request is looked for.
    let (client, address) = crate::levers::at(&base)?;
    let other = client
        .post(format!("{address}/payment-intents/{intent}/captures"))
        .header("version", "2026-02-27")
        .json(&json!({"amount": 4_500}))
        .send()
        .await?;
    ensure!(
        other.status().is_success(),
        "the other till was refused: {other:?}"
    );
    window.press(&id("screen-attention")).await?;
    window.press(&format!("{}:enabled", id("next-step"))).await?;
    window.reads(ITEM, "Doesn’t match Dojo").await?;
    window
        .reads(&id("dojo-shows"), "£45.00 taken, £55.00 on hold")
        .await?;
    window.reads(&id("meaning"), &intent).await?;
    window.gone(&id("toast")).await?;
    window.shot("attention-conflict").await?;
    ensure!(captures(&base).await? == 2, "one of them is the other till's");
    window.restart().await?;
    window.press(&id("screen-attention")).await?;
    window.reads(ITEM, "Doesn’t match Dojo").await?;
    // By keyboard alone.
    window.focus(&id("put-aside")).await?;
    window.keys("\u{e007}").await?;
    window.gone(ITEM).await?;
    Ok(())
}
