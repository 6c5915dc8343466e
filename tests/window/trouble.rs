//! The network, Dojo and the power fail: nothing is lost and nothing is taken twice.

use crate::browser::Window;
use crate::{id, levers, training};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

pub(crate) async fn control(base: &str, path: &str, body: Value) -> Result<()> {
    let (client, base) = levers::at(base)?;
    client
        .post(format!("{base}/_simulator/{path}"))
        .json(&body)
        .send()
        .await?
        .error_for_status()?;
    Ok(())
}

/// How many captures the simulator was asked for.
pub(crate) async fn captures(base: &str) -> Result<usize> {
    asked(base, "captures").await
}

/// How many requests to move money, with this last part of the path, the simulator was sent.
pub(crate) async fn asked(base: &str, last: &str) -> Result<usize> {
    let (client, base) = levers::at(base)?;
    let truth = client.get(format!("{base}/_simulator/truth")).send();
    let truth: Value = truth.await?.json().await?;
    let log = truth["requests"].as_array().context("no log")?;
    let is_one = |r: &&Value| r["method"] == "POST" && r["path"].as_str().is_some_and(|p| p.ends_with(last));
    Ok(log.iter().filter(is_one).count())
}

pub(crate) async fn held_tab(window: &Window, name: &str) -> Result<String> {
    window.press(&id("new-tab")).await?;
    window.fill(&id("field-name"), name).await?;
    window.fill(&id("field-amount"), "100").await?;
    window.press(&id("open-hold")).await?;
    window.see(&id("link")).await?;
    let base = levers::of(window).await?;
    window.press(&id("pay-good")).await?;
    window.see(&id("take")).await?;
    Ok(base)
}

/// What the guest had is added to the bill, and taken.
pub(crate) async fn take(window: &Window, bill: &str) -> Result<()> {
    window.press(&id("part-bill")).await?;
    window.fill(&id("line-amount"), bill).await?;
    window.press(&id("line-add")).await?;
    window.see(&id("line")).await?;
    window.press(&id("take")).await?;
    // The sheet fills in what is due before anybody can type.
    window
        .see(&format!("{}, {}", id("take-sentence"), id("take-why")))
        .await?;
    window.fill(&id("field-bill"), bill).await?;
    window
        .reads(&id("take-confirm"), &format!("Take £{bill}"))
        .await?;
    window.see(&format!("{}:enabled", id("take-confirm"))).await?;
    window.press(&id("take-confirm")).await
}

#[tokio::test]
async fn an_answer_lost_after_the_work_is_settled_from_dojos_record() -> Result<()> {
    let window = training().await?;
    let base = held_tab(&window, "Lost answer").await?;
    control(
        &base,
        "faults",
        json!({"operation": "captures", "fault": "reset-after", "times": 1}),
    )
    .await?;
    take(&window, "60.00").await?;
    window.reads(&id("captured"), "Taken £60.00").await?;
    ensure!(
        captures(&base).await? == 1,
        "one request, however the answer fared"
    );
    Ok(())
}

#[tokio::test]
async fn closed_in_the_middle_and_started_again_it_is_settled_not_guessed() -> Result<()> {
    let mut window = training().await?;
    let base = held_tab(&window, "Closed in the middle").await?;
    control(
        &base,
        "faults",
        json!({"operation": "captures", "fault": "reset-before", "times": 1}),
    )
    .await?;
    take(&window, "60.00").await?;
    window
        .reads("[data-name='Closed in the middle']", "Not confirmed")
        .await?;
    window.restart().await?;
    window.press("[data-name='Closed in the middle']").await?;
    window.reads(&id("operation"), "It may have gone through").await?;
    ensure!(
        window.count(&id("take")).await? == 0,
        "nothing offers a second take"
    );
    window.shot("unclear").await
}

#[tokio::test]
async fn dojo_answers_500_after_the_work_and_html_instead_of_it() -> Result<()> {
    let window = training().await?;
    let base = held_tab(&window, "Bad day").await?;
    control(
        &base,
        "faults",
        json!({"operation": "captures", "fault": "500-after", "times": 1}),
    )
    .await?;
    take(&window, "20.00").await?;
    window.reads(&id("captured"), "Taken £20.00").await?;
    control(
        &base,
        "faults",
        json!({"operation": "captures", "fault": "html-502", "times": 1}),
    )
    .await?;
    take(&window, "30.00").await?;
    window.reads("[data-name='Bad day']", "Not confirmed").await?;
    window.reads(&id("operation"), "don’t try again").await?;
    ensure!(
        window.count(&id("take")).await? == 0,
        "nothing offers a second take"
    );
    ensure!(captures(&base).await? == 2, "one request a decision");
    Ok(())
}

#[tokio::test]
async fn without_dojo_nothing_is_sent_and_what_was_typed_stays() -> Result<()> {
    let window = training().await?;
    let base = held_tab(&window, "No network").await?;
    control(
        &base,
        "faults",
        json!({"operation": "captures", "fault": "reset-before", "times": 1}),
    )
    .await?;
    window.fill(&id("line-amount"), "12").await?;
    window.press(&id("line-add")).await?;
    window.see(&id("line")).await?;
    window.press(&id("take")).await?;
    window.see(&id("take-sentence")).await?;
    window.fill(&id("field-bill"), "12.00").await?;
    window.see(&format!("{}:enabled", id("take-confirm"))).await?;
    // The reading before the take fails: nothing may be sent.
    control(
        &base,
        "faults",
        json!({"operation": "get", "fault": "500-before", "times": 3}),
    )
    .await?;
    window.press(&id("take-confirm")).await?;
    window.see(&id("sheet-error")).await?;
    ensure!(
        window.value(&id("field-bill")).await? == "12.00",
        "what was typed stays"
    );
    ensure!(captures(&base).await? == 0, "nothing was sent");
    Ok(())
}
