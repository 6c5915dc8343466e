//! A mode that is left while a hold is open: nobody does that unasked, and what is left in live is said until it's
//! opened again.

use crate::id;
use crate::look::{at_every_size, look};
use crate::program::{running, within};
use crate::screen;
use crate::watched::{PATIENCE, Watched};
use anyhow::{Result, ensure};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_press_ends_a_live_watch_unasked() -> Result<()> {
    let till = Watched::open().await?;
    let window = &till.window;
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
    at_every_size(window, async |tag| look(window, "leave-mode", tag).await).await?;
    let confirm = "document.querySelector(arguments[0]).click()";
    window.script(confirm, json!([id("leave-confirm")])).await?;
    window.see(".welcome").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn live_that_was_left_with_a_hold_is_said_until_it_is_opened_again() -> Result<()> {
    let mut till = Watched::open().await?;
    let folder = till.window.data.clone();
    within(PATIENCE, "the note", async || {
        Ok(folder.join("sandbox/open-tabs").exists().then_some(()))
    })
    .await?;
    till.close().await?;
    // A live key never talks to a story's Dojo, so what is live's here was the sandbox's.
    std::fs::rename(folder.join("sandbox"), folder.join("live"))?;
    std::fs::write(folder.join("mode"), "training")?;

    till.window.start().await?;
    let (window, outside) = (&till.window, &till.outside);
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
    till.window.kill().await?;
    till.ended().await?;

    // At a login, hidden.
    let _app = till.log_in()?;
    within(PATIENCE, "the window", async || {
        let is_shown = screen::is_shown(till.window.display()).unwrap_or(false);
        Ok(is_shown.then_some(()))
    })
    .await?;
    ensure!(!running(&folder).is_empty(), "it ended");
    Ok(())
}
