//! The network is off for a while: what works, what says that it needs Dojo, and what happens when it is back.

use crate::browser::Window;
use crate::desktop::Desktop;
use crate::id;
use crate::sandbox::{dojo_on, keep_key};
use crate::trouble::asked;
use anyhow::{Result, bail, ensure};
use holdfast_simulator::Running;
use holdfast_tests::GOOD;
use serde_json::json;
use std::time::Duration;

/// Somebody at another PC takes a part of it.
async fn taken_elsewhere(dojo: &Running, intent: &str, amount: i64) -> Result<()> {
    let url = format!("{}/payment-intents/{intent}/captures", dojo.base_url());
    let request = reqwest::Client::new()
        .post(url)
        .header("Authorization", "Basic sk_sandbox_another_pc")
        .header("version", "2026-02-27")
        .json(&json!({ "amount": amount }));
    request.send().await?.error_for_status()?;
    Ok(())
}

/// Dojo is asked every 20 seconds while nothing happens.
async fn is_noticed(window: &Window, is_offline: bool) -> Result<()> {
    let banner = "[data-testid='banner'][data-code='offline']";
    for _ in 0..400 {
        if (window.count(banner).await? > 0) == is_offline {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    bail!(
        "nobody noticed that Dojo was {}",
        if is_offline { "gone" } else { "back" }
    )
}

async fn says_that_it_needs_dojo(window: &Window) -> Result<()> {
    window
        .reads(&format!("dialog {}", id("needs-dojo")), "Dojo can’t be reached")
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_network_it_is_read_searched_noted_and_printed_and_nothing_is_queued() -> Result<()> {
    let (desktop, folder) = (Desktop::start().await?, tempfile::tempdir()?);
    let before = dojo_on(0, folder.path()).await?;
    let address = before.base_url();
    let port = address.rsplit(':').next().unwrap_or_default().parse()?;
    let environment = [desktop.environment(), ("HOLDFAST_DOJO_URL", address.as_str())];
    let window = Window::open_prepared(&environment, async |_| Ok(())).await?;
    keep_key(&window).await?;
    window.press(&id("screen-floor")).await?;
    window.press(&id("new-tab")).await?;
    window.fill(&id("field-name"), "Amira").await?;
    window.fill(&id("field-amount"), "100").await?;
    window.press(&id("open-hold")).await?;
    window.see(&id("link")).await?;
    let link = window.text(&id("link")).await?;
    let intent = link.rsplit('/').next().unwrap_or_default().to_owned();
    before.pay(&intent, GOOD)?;
    window.reads("[data-name='Amira'] .state", "On hold").await?;
    before.shutdown().await;
    is_noticed(&window, true).await?;

    // Noted, read, searched and printed.
    window.fill(&id("line-amount"), "42.30").await?;
    window.press(&id("line-add")).await?;
    window.reads(&id("bill"), "£42.30").await?;
    window.press(&id("edit")).await?;
    window.fill(&id("edit-name"), "Amira, by the window").await?;
    window.fill(&id("edit-note"), "Likes the corner.").await?;
    window.press(&id("edit-confirm")).await?;
    window.gone("dialog").await?;
    window.reads(&id("held"), "£100.00").await?;
    window.fill(&id("search"), "42.30").await?;
    window.reads(&id("found"), "1 open").await?;
    window.press(&id("search-clear")).await?;
    window.press(&id("part-holds")).await?;
    window.press(&id("print-slip")).await?;
    window.reads(&id("paper"), "This is not a charge").await?;
    window.press(&id("paper-close")).await?;

    // What needs Dojo says so beside its button, which sleeps. What was typed stays.
    window.press(&id("take")).await?;
    says_that_it_needs_dojo(&window).await?;
    window.fill(&id("field-tip"), "5").await?;
    window.reads(&id("take-confirm"), "Take £47.30").await?;
    window.shot("offline-take").await?;
    window.see(&format!("{}:disabled", id("take-confirm"))).await?;
    ensure!(
        window.value(&id("field-tip")).await? == "5",
        "what was typed stays"
    );
    window.keys("\u{e00c}").await?;
    window.gone("dialog").await?;
    window.press(&id("ask-for-more")).await?;
    says_that_it_needs_dojo(&window).await?;
    window.keys("\u{e00c}").await?;
    window.gone("dialog").await?;
    window.press(&id("do-release")).await?;
    says_that_it_needs_dojo(&window).await?;
    window.keys("\u{e00c}").await?;
    window.gone("dialog").await?;
    window.press(&id("do-renew")).await?;
    says_that_it_needs_dojo(&window).await?;
    window.shot("offline-renew").await?;
    window.see(&format!("{}:disabled", id("renew-confirm"))).await?;
    window.keys("\u{e00c}").await?;
    window.gone("dialog").await?;
    window.press(&id("screen-night")).await?;
    window.reads(&id("needs-dojo"), "Dojo can’t be reached").await?;
    window.see(&format!("{}:disabled", id("night-close"))).await?;
    window.shot("offline-night").await?;
    window.press(&id("screen-floor")).await?;

    // Meanwhile another PC took a part. Back online, that is learnt before anything is offered again.
    let elsewhere = dojo_on(0, folder.path()).await?;
    taken_elsewhere(&elsewhere, &intent, 2_000).await?;
    elsewhere.shutdown().await;
    let _after = dojo_on(port, folder.path()).await?;
    is_noticed(&window, false).await?;
    window
        .press("[data-testid='row'][data-name='Amira, by the window']")
        .await?;
    window.reads(&id("captured"), "Taken £20.00").await?;
    window.press(&id("take")).await?;
    window
        .reads(&id("take-sentence"), "Take £22.30 (bill 22.30)")
        .await?;
    ensure!(
        window.count(&format!("dialog {}", id("needs-dojo"))).await? == 0,
        "nothing stands beside the button any more"
    );
    ensure!(
        asked(&address, "captures").await? == 1,
        "the other PC’s, and none that had been queued here"
    );
    ensure!(asked(&address, "reversal").await? == 0);
    window.press(&format!("{}:enabled", id("take-confirm"))).await?;
    window.reads(&id("captured"), "Taken £42.30").await
}
