//! Training's busy night: every state is there to be seen, and nowhere but in training.

use crate::browser::Window;
use crate::desktop::Desktop;
use crate::sandbox::{dojo, keep_key};
use crate::{id, training};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Asks the program as the window does, past whatever the window shows or hides; its answer, or why not.
async fn asked(window: &Window, command: &str) -> Result<Value> {
    let script = "const [command, done] = arguments;
        window.__TAURI_INTERNALS__.invoke(command)
          .then((answer) => done({ answer }), (error) => done({ error }))";
    let body = json!({ "script": script, "args": [command] });
    window.call(reqwest::Method::POST, "/execute/async", body).await
}

#[tokio::test]
async fn a_busy_night_shows_every_state() -> Result<()> {
    let window = training().await?;
    window.press(&id("screen-settings")).await?;
    window.press(&id("busy-night")).await?;
    window
        .reads(&id("toast"), "28 invented tabs are on the floor now")
        .await?;
    window.shot("settings-busy-night").await?;
    let floor = asked(&window, "floor").await?;
    let rows = floor["answer"]["rows"].as_array().context("no rows")?;
    let text = |of: &Value| of.as_str().unwrap_or_default().to_owned();
    let stands: BTreeMap<String, [String; 3]> = rows
        .iter()
        .map(|row| {
            let is = [&row["state"]["code"], &row["state"]["words"], &row["group"]];
            (text(&row["name"]), is.map(text))
        })
        .collect();
    ensure!(stands.len() == 5 + 28, "{stands:#?}");
    let mut otherwise = Vec::new();
    for (name, code, words, group) in [
        ("Table 28, Edna Expired", "expired", "", "attention"),
        ("Table 29, Oscar Overdue", "overdue", "", "attention"),
        ("Table 30, Ulla Unclear", "unclear", "", "attention"),
        ("Table 49, Pavel Pending", "sending", "Take pending", "waiting"),
        ("Table 31, Nora No-card", "waiting", "", "waiting"),
        ("Table 32, Declan Declined", "waiting", "eclined", "waiting"),
        ("Table 33, Hattie Held", "held", "", "held"),
        ("Table 36, Otto Overhold", "held", "", "attention"),
        ("Table 37, Petra Part-taken", "part_taken", "30.00", "held"),
        ("Table 38, Paula Paid", "paid", "Paid £60.00", "paid"),
        ("Table 40, Rita Refunded", "refunded", "", "paid"),
        ("Table 41, Hugo Half-back", "part_refunded", "", "paid"),
        ("Table 42, Theo Two-cards", "held", "", "held"),
        ("Table 44, Carla Cancelled", "cancelled", "", "rest"),
        ("Table 45, Rolf Released", "released", "", "rest"),
        ("Table 46, Ruth Refused", "refused", "", "attention"),
        ("Table 47, Dora Deadline", "held", "", "attention"),
        ("Room 31, Delia Departed", "held", "", "held"),
        ("Room 32, Arno Arriving", "waiting", "", "waiting"),
        ("Stool 31, Pia Payment", "waiting", "", "waiting"),
        ("Stool 32, Axel At-once", "paid", "Paid £24.00", "paid"),
    ] {
        let [is_code, is_words, is_group] = stands.get(name).with_context(|| format!("{name} is missing"))?;
        if is_code != code || !is_words.contains(words) || is_group != group {
            otherwise.push(format!("{name} is {is_code}, “{is_words}”, in {is_group}"));
        }
    }
    ensure!(otherwise.is_empty(), "{otherwise:#?}");
    window.press(&id("screen-floor")).await?;
    window.shot("busy-night").await?;
    window
        .press("[data-testid='row'][data-name='Table 42, Theo Two-cards']")
        .await?;
    window.press(&id("part-holds")).await?;
    window.reads(&id("panel"), "£60.00").await?;
    window.press(&id("screen-deposits")).await?;
    window
        .see("[data-testid='worklist-entry'][data-name='Room 31, Delia Departed']")
        .await?;
    window.shot("busy-night-deposits").await
}

#[tokio::test]
async fn with_a_key_no_guest_is_invented() -> Result<()> {
    let (desktop, dojo) = (Desktop::start().await?, dojo(0).await?);
    let address = dojo.base_url();
    let environment = [desktop.environment(), ("HOLDFAST_DOJO_URL", address.as_str())];
    let window = Window::open_prepared(&environment, async |_| Ok(())).await?;
    let before = asked(&window, "training_busy_night").await?;
    ensure!(before["error"]["code"] == "not_allowed", "{before}");
    keep_key(&window).await?;
    let refused = asked(&window, "training_busy_night").await?;
    ensure!(
        refused["error"]["code"] == "not_allowed"
            && refused["error"]["message"] == "That is for training only.",
        "{refused}"
    );
    ensure!(window.count(&id("busy-night")).await? == 0, "it has the button");
    let floor = asked(&window, "floor").await?;
    ensure!(
        floor["answer"]["rows"].as_array().is_some_and(Vec::is_empty),
        "{floor}"
    );
    let intents = dojo.truth()?["intents"].as_array().map(Vec::len);
    ensure!(intents == Some(0), "Dojo was asked for {intents:?} holds");
    Ok(())
}
