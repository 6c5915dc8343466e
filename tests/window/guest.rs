//! The guest's own window: one hold, and nothing that the till can do.

use crate::browser::Window;
use crate::{id, training};
use anyhow::{Context, Result, ensure};
use reqwest::Method;
use serde_json::{Value, json};

/// The windows that are open now, by the driver's names.
async fn handles(window: &Window) -> Result<Vec<Value>> {
    let all = window.call(Method::GET, "/window/handles", Value::Null).await?;
    Ok(all.as_array().context("no windows")?.clone())
}

async fn turn_to(window: &Window, handle: &Value) -> Result<()> {
    let body = json!({ "handle": handle });
    window.call(Method::POST, "/window", body).await.map(drop)
}

/// What the window's program is told when it asks for `command`, as a page that was taken over would.
async fn asked_for(window: &Window, command: &str) -> Result<String> {
    let script = "const [command, done] = arguments
        window.__TAURI_INTERNALS__.invoke(command).then(() => done('answered'), (e) => done(String(e.message ?? e)))";
    let body = json!({ "script": script, "args": [command] });
    let answer = window.call(Method::POST, "/execute/async", body).await?;
    Ok(answer.as_str().context("no answer")?.to_owned())
}

#[tokio::test]
async fn a_window_of_the_guests_own_shows_one_hold_and_can_do_nothing() -> Result<()> {
    let window = training().await?;
    window.press(&id("new-tab")).await?;
    window.fill(&id("field-name"), "Amira").await?;
    window.press(&id("open-hold")).await?;
    window.reads(&id("waiting"), "£50.00").await?;
    window.press(&id("show-qr")).await?;
    let tills = handles(&window).await?;
    window.press(&id("guest-other-screen")).await?;
    window.gone("dialog").await?;
    let guests = window
        .until("the guest’s window", async || {
            let all = handles(&window).await?;
            Ok(all.into_iter().find(|handle| !tills.contains(handle)))
        })
        .await?;
    turn_to(&window, &guests).await?;
    window.reads(&id("guest-amount"), "£50.00").await?;
    window.reads(&id("guest-window"), "A hold, not a payment").await?;
    window.see(&format!("{} img", id("guest-window"))).await?;
    ensure!(!window.text("body").await?.contains("Amira"), "a name is on it");
    window.shot_of("Holdfast: your hold", "guest-window").await?;
    for command in ["floor", "attention", "settings", "quit"] {
        let said = asked_for(&window, command).await?;
        ensure!(said.contains("not allowed"), "{command}: {said}");
    }
    // The guest pays: the till and the guest's window say so.
    turn_to(&window, tills.first().context("no till")?).await?;
    window.press(&id("pay-good")).await?;
    window.reads("[data-name='Amira']", "On hold").await?;
    turn_to(&window, &guests).await?;
    window.reads(&id("guest-done"), "On hold, not charged").await
}
