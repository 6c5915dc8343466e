//! A mode that is left while a hold is open: nobody does that unasked, and what is left in live is said until it's
//! opened again.

use crate::browser::Window;
use crate::desktop::Desktop;
use crate::id;
use crate::killed::evening;
use crate::look::{at_every_size, look};
use crate::outside::Outside;
use crate::program::{App, running, within};
use crate::sandbox::{dojo, till};
use crate::screen;
use anyhow::{Result, ensure};
use serde_json::json;
use std::path::Path;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_press_ends_a_live_watch_unasked() -> Result<()> {
    let (desktop, dojo) = (Desktop::start().await?, dojo(0).await?);
    let _outside = Outside::on(desktop.environment().1).await?;
    let prepare = async |data: &Path| evening(data, &dojo, 1, |_| None).await.map(drop);
    let window = till(&desktop, &dojo, prepare).await?;
    window.reads(".figures", "£50.00").await?;
    window.press(&id("screen-settings")).await?;
    for press in ["change-mode", "ask-remove-key"] {
        window.press(&id(press)).await?;
        window.reads("dialog", "1 tab open, £50.00 on hold").await?;
        window.reads("dialog", "nobody watches these holds").await?;
        window.shot(&format!("leave-{press}")).await?;
        // The safe way has the focus, and Esc is it too.
        window.see(&format!("{}:focus", id("keep-mode"))).await?;
        window.keys("\u{e00c}").await?;
        window.gone("dialog").await?;
        window.reads(&id("mode-badge"), "SANDBOX").await?;
    }
    // The key of another mode would close this one as well.
    window
        .fill(&id("field-key"), "sk_prod_invented_for_a_window_story")
        .await?;
    window.press(&id("keep-key")).await?;
    window
        .reads(&id("key-change"), "1 tab open, £50.00 on hold")
        .await?;
    window.reads(&id("key-change"), "Type “change key”").await?;
    window.reads(&id("mode-badge"), "SANDBOX").await?;
    // Who means it leaves. The driver misses what was enlarged last.
    window.press(&id("change-mode")).await?;
    at_every_size(&window, async |tag| look(&window, "leave-mode", tag).await).await?;
    let confirm = "document.querySelector(arguments[0]).click()";
    window.script(confirm, json!([id("leave-confirm")])).await?;
    window.see(".welcome").await
}

async fn ended(window: &Window) -> Result<()> {
    within(PATIENCE, "the app's end", async || {
        Ok(running(&window.data).is_empty().then_some(()))
    })
    .await
    .map(drop)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn live_that_was_left_with_a_hold_is_said_until_it_is_opened_again() -> Result<()> {
    let (desktop, dojo) = (Desktop::start().await?, dojo(0).await?);
    let outside = Outside::on(desktop.environment().1).await?;
    let address = dojo.base_url();
    let environment = [desktop.environment(), ("HOLDFAST_DOJO_URL", address.as_str())];
    let prepare = async |data: &Path| evening(data, &dojo, 1, |_| None).await.map(drop);
    let mut window = till(&desktop, &dojo, prepare).await?;
    window.reads(".figures", "£50.00").await?;
    within(PATIENCE, "the note", async || {
        Ok(window.data.join("sandbox/open-tabs").exists().then_some(()))
    })
    .await?;
    window.close().await?;
    ended(&window).await?;
    // A live key never talks to a story's Dojo, so what is live's here was the sandbox's.
    std::fs::rename(window.data.join("sandbox"), window.data.join("live"))?;
    std::fs::write(window.data.join("mode"), "training")?;

    window.start().await?;
    window.reads(&id("mode-badge"), "TRAINING").await?;
    let left = "Nobody watches your live holds: 1 tab open, £50.00 on hold.";
    window.reads(&id("left-open"), left).await?;
    window.shot("left-open").await?;
    within(PATIENCE, "the notification", async || {
        let told = |(_, words): &(String, String)| words.starts_with(left);
        Ok(outside.notices().iter().any(told).then_some(()))
    })
    .await?;
    screen::cross(window.display())?;
    window.reads("dialog", left).await?;
    window.press(&id("stay")).await?;
    window.gone("dialog").await?;
    outside.press("Quit").await?;
    window.reads("dialog", left).await?;
    window.press(&id("stay")).await?;
    window.gone("dialog").await?;
    // The first screen says it too.
    window.press(&id("screen-settings")).await?;
    window.press(&id("leave-mode")).await?;
    window.see(".welcome").await?;
    window.reads(&id("left-open"), left).await?;
    window.shot("left-open-welcome").await?;
    window.press(&id("choose-training")).await?;
    window.reads(&id("mode-badge"), "TRAINING").await?;
    window.kill().await?;
    ended(&window).await?;

    // At a login, hidden.
    let _app = App::start(&window.data, window.display(), &environment)?;
    within(PATIENCE, "the window", async || {
        Ok(screen::is_shown(window.display()).unwrap_or(false).then_some(()))
    })
    .await?;
    ensure!(!running(&window.data).is_empty(), "it ended");
    Ok(())
}
