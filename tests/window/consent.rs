//! A sheet that is open while somebody else acts: nothing more is taken, and it says why.

use crate::browser::Window;
use crate::trouble::{captures, held_tab};
use crate::{id, training};
use anyhow::{Result, ensure};
use serde_json::json;

const ENTER: &str = "\u{e007}";

/// A tab of £100 on hold with a bill, and its take sheet open.
async fn sheet_open(window: &Window, name: &str, bill: &str) -> Result<(String, String)> {
    window.press(&id("new-tab")).await?;
    window.fill(&id("field-name"), "Somebody else").await?;
    window.fill(&id("field-amount"), "20").await?;
    window.press(&id("open-hold")).await?;
    window.see(&id("link")).await?;
    let base = held_tab(window, name).await?;
    window.press(&id("part-holds")).await?;
    window.see(&id("intent")).await?;
    let intent = window.text(&id("intent")).await?;
    window.press(&id("part-bill")).await?;
    window.fill(&id("line-amount"), bill).await?;
    window.press(&id("line-add")).await?;
    window.see(&id("line")).await?;
    window.press(&id("take")).await?;
    window
        .reads(&id("take-confirm"), &format!("Take £{bill}"))
        .await?;
    window.see(&format!("{}:enabled", id("take-confirm"))).await?;
    Ok((base, intent))
}

#[tokio::test]
async fn the_night_takes_the_bill_while_the_sheet_is_open_and_enter_takes_nothing() -> Result<()> {
    let window = training().await?;
    let (base, _) = sheet_open(&window, "Table 6, Greta", "40.00").await?;
    window.fill(&id("field-tip"), "4").await?;
    window.reads(&id("take-confirm"), "Take £44.00").await?;
    let close =
        "const invoke = window.__TAURI_INTERNALS__.invoke; const done = arguments[arguments.length - 1];
        invoke('night', { choices: [] }).then((night) => {
          const rows = night.rows.filter((row) => row.action !== 'leave').map((row) => row.seen);
          return invoke('close_night', { choices: [], seen: rows })
        }).then(() => done('closed'), (error) => done(JSON.stringify(error)))";
    let told = window
        .call(
            reqwest::Method::POST,
            "/execute/async",
            json!({ "script": close, "args": [] }),
        )
        .await?;
    ensure!(told == "closed", "{told}");
    window.reads(&id("changed"), "£40.00 was taken at").await?;
    window
        .reads(&id("changed"), "by the night. Still to take: £0.00.")
        .await?;
    window.see(&format!("{}:disabled", id("take-confirm"))).await?;
    ensure!(
        window.value(&id("field-tip")).await? == "4",
        "what was typed stays"
    );
    window.shot("take-changed").await?;
    for _ in 0..3 {
        window.keys(ENTER).await?;
    }
    let taken = captures(&base).await?;
    // Accepting the new figures does not take anything either.
    window
        .press(&format!("{}:enabled", id("use-new-figures")))
        .await?;
    window.gone(&id("changed")).await?;
    window
        .reads(&id("take-why"), "There’s nothing to take on this bill")
        .await?;
    window.keys(ENTER).await?;
    window.see(&format!("{}:disabled", id("take-confirm"))).await?;
    ensure!(captures(&base).await? == taken, "nothing more is taken");
    window.shot("take-paid").await
}

#[tokio::test]
async fn a_take_in_dojos_portal_a_second_before_is_said_and_nothing_is_sent() -> Result<()> {
    let window = training().await?;
    let (base, intent) = sheet_open(&window, "Table 7", "31.20").await?;
    let (client, address) = crate::levers::at(&base)?;
    let answer = client
        .post(format!("{address}/payment-intents/{intent}/captures"))
        .header("version", "2026-02-27")
        .json(&json!({ "amount": 3_120 }))
        .send()
        .await?;
    ensure!(answer.status().is_success(), "{}", answer.text().await?);
    window.keys(ENTER).await?;
    window.reads(&id("changed"), "£31.20 was taken at").await?;
    window.reads(&id("changed"), "outside this till").await?;
    window.keys(ENTER).await?;
    window.see(&format!("{}:disabled", id("take-confirm"))).await?;
    ensure!(captures(&base).await? == 1, "the portal’s alone");
    Ok(())
}

#[tokio::test]
async fn more_than_the_bill_is_asked_about_once_more() -> Result<()> {
    let window = training().await?;
    let (base, _) = sheet_open(&window, "Table 8", "31.20").await?;
    window.fill(&id("field-bill"), "51.20").await?;
    window
        .reads(
            &id("take-above"),
            "£51.20 is £20.00 more than the £31.20 still to take.",
        )
        .await?;
    window.see(&format!("{}:disabled", id("take-confirm"))).await?;
    window.keys(ENTER).await?;
    window.shot("take-above").await?;
    window.press(&id("agree-above")).await?;
    // Another amount is asked about again.
    window.fill(&id("field-bill"), "52.20").await?;
    window.reads(&id("take-above"), "£21.00 more").await?;
    window.see(&format!("{}:disabled", id("take-confirm"))).await?;
    window.press(&id("agree-above")).await?;
    window.press(&format!("{}:enabled", id("take-confirm"))).await?;
    window.reads(&id("captured"), "Taken £52.20").await?;
    ensure!(captures(&base).await? == 1);
    Ok(())
}
