//! With a key: the operating system's store, the connection test, a wrong key, no network.

use crate::browser::Window;
use crate::desktop::Desktop;
use crate::id;
use crate::program::within;
use crate::sandbox::{client, desk, dojo, keep_key};
use crate::watched::PATIENCE;
use anyhow::{Context, Result, ensure};
use holdfast_tests::GOOD;
use holdfast_tests::KEY;
use serde_json::json;
use std::path::Path;

async fn open(window: &Window, name: &str) -> Result<()> {
    window.press(&id("new-tab")).await?;
    window.fill(&id("field-name"), name).await?;
    window.fill(&id("field-amount"), "60").await?;
    window.press(&id("open-hold")).await?;
    window.gone("dialog").await?;
    window.reads(&id("panel"), name).await
}

/// Every file below a folder, looked through for some bytes.
fn is_anywhere(folder: &Path, bytes: &[u8]) -> Result<bool> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let is_here = if path.is_dir() {
            is_anywhere(&path, bytes)?
        } else {
            path.is_file() && std::fs::read(&path)?.windows(bytes.len()).any(|w| w == bytes)
        };
        if is_here {
            return Ok(true);
        }
    }
    Ok(false)
}

#[tokio::test]
async fn a_key_is_kept_by_the_system_and_opens_the_sandbox() -> Result<()> {
    let (desktop, dojo) = (Desktop::start().await?, dojo(0).await?);
    let address = dojo.base_url();
    let environment = [desktop.environment(), ("HOLDFAST_DOJO_URL", address.as_str())];
    let mut window = Window::open_prepared(&environment, async |_| Ok(())).await?;
    keep_key(&window).await?;
    window.press(&id("test-connection")).await?;
    window
        .reads(&id("connection"), "Dojo answers and accepts the key")
        .await?;
    window.press(&id("section-venue")).await?;
    let covered = window
        .script(
            "const box = (of) => document.querySelector(of).getBoundingClientRect()
             const toast = box('.toast'), save = box('[data-testid=save-settings]')
             return toast.bottom > save.top && toast.top < save.bottom && toast.left < save.right",
            json!([]),
        )
        .await?;
    ensure!(
        covered == json!(false),
        "what is said lies over “Save the settings”"
    );
    window.press(&id("section-mode")).await?;
    window.shot("settings-key").await?;
    ensure!(
        window.value(&id("field-key")).await?.is_empty(),
        "the key does not stay in the window"
    );
    window.press(&id("screen-floor")).await?;
    open(&window, "Room 3").await?;
    let link = window.text(&id("link")).await?;
    let intent = link.rsplit('/').next().unwrap_or_default();
    dojo.pay(intent, GOOD)?;
    window.reads("[data-name='Room 3'] .state", "On hold").await?;

    window.restart().await?;
    window.reads(&id("mode-badge"), "SANDBOX").await?;
    window.reads("[data-name='Room 3'] .state", "On hold").await?;
    window.close().await?;
    ensure!(window.data.join("sandbox/ledger.db").exists());
    ensure!(
        !is_anywhere(&window.data, KEY.as_bytes())?,
        "the key is in no file"
    );
    ensure!(
        !is_anywhere(&window.data, GOOD.as_bytes())?,
        "no card number is in any file"
    );
    Ok(())
}

#[tokio::test]
async fn a_key_that_dojo_does_not_accept() -> Result<()> {
    let (desktop, dojo) = (Desktop::start().await?, dojo(0).await?);
    let address = dojo.base_url();
    for operation in ["search", "payment-intents"] {
        fault(&address, operation, "401").await?;
    }
    let environment = [desktop.environment(), ("HOLDFAST_DOJO_URL", address.as_str())];
    let window = Window::open_prepared(&environment, async |_| Ok(())).await?;
    keep_key(&window).await?;
    window.reads(&id("toast"), "Dojo rejected the key").await?;
    window.press(&id("screen-floor")).await?;
    open(&window, "Room 4").await?;
    window.reads(&id("operation"), "Dojo rejected the key").await?;
    let banner = "[data-testid='banner'][data-code='key']";
    window.reads(banner, "Enter a new key in Settings").await?;
    window.shot("wrong-key").await?;
    window.press(&id("to-settings")).await?;
    window
        .see("[data-testid='screen-settings'][aria-current]")
        .await?;
    window.press(&id("screen-attention")).await?;
    window
        .reads("[data-testid='attention-item'][data-code='key']", "Key rejected")
        .await?;
    // The banner leads there from everywhere.
    window.press(banner).await?;
    window.see(&id("field-key")).await
}

#[tokio::test]
async fn without_network_a_request_waits_and_is_sent_by_a_person() -> Result<()> {
    let desktop = Desktop::start().await?;
    let port = std::net::TcpListener::bind(("127.0.0.1", 0))?
        .local_addr()?
        .port();
    let address = format!("http://127.0.0.1:{port}");
    let environment = [desktop.environment(), ("HOLDFAST_DOJO_URL", address.as_str())];
    let window = Window::open_prepared(&environment, async |_| Ok(())).await?;
    keep_key(&window).await?;
    window.press(&id("screen-floor")).await?;
    open(&window, "Room 5").await?;
    window.reads(&id("operation"), "wasn’t sent").await?;
    window.reads(&id("banners"), "Dojo is offline").await?;
    window.shot("offline").await?;
    let _dojo = dojo(port).await?;
    window.press(&id("send-again")).await?;
    window.see(&id("waiting")).await?;
    window.gone("[data-testid='banner'][data-code='offline']").await
}

/// Set in the run that has no network.
const NO_NETWORK: &str = "HOLDFAST_STORY_WITHOUT_NETWORK";

/// A live key is sent to Dojo alone, so no program can stand in for Dojo here: the story runs in a network of its own,
/// in which there is nothing but this computer. No key leaves it, and the window is the one that a venue would see.
#[tokio::test]
async fn a_live_till_without_network_says_so_and_sends_nothing() -> Result<()> {
    if std::env::var_os(NO_NETWORK).is_none() {
        let story = "going_live::a_live_till_without_network_says_so_and_sends_nothing";
        let alone = std::process::Command::new("unshare")
            .args([
                "--map-root-user",
                "--net",
                "sh",
                "-c",
                "ip link set lo up && exec \"$@\"",
                "sh",
            ])
            .arg(std::env::current_exe()?)
            .args(["--exact", story, "--nocapture"])
            .env(NO_NETWORK, "1")
            .status()
            .context("unshare could not be started; is util-linux installed?")?;
        ensure!(alone.success(), "the story failed in a network of its own");
        return Ok(());
    }
    let desktop = Desktop::start().await?;
    let window = Window::open_prepared(&[desktop.environment()], async |_| Ok(())).await?;
    window
        .fill(&id("field-key"), "sk_prod_invented_for_a_window_story")
        .await?;
    window.press(&id("keep-key")).await?;
    window.reads(&id("mode-badge"), "LIVE").await?;
    window.press(&id("screen-floor")).await?;
    open(&window, "Room 8").await?;
    window.reads(&id("operation"), "wasn’t sent").await?;
    window.reads(&id("operation"), "Tried").await?;
    window.reads(&id("banners"), "Dojo is offline").await?;
    window.gone(&id("toast")).await?;
    window.shot("live-offline").await?;
    window.press(&id("screen-settings")).await?;
    window.press(&id("section-mode")).await?;
    window.press(&id("test-connection")).await?;
    window.reads(&id("connection"), "Dojo").await?;
    window.shot("live-offline-settings").await
}

#[tokio::test]
async fn without_a_key_store_nothing_is_kept_and_the_app_says_so() -> Result<()> {
    let environment = [("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")];
    let window = Window::open_prepared(&environment, async |_| Ok(())).await?;
    window.fill(&id("field-key"), KEY).await?;
    window.press(&id("keep-key")).await?;
    window
        .reads(&id("key-trouble"), "key store can’t be used")
        .await?;
    ensure!(
        window.value(&id("field-key")).await? == KEY,
        "what was typed stays"
    );
    Ok(())
}

#[tokio::test]
async fn a_live_key_goes_to_dojo_alone_and_what_is_asked_instead_stands_in_the_header() -> Result<()> {
    let (desktop, dojo) = (Desktop::start().await?, dojo(0).await?);
    let address = dojo.base_url();
    let environment = [desktop.environment(), ("HOLDFAST_DOJO_URL", address.as_str())];
    let window = Window::open_prepared(&environment, async |_| Ok(())).await?;
    window
        .fill(&id("field-key"), "sk_prod_invented_for_a_window_story")
        .await?;
    window.press(&id("keep-key")).await?;
    window
        .reads(&id("key-trouble"), "a live key is sent to Dojo alone")
        .await?;
    ensure!(!window.data.join("live/ledger.db").exists(), "it was opened");
    keep_key(&window).await?;
    window.reads(&id("instead-of-dojo"), &address).await?;
    let asked = dojo.truth()?["requests"].to_string();
    ensure!(
        !asked.contains("sk_prod"),
        "the program there was told the live key"
    );
    window.shot("instead-of-dojo").await
}

#[tokio::test]
async fn another_key_is_confirmed_in_words_and_stands_in_the_change_log() -> Result<()> {
    let (desktop, dojo) = (Desktop::start().await?, dojo(0).await?);
    let address = dojo.base_url();
    let environment = [desktop.environment(), ("HOLDFAST_DOJO_URL", address.as_str())];
    let mut window = Window::open_prepared(&environment, async |_| Ok(())).await?;
    keep_key(&window).await?;
    window.press(&id("screen-floor")).await?;
    open(&window, "Room 6").await?;
    window.press(&id("screen-settings")).await?;
    window.press(&id("section-mode")).await?;
    window
        .fill(&id("field-key"), "sk_sandbox_the_second_one_5678")
        .await?;
    window.press(&id("keep-key")).await?;
    window.reads(&id("key-change"), "sk_sandbox_…5678").await?;
    window.shot("key-change").await?;
    window.fill(&id("field-confirm"), "yes").await?;
    window.press(&id("keep-key")).await?;
    window.reads(&id("field-error"), "change key").await?;
    window.fill(&id("field-confirm"), "change key").await?;
    window.press(&id("keep-key")).await?;
    window.reads(&id("toast"), "Dojo answers").await?;
    window.press(&id("screen-floor")).await?;
    window.press(&id("screen-settings")).await?;
    window.press(&id("section-changes")).await?;
    window
        .reads(
            &id("settings-changes"),
            "the Dojo key from “sk_sandbox_…ests” to “sk_sandbox_…5678”",
        )
        .await?;
    // It is the key of the next start too, and of this data folder alone.
    window.restart().await?;
    window.reads(&id("mode-badge"), "SANDBOX").await?;
    ensure!(window.data.join("till-id").exists(), "the folder has no number");
    Ok(())
}

/// Orders a fault for the next requests of a kind.
async fn fault(address: &str, operation: &str, fault: &str) -> Result<()> {
    let order = json!({"operation": operation, "fault": fault, "times": 50});
    let url = format!("{address}/_simulator/faults");
    let answer = reqwest::Client::new().post(url).json(&order).send().await?;
    answer.error_for_status()?;
    Ok(())
}

#[tokio::test]
async fn a_slow_dojo_keeps_nothing_waiting_while_a_key_is_changed() -> Result<()> {
    let (desktop, dojo) = (Desktop::start().await?, dojo(0).await?);
    let address = dojo.base_url();
    let environment = [desktop.environment(), ("HOLDFAST_DOJO_URL", address.as_str())];
    let window = Window::open_prepared(&environment, async |_| Ok(())).await?;
    keep_key(&window).await?;
    window.press(&id("screen-floor")).await?;
    open(&window, "Room 7").await?;
    fault(&address, "get", "stall").await?;
    // The key is looked up first, which takes Dojo half a minute; whatever else staff do meanwhile comes at once.
    let script = "const [key, done] = arguments
        const ask = window.__TAURI_INTERNALS__.invoke
        ask('enter_key', { key, confirm: null }).catch(() => {})
        const begun = Date.now()
        setTimeout(() => ask('floor', {}).then(() => done(Date.now() - begun)), 500)";
    let body = json!({ "script": script, "args": ["sk_sandbox_the_second_one_5678"] });
    let took = window.call(reqwest::Method::POST, "/execute/async", body).await?;
    let took = took.as_u64().context("no time")?;
    ensure!(took < 5_000, "the floor came after {took} ms");
    Ok(())
}

#[tokio::test]
async fn a_key_that_of_another_account_closes_the_mode_and_says_so() -> Result<()> {
    let (desktop, first) = (Desktop::start().await?, dojo(0).await?);
    let address = first.base_url();
    let environment = [desktop.environment(), ("HOLDFAST_DOJO_URL", address.as_str())];
    let mut window = Window::open_prepared(&environment, async |_| Ok(())).await?;
    keep_key(&window).await?;
    window.press(&id("screen-floor")).await?;
    open(&window, "Room 8").await?;
    window.close().await?;
    // The ledger worked with another key since: the one in the key store isn't known to be of its account.
    // Its folder is free a moment after the window has gone.
    let free = async || Ok(desk(&window.data, &first).ok());
    let ((desk, _), _) = within(PATIENCE, "the folder", free).await?;
    let client = client(&first, "sk_sandbox_the_second_one_5678")?;
    desk.opened_with(&client, "sk_sandbox_…5678").await?;
    drop(desk);
    let port = address.rsplit(':').next().context("no port")?.parse()?;
    first.shutdown().await;
    window.start().await?;
    window.reads(&id("banners"), "Dojo is offline").await?;
    window.reads("[data-name='Room 8']", "Room 8").await?;
    // Another account answers where the first one did.
    let _other = dojo(port).await?;
    window.reads(&id("notice"), "another Dojo account").await?;
    window.shot("another-account").await
}

/// As a person copies a folder.
fn copy(from: &Path, to: &Path) -> Result<()> {
    let done = std::process::Command::new("cp")
        .arg("-r")
        .args([from, to])
        .status()?;
    ensure!(done.success(), "the folder can't be copied");
    Ok(())
}

#[tokio::test]
async fn a_copied_data_folder_has_no_key_and_says_why() -> Result<()> {
    let (desktop, dojo) = (Desktop::start().await?, dojo(0).await?);
    let address = dojo.base_url();
    let environment = [desktop.environment(), ("HOLDFAST_DOJO_URL", address.as_str())];
    let mut window = Window::open_prepared(&environment, async |_| Ok(())).await?;
    keep_key(&window).await?;
    window.close().await?;
    let copied = Window::open_prepared(&environment, async |data: &Path| copy(&window.data, data)).await?;
    copied.reads(&id("notice"), "a copy of another one").await?;
    copied.shot("copied-folder").await?;
    keep_key(&copied).await?;
    // The one that it was copied from works on.
    window.start().await?;
    window.reads(&id("mode-badge"), "SANDBOX").await
}

#[tokio::test]
async fn the_key_is_removed_once_it_is_confirmed_in_words() -> Result<()> {
    let (desktop, dojo) = (Desktop::start().await?, dojo(0).await?);
    let address = dojo.base_url();
    let environment = [desktop.environment(), ("HOLDFAST_DOJO_URL", address.as_str())];
    let window = Window::open_prepared(&environment, async |_| Ok(())).await?;
    keep_key(&window).await?;
    window.press(&id("screen-settings")).await?;
    window.press(&id("section-mode")).await?;
    window.press(&id("ask-remove-key")).await?;
    window.reads(&id("remove-key-means"), "revoke it in").await?;
    window.shot("remove-key").await?;
    window.fill(&id("field-confirm-removal"), "yes").await?;
    window.press(&id("remove-key")).await?;
    window.reads(&id("field-error"), "remove key").await?;
    window.fill(&id("field-confirm-removal"), "remove key").await?;
    window.press(&id("remove-key")).await?;
    window.see(".welcome").await?;
    // Entered again, it works on, and both stand in the change log.
    keep_key(&window).await?;
    window.press(&id("screen-settings")).await?;
    window.press(&id("section-changes")).await?;
    window
        .reads(
            &id("settings-changes"),
            "the Dojo key from “sk_sandbox_…ests” to nothing",
        )
        .await?;
    window
        .reads(
            &id("settings-changes"),
            "the Dojo key from nothing to “sk_sandbox_…ests”",
        )
        .await
}
